/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files about osgen that its installation puts in their places: manual pages and what shells need
 * to complete a command line. They are made from the tables that read command lines and topologies.
 */
#ifndef OSG_PAGES_H
#define OSG_PAGES_H

#include "base/choice.h"

struct osg_text;

/* Adds the manual page osgen(1) or osgen-topology(5), for man(1) to format. */
void osg_man_osgen(struct osg_text *text);
void osg_man_topology(struct osg_text *text);

/* Adds what bash or zsh sources to complete osgen's command lines. */
void osg_complete_bash(struct osg_text *text);
void osg_complete_zsh(struct osg_text *text);

#endif
