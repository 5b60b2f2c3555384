/* SPDX-License-Identifier: Apache-2.0 */
/* Warnings that needn't be told of a site: it says so itself, by their names. */
#ifndef OSG_SILENCE_H
#define OSG_SILENCE_H

struct osg_problems;
struct osg_silences;

/* Drops what SILENCES name, and remembers which of them were of use. To be called again when there
 * are new problems. */
void osg_silence(struct osg_problems *problems, struct osg_silences *silences);

/* Adds a warning for each that was of no use so far. */
void osg_silence_idle(struct osg_problems *problems, const struct osg_silences *silences);

#endif
