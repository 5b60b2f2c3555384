/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OSG_CONFIRM_H
#define OSG_CONFIRM_H

#include <stdint.h>

struct osg_keep;

enum osg_answer {
    OSG_ANSWER_KEEP,    /* the new file stays */
    OSG_ANSWER_BACK,    /* somebody wants the old one */
    OSG_ANSWER_SILENCE, /* nobody said a word in time */
    OSG_ANSWER_LOST     /* the terminal is gone, or a signal came */
};

/* Asks whether the new file, whose trial it is, shall stay: on the terminal, if standard input is
 * one, and any osgen try --confirm. Nobody who was cut off can answer by it: a lost terminal and
 * the end of the input are no consent. */
enum osg_answer osg_confirm(const struct osg_keep *keep, uint32_t limit_ms);

#endif
