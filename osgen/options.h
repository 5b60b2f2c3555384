/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OSG_OPTIONS_H
#define OSG_OPTIONS_H

struct osb_message;
struct osg_arguments;
struct osg_command;

enum osg_options_result {
    OSG_OPTIONS_READ, /* the arguments are good */
    OSG_OPTIONS_HELP, /* --help or -h was among them */
    OSG_OPTIONS_BAD   /* WHY says what isn't understood */
};

/* Reads the COUNT words behind a command's name: -o FILE, -oFILE, --output FILE, --output=FILE in
 * any order, one operand or as many as the command takes, the value of an option that leads before
 * it, and -- before an operand that begins with a dash. */
enum osg_options_result osg_options_read(const struct osg_command *command, int count,
                                         char *const *words, struct osg_arguments *given,
                                         struct osb_message *why);

#endif
