/* SPDX-License-Identifier: Apache-2.0 */
/* What the parts of adopt share: a tree of directives, the topology that it becomes, and marks on
 * what has been understood. A part takes what it knows; adopt_rest.c has what nobody took. */
#ifndef OSG_ADOPT_PARTS_H
#define OSG_ADOPT_PARTS_H

#include "adopt.h"
#include "conf.h"
#include "topology/topology.h"

struct osg_text;

/* The most aliases, addresses or rules of one kind that are looked at. */
#define OSG_ADOPT_WORDS 256

/* The ProxyPass by which users come to the instances. */
struct osg_mapping {
    struct osg_conf *conf;         /* the directive */
    const char *path;              /* where users see them, no slash at its end; "": everywhere */
    const char *balancer;          /* the balancer's name; NULL: one instance by itself */
    const char *target;            /* the URL of that one, else NULL */
    const char *suffix;            /* what is put behind a member's URL, no slash at its end */
    const char *const *parameters; /* what stands behind the target */
    size_t count;                  /* how many */
};

/* Of loadfactor=1: two decimals of it count. */
#define OSG_WHOLE_SHARE 100u

/* What a member's directive says beside what an instance has. */
struct osg_adopt_member {
    struct osg_conf *conf;         /* the directive */
    uint32_t timeout_ms;           /* 0: not given */
    uint32_t connect_timeout_ms;   /* the same */
    uint32_t share;                /* of the requests, beside those of others */
    const char *loadfactor;        /* the parameter that says so; NULL: not given */
    const char *retry;             /* as written; NULL: not given */
    const char *route;             /* the same */
    const char *label;             /* what the comment before it calls the instance, or NULL */
    struct osg_instance *instance; /* what it becomes */
    struct osg_adopt_member *next; /* in the order of the file */
};

struct osg_adoption {
    struct osg_arena *arena;
    struct osg_problems *problems;
    const struct osg_source *source;
    struct osg_topology *topology; /* defaults, and what has been read so far */
    struct osg_conf *file;         /* everything */
    struct osg_conf *site;         /* the site's virtual host, or the file itself */
    struct osg_conf *redirect;     /* the virtual host that leads to it; NULL: none */
    bool shown_plainly;            /* or shows it, without TLS */
    struct osg_mapping mapping;
    struct osg_adopt_member *members; /* the first */
    struct osg_text *parameters;      /* of the balancer, that have no key: words of a ProxySet */
    const struct osg_conf *parameters_at; /* where the last of them stood */
    struct osg_text *raw;                 /* what a rendering had under raw: */
    bool own;                             /* osgen wrote it: what it doesn't say is off */
    bool module; /* somebody who knows mod_os_balancer did: the same of that */
};

/* Reads CONF. Returns whether nothing of it is left. */
typedef bool osg_adopt_read(struct osg_adoption *adoption, struct osg_conf *conf);

struct osg_adopt_row {
    const char *name;
    osg_adopt_read *read;
};

/* ---- adopt_walk.c ---- */

/* The directive or section of SECTION that follows AT and isn't taken; the first if AT is NULL;
 * NULL: no more. What stands in an <IfModule> or the like whose condition may be taken to hold
 * belongs to SECTION. */
struct osg_conf *osg_adopt_next(const struct osg_conf *section, struct osg_conf *at);

/* Is it a condition's section, of which OSG_ADOPT_NEXT shows what is inside? */
bool osg_adopt_is_open(const struct osg_conf *conf);

/* Is it a condition's section for servers of another age, which no httpd reads that osgen is for?
 */
bool osg_adopt_is_dead(const struct osg_conf *conf);

/* Reads each directive of SECTION that has a row. */
void osg_adopt_rows(struct osg_adoption *adoption, struct osg_conf *section,
                    const struct osg_adopt_row *rows, size_t count);

/* Says what of CONF is left out, and returns true: it is dealt with. */
__attribute__((format(printf, 3, 4))) bool osg_adopt_lose(struct osg_adoption *adoption,
                                                          const struct osg_conf *conf,
                                                          const char *format, ...);

/* The word at INDEX as a value of WORD. */
struct osg_word osg_adopt_word(const struct osg_conf *conf, size_t index);

/* Does CONF have just one word, and can a topology hold it? */
bool osg_adopt_is_one(struct osg_adoption *adoption, const struct osg_conf *conf);

/* Can a topology hold TEXT: UTF-8 without control characters? */
bool osg_adopt_is_clean(struct osg_adoption *adoption, const char *text);

/* Is the word at INDEX called NAME, in any case of letters? No if there is none. */
bool osg_adopt_has(const struct osg_conf *conf, size_t index, const char *name);

/* Finds the site's virtual host, the one that leads to it and the mapping; adopt_survey.c. */
bool osg_adopt_survey(struct osg_adoption *adoption, const char *site);

/* Is the virtual host HOST called SITE, or nothing? */
bool osg_adopt_is_called(struct osg_adoption *adoption, struct osg_conf *host, const char *site);

/* Says why no virtual host was found, and returns false; adopt_none.c. */
bool osg_adopt_tell_none(struct osg_adoption *adoption, const char *site);

