/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every kind of problem by its code: stable, so that a script or a search finds it, with a name by
 * which a warning can be silenced and an explanation. The number of a code that is gone is never
 * given to another one.
 */
#ifndef OSG_CODES_H
#define OSG_CODES_H

#include "base/choice.h"

enum osg_severity {
    OSG_ERROR,  /* nothing is rendered */
    OSG_WARNING /* it can be rendered, and somebody should look at it */
};

/* Each has a row in the file of its group; the number is shown as OSG0101. */
enum osg_code {
    OSG_NO_CODE = 0, /* of a file that is no topology: it is told without one */
    /* codes_input.c */
    OSG_UNREADABLE_FILE = 101,
    OSG_NOT_TEXT = 102,
    OSG_BAD_YAML = 103,
    OSG_YAML_FEATURE = 104,
    OSG_SECOND_DOCUMENT = 105,
    OSG_EMPTY_FILE = 106,
    OSG_TOO_LARGE = 107,
    OSG_DUPLICATE_KEY = 108,
    OSG_INCLUDE_LOOP = 109,
    OSG_TAB_INDENT = 110,
    OSG_BAD_INDENT = 111,
    OSG_NO_COLON = 112,
    OSG_BARE_STAR = 113,
    OSG_WANTS_QUOTES = 114,
    OSG_UNCLOSED = 115,
    /* codes_shape.c */
    OSG_NOT_A_MAPPING = 201,
    OSG_UNKNOWN_KEY = 202,
    OSG_MISSING_KEY = 203,
    OSG_NO_VALUE = 204,
    OSG_WRONG_KIND = 205,
    OSG_EMPTY_LIST = 206,
    /* codes_value.c */
    OSG_BAD_VALUE = 301,
    OSG_NOT_A_CHOICE = 302,
    OSG_BAD_NUMBER = 303,
    OSG_ZERO_WEIGHT = 304,
    OSG_BAD_HOST = 305,
    OSG_BAD_PATH = 306,
    OSG_BAD_FILE = 307,
    OSG_BAD_URL = 308,
    OSG_BAD_LISTEN = 309,
    OSG_BAD_ADDRESS = 310,
    OSG_BAD_SETTING = 311,
    OSG_BAD_COOKIE = 312,
    OSG_BAD_SECRET = 313,
    OSG_UNREADABLE_SECRET = 314,
    OSG_BAD_RAW = 315,
    OSG_BAD_SILENCE = 316,
    OSG_NOT_A_SWITCH = 317,
    OSG_BARE_SWITCH = 318,
    OSG_NO_VARIABLE = 319,
    /* codes_conflict.c */
    OSG_DUPLICATE_URL = 401,
    OSG_URL_PREFIX = 402,
    OSG_DUPLICATE_NAME = 403,
    OSG_DUPLICATE_ROUTE = 404,
    OSG_DUPLICATE_ENTRY = 405,
    OSG_HIDDEN_PAGE = 406,
    OSG_TWO_SECRETS = 407,
    OSG_IDLE_SECRET = 408,
    OSG_HEALTH_ORDER = 409,
    OSG_NEEDS_HEALTH = 410,
    OSG_NEEDS_LEAST_TIME = 411,
    OSG_NO_CERTIFICATE = 412,
    OSG_MANAGED_FILES = 413,
    OSG_MANAGED_TERMS = 414,
    OSG_MANAGED_NAME = 415,
    OSG_REDIRECT_PORT = 416,
    OSG_PAIR_HOSTS = 417,
    OSG_PAIR_PRIORITY = 418,
    OSG_PAIR_KINDS = 419,
    OSG_PAIR_CHECK_PORT = 420,
    OSG_SAME_SITE = 421,
    OSG_SAME_CHECK_PORT = 422,
    OSG_SAME_ROUTER = 423,
    OSG_SAME_ADDRESS = 424,
    OSG_SAME_JOB = 425,
    OSG_SERVER_SETTINGS = 426,
    OSG_NEEDS_STICKY = 430,
    OSG_FEW_ATTEMPTS = 431,
    OSG_IDLE_SATISFY = 432,
    /* codes_risk.c */
    OSG_OPEN_STATUS_PAGE = 501,
    OSG_NO_AJP_SECRET = 502,
    OSG_READABLE_SECRET = 503,
    OSG_PLAIN_PASSWORD = 504,
    OSG_PLAIN_PORT_443 = 505,
    OSG_SAML_WITHOUT_TLS = 506,
    OSG_SAML_STICKY = 507,
    OSG_HOST_LOOKUP = 508,
    OSG_ALL_DISABLED = 509,
    OSG_PAIR_NOT_REACHED = 510,
    OSG_PAIR_BIND = 511,
    /* codes_lint.c */
    OSG_PLAIN_HTTP = 601,
    OSG_ONE_MEMBER = 602,
    OSG_FEW_THREADS = 603,
    OSG_FEW_THREADS_LEFT = 604,
    OSG_FEW_CONNECTIONS = 605,
    OSG_IDLE_THREADS = 606,
    OSG_LONG_CONNECT = 607,
    OSG_SLOW_CHECK = 608,
    OSG_LATE_CHECK = 609,
    OSG_IDLE_SILENCE = 610,
    OSG_SHARED_LOG = 611,
    OSG_WIDER_NAME = 612,
    OSG_UNVERIFIED_HTTPS = 613,
    OSG_NO_CHECKS = 614,
    OSG_NO_FAILOVER = 615,
    OSG_ONE_HOST = 616,
    OSG_SHORT_SECRET = 617,
    OSG_IDLE_RETRIES = 618,
    OSG_PAIR_MANAGED = 619,
    OSG_UNSEEN_PAGE = 620,
    OSG_PLAIN_MEMBER = 621,
    OSG_PLAIN_LDAP = 622,
};

/* Texts are plain words without line feeds; a blank line is "\n\n". */
struct osg_code_row {
    enum osg_code code;
    const char *name;  /* "no-ajp-secret", at most 20 letters */
    const char *title; /* what it is, in one line */
    const char *why;   /* why it matters, in sentences */
    const char *mend;  /* how it is mended */
};

struct osg_code_group {
    const char *title;               /* "Reading the file" */
    enum osg_severity severity;      /* of all its rows */
    const struct osg_code_row *rows; /* by number */
    size_t count;                    /* of rows */
};

/* By number; NULL ends the list. */
extern const struct osg_code_group *const osg_code_groups[];

/* The groups; each in its own file. */
extern const struct osg_code_group osg_input_codes, osg_shape_codes, osg_value_codes,
    osg_conflict_codes, osg_risk_codes, osg_lint_codes;

/* A row and the group that it is of. */
struct osg_code_found {
    const struct osg_code_group *group; /* NULL: there is none */
    const struct osg_code_row *row;     /* the same */
};

/* The row of CODE, which has one. */
struct osg_code_found osg_code_of(enum osg_code code);

/* The row by its name or by "OSG0101", in any case of letters. */
struct osg_code_found osg_code_find(const char *text);

/* The one of CHOICES that TEXT was most likely meant to be, or NULL. */
const char *osg_code_nearest(const char *text, osg_choices *choices);

/* Room for "OSG0101". */
#define OSG_CODE_LABEL 16

/* Writes it. Returns BUFFER. */
char *osg_code_label(enum osg_code code, char buffer[OSG_CODE_LABEL]);

/* The names of all codes, and of the warnings alone. */
osg_choices osg_code_choice, osg_warning_choice;

/* The names of all codes, and behind them their labels. */
osg_choices osg_code_word_choice;

#endif
