/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OSG_USAGE_H
#define OSG_USAGE_H

struct osg_command;
struct osg_text;

/* Adds "usage: osgen render [OPTION]... TOPOLOGY", the one line. */
void osg_usage_line(struct osg_text *text, const struct osg_command *command);

/* Adds the page of one command. */
void osg_usage_command(struct osg_text *text, const struct osg_command *command);

/* Adds the page of osgen itself, with all commands. */
void osg_usage(struct osg_text *text);

#endif
