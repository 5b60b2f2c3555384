/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A command is a const struct: its usage text, its help and the reading of its arguments are all
 * made from it.
 */
#ifndef OSG_COMMAND_H
#define OSG_COMMAND_H

#include "base/choice.h"

struct osg_text;

#define OSG_OPTIONS_MAX  8
#define OSG_OPERANDS_MAX 256

struct osg_option {
    char letter;          /* 'o'; 0: none */
    const char *name;     /* "output" */
    const char *argument; /* "FILE"; NULL: the option takes none */
    const char *help;     /* one line */
    osg_choices *choices; /* the only values that it may have; NULL: it may have any */
    bool repeats;         /* may it be given more than once? One of a command's options may be */
    bool required;        /* does the command need it? It says so itself */
    bool leads;           /* may its value, a choice, stand as a word before the operand, too? */
};

/* What a command was called with. */
struct osg_arguments {
    const char *values[OSG_OPTIONS_MAX]; /* by place in the command's options; NULL: not given, ""
                                            if it takes no argument */
    const char *repeated[OSG_OPERANDS_MAX]; /* all values of the option that repeats */
    size_t repeated_count;                  /* how many */
    const char *operand;                    /* what stands beside the options; NULL: nothing */
    const char *operands[OSG_OPERANDS_MAX]; /* all of it, if the command takes more than one */
    size_t operand_count;                   /* how many */
};

struct osg_command {
    const char *name;                              /* "render" */
    const char *operand;                           /* what it works on, "TOPOLOGY" */
    osg_choices *choices;                          /* what it may be; NULL: the command knows */
    bool operand_optional;                         /* may it be left out? */
    bool operand_repeats;                          /* may there be more than one? */
    const char *summary;                           /* one line */
    const char *help;                              /* paragraphs for its own help page */
    const struct osg_option *options;              /* NULL: none but --help */
    size_t option_count;                           /* at most OSG_OPTIONS_MAX */
    int (*run)(const struct osg_arguments *given); /* returns an enum osg_exit */
};

/* The option whose value may stand before the operand, by its place, or -1. */
int osg_command_leader(const struct osg_command *command);

/* In the order of the help page; NULL ends the list. */
extern const struct osg_command *const osg_commands[];

/* The command of that name, or NULL. */
const struct osg_command *osg_command_find(const char *name);

/* Their names. */
osg_choices osg_command_choice;

/* The commands; each in its own file. */
extern const struct osg_command osg_init_command, osg_render_command, osg_check_command,
    osg_explain_command, osg_diff_command, osg_try_command, osg_apply_command, osg_probe_command,
    osg_graph_command, osg_schema_command, osg_help_command, osg_adopt_command;

#endif