/* Makes a ProxyPass of what says no more, in SECTION and its virtual hosts; adopt_plain.c. */
void osg_adopt_plain(struct osg_adoption *adoption, struct osg_conf *section);

/* ---- adopt_mapping.c ---- */

/* Reads a ProxyPass into MAPPING. False: it leads to no instance. */
bool osg_adopt_mapping(struct osg_adoption *adoption, struct osg_conf *conf,
                       struct osg_mapping *mapping);

/* Of HOST's mappings the one that is most likely OpenSpecimen's; no conf: it has none. */
struct osg_mapping osg_adopt_best(struct osg_adoption *adoption, struct osg_conf *host);

/* ---- adopt_balancer.c ---- */

/* The balancer and its members. */
bool osg_adopt_balancer(struct osg_adoption *adoption);

/* Is SECTION a <Proxy> of the site's own balancer, or of the one instance? */
bool osg_adopt_is_ours(const struct osg_adoption *adoption, const struct osg_conf *section);

/* What OSBalancerHealth and OSBalancerFailover say; adopt_checks.c. */
void osg_adopt_checks(struct osg_adoption *adoption, struct osg_conf *section);

/* ---- adopt_member.c ---- */

/* Makes an instance of the URL that CONF has at INDEX, and of the parameters behind it. NULL: it
 * isn't one, which is told. */
struct osg_adopt_member *osg_adopt_member(struct osg_adoption *adoption, struct osg_conf *conf,
                                          size_t index);

/* Reads the words of CONF from INDEX on as parameters of MEMBER. */
void osg_adopt_member_set(struct osg_adoption *adoption, struct osg_adopt_member *member,
                          const struct osg_conf *conf, size_t index);

/* A time as mod_proxy has it, with or without a unit. */
bool osg_adopt_time(const char *text, uint32_t *ms);

/* What follows from all members together: times, names and contexts; adopt_members.c. */
void osg_adopt_members(struct osg_adoption *adoption);

/* How many of the requests they get; adopt_weights.c. */
void osg_adopt_weights(struct osg_adoption *adoption);

/* How long members may take; adopt_times.c. */
void osg_adopt_times(struct osg_adoption *adoption);

/* ---- the others, each in its own file ---- */

/* Names and addresses of the site, which is called SITE if it has no name; adopt_names.c. */
void osg_adopt_names(struct osg_adoption *adoption, const char *site);

/* Its logs and manners; instances and names are known. adopt_site.c */
void osg_adopt_site(struct osg_adoption *adoption);

/* The greatest upload that its rules let pass; adopt_upload.c. */
void osg_adopt_upload(struct osg_adoption *adoption);

/* Does the site speak TLS? adopt_tls.c */
void osg_adopt_engine(struct osg_adoption *adoption);

/* How it does, and what leads to it; addresses are known. */
void osg_adopt_tls(struct osg_adoption *adoption);

/* A certificate that mod_md gets, if there is one; adopt_managed.c. */
void osg_adopt_managed(struct osg_adoption *adoption);

/* TLS to the instances, which are known; adopt_upstream.c. */
void osg_adopt_upstream(struct osg_adoption *adoption);

/* The pages for administrators; adopt_pages.c. */
void osg_adopt_pages(struct osg_adoption *adoption);

/* Which paths go where; adopt_paths.c. */
void osg_adopt_paths(struct osg_adoption *adoption);

/* Is PATTERN the context alone: "^/a\.b$" for /a.b? */
bool osg_adopt_is_bare_context(const struct osg_adoption *adoption, const char *pattern);

/* What leads to the context, and what of the kind stays; pages are known. adopt_redirect.c */
void osg_adopt_redirect(struct osg_adoption *adoption);

/* Who may come in, by the rules of SECTION; adopt_access.c. REALM is osgen's own. */
enum osg_adopt_rules {
    OSG_RULES_NONE,  /* there is none */
    OSG_RULES_GOOD,  /* ACCESS has them, and they are taken */
    OSG_RULES_LOCAL, /* the same, and they are for this machine alone */
    OSG_RULES_BAD    /* a topology can't say what they say; nothing is taken */
};
enum osg_adopt_rules osg_adopt_access(struct osg_adoption *adoption, struct osg_conf *section,
                                      const char *realm, struct osg_access *access);

/* Does CONF say who may come in? */
bool osg_adopt_is_rule(const struct osg_conf *conf);

/* An address or network of any form that httpd takes, in the one that a topology has; NULL: it is
 * none. "all" is every address. adopt_network.c */
const char *osg_adopt_network(struct osg_arena *arena, const char *text);

/* Takes what stands under raw: in what osgen rendered; adopt_raw.c. */
void osg_adopt_raw(struct osg_adoption *adoption);

/* Is there anything left of CONF that nobody took? adopt_tell.c */
bool osg_adopt_is_left(const struct osg_conf *conf);

/* Tells what is left outside of the site's virtual host. */
void osg_adopt_tell(struct osg_adoption *adoption);

/* What nobody took: under raw:, or told. Returns the lines that are under raw:, in words; NULL:
 * none. adopt_rest.c */
const char *osg_adopt_rest(struct osg_adoption *adoption);

#endif
