/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The topology language, as tables of keys. A mapping is read by walking its table; whatever takes
 * a mapping takes a bare value or list too, as a short form of the mapping's first key:
 * "site: os.example.org" is "site: {name: os.example.org}".
 */
#ifndef OSG_GRAMMAR_H
#define OSG_GRAMMAR_H

#include "problem/codes.h"
#include "yaml/node.h"
#include "yaml/switch.h"

#include <stdbool.h>

struct osg_arena;
struct osg_form;
struct osg_key;
struct osg_problems;
struct osg_topology;
struct osb_message;
struct osb_setting;

/* What a value may be; bits of osg_key.takes. */
#define OSG_TAKES_NULL    1u
#define OSG_TAKES_SCALAR  2u
#define OSG_TAKES_LIST    4u
#define OSG_TAKES_MAPPING 8u

/* What reading needs from its surroundings. */
struct osg_reader {
    struct osg_arena *arena;       /* where the model lives */
    struct osg_problems *problems; /* what was found wrong */
    struct osg_source *source;     /* the topology, with what it includes behind it */
    uint64_t warned;               /* a bit for each source whose open secrets were told of */
};

/* Reads VALUE into FIELD, or adds a problem and leaves the default there. */
typedef void osg_read_field(struct osg_reader *reader, const struct osg_key *key,
                            const struct osg_node *value, void *field);

/*
 * What stands inside of a value is told twice: to the handler, which knows it, and in inside, rows
 * and form for those who describe the language (schema, manual page).
 */
struct osg_key {
    const char *name;     /* as written, "listen" */
    unsigned takes;       /* OSG_TAKES_ bits; a value of another kind never reaches read */
    bool required;        /* is its absence a problem? */
    size_t offset;        /* of the field in the struct that the mapping describes */
    osg_read_field *read; /* the handler */
    uint32_t min;         /* a number's least value, a duration's in ms */
    uint32_t max;         /* the greatest */
    bool (*check)(const char *text, struct osb_message *why); /* is a text good? NULL: any is */
    enum osg_code code;                                       /* of one that isn't; 0: bad-value */
    const char *help;                                         /* one line for reference pages */
    const struct osg_grammar *inside; /* of the mapping that it takes; if it takes lists and no
                                         mapping, of the list's items; NULL: neither */
    const struct osb_setting *rows;   /* of the mapping that it takes, one of core's tables; if it
                                         takes no mapping, the table that has its key; or NULL */
    const size_t *row_count;          /* of rows */
    const struct osg_form *form;      /* of a single value; NULL: its handler's, see form.h */
};

struct osg_grammar {
    const char *name;           /* of what it describes, as messages call it: "site" */
    const struct osg_key *keys; /* the first is the one that a bare value stands for */
    size_t count;               /* how many */
};

extern const struct osg_grammar osg_topology_grammar, osg_site_grammar, osg_access_grammar,
    osg_tls_grammar, osg_managed_grammar, osg_instance_grammar, osg_balance_grammar,
    osg_admin_grammar, osg_server_grammar, osg_peers_grammar, osg_capacity_grammar,
    osg_pair_grammar, osg_host_grammar;

/* Reads VALUE, a mapping or the short form, into TARGET. */
void osg_read_mapping(struct osg_reader *reader, const struct osg_grammar *grammar,
                      const struct osg_node *value, void *target);

/* Whose key is NAME: "balance.health", or several such, "balance or peers"; NULL: nobody's. */
const char *osg_belongs_to(struct osg_arena *arena, const char *name);

/* Adds "unknown key" with where it belongs, the one that was probably meant, or all that are
 * accepted. */
void osg_unknown_key(struct osg_reader *reader, const struct osg_node *key, const char *where,
                     const char *const *names, size_t count);

/* Does VALUE's kind fit? Adds a problem if not; an OSG_NODE_BAD doesn't fit, and has its own. */
bool osg_value_fits(struct osg_reader *reader, const char *name, unsigned takes,
                    const struct osg_node *value);

/* The handler of keys with a mapping: its field is the struct that the mapping describes. */
osg_read_field osg_read_part;

/* Handlers for fields of these types; fields.c. */
osg_read_field osg_read_word;   /* struct osg_word */
osg_read_field osg_read_words;  /* struct osg_words: one, or a list of at least one */
osg_read_field osg_read_page;   /* struct osg_word: a path, or a switch, whose on is the default */
osg_read_field osg_read_file;   /* struct osg_word: a file that httpd opens */
osg_read_field osg_read_number; /* uint32_t */
osg_read_field osg_read_amount; /* struct osg_amount */
osg_read_field osg_read_size;   /* uint32_t, bytes */
osg_read_field osg_read_duration; /* uint32_t, ms */
osg_read_field osg_read_seconds;  /* the same, but whole seconds */
osg_read_field osg_read_switch;   /* bool */

/* The same for who may come in; read_access.c. */
osg_read_field osg_read_admissions; /* struct osg_admissions: one, or a list */
osg_read_field osg_read_satisfy;    /* struct osg_satisfy */

/* struct osg_silences: warnings by name, one or a list; silence.c. */
osg_read_field osg_read_silence;

/* For balance.sticky: struct osg_word, the cookie's name, or on or off; sticky.c. */
osg_read_field osg_read_sticky;

/* For raw: struct osg_word, lines of httpd's; read_raw.c. */
osg_read_field osg_read_raw;

/* Is VALUE meant as a word? Adds a problem if it is one of a switch's without quotes. */
bool osg_is_word(struct osg_reader *reader, const struct osg_key *key,
                 const struct osg_node *value);

/* Calls EACH for every scalar of VALUE, which is one scalar or a list of at least one; others get
 * a problem. Returns how many calls were made. */
size_t osg_each_scalar(struct osg_reader *reader, const struct osg_key *key,
                       const struct osg_node *value,
                       void (*each)(struct osg_reader *reader, const struct osg_key *key,
                                    const struct osg_node *scalar, void *list),
                       void *list);

/* Reads a whole document into TOPOLOGY, which has its defaults; the top of the grammar. */
void osg_read_topology(struct osg_reader *reader, const struct osg_node *root,
                       struct osg_topology *topology);

#endif
