/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a single value looks like, for those who describe the language and read none of it: the
 * schema and the manual page. A form is as wide as its reader or wider, never narrower.
 */
#ifndef OSG_FORM_H
#define OSG_FORM_H

#include "grammar.h"
#include "base/choice.h"

struct osb_setting;

/* How YAML's own readers may see a value that is written without quotes; bits of osg_form.also. */
#define OSG_ALSO_NUMBER 1u /* a number */
#define OSG_ALSO_SWITCH 2u /* true or false */
#define OSG_ALSO_ANY    3u

/* Writes NUMBER as a topology has it. Returns BUFFER. */
typedef char *osg_show_number(uint32_t number, char *buffer, size_t size);

struct osg_form {
    const char *words;     /* "a duration such as 500ms, 2s or 1m" */
    const char *pattern;   /* of its text, as JSON Schema has it (ECMA 262); NULL: any */
    unsigned also;         /* OSG_ALSO_ bits, beside a text */
    osg_show_number *show; /* how a person writes its number; NULL: it is none, and has no range */
    osg_choices *choices;  /* the only values, in any case of letters, beside what pattern lets
                              pass if there is one; NULL: any */
};

/* The forms of handlers that only one key has. */
extern const struct osg_form osg_form_method, osg_form_listen, osg_form_admission, osg_form_url,
    osg_form_peer_url, osg_form_switch, osg_form_mail, osg_form_silence, osg_form_root,
    osg_form_satisfy, osg_form_protocol, osg_form_agreement, osg_form_authority, osg_form_days,
    osg_form_sticky, osg_form_skew;

/* Those that a key of its own handler may share with others. */
extern const struct osg_form osg_form_number, osg_form_duration, osg_form_seconds;

/* Of a key's single value: what the key says, or what its handler and its check stand for. */
const struct osg_form *osg_form_of(const struct osg_key *key);

/* The row of core's settings that is KEY's value; NULL: it is none of them. */
const struct osb_setting *osg_setting_of(const struct osg_key *key);

/* Of one of core's settings. */
const struct osg_form *osg_form_of_setting(const struct osb_setting *setting);

#endif
