/* SPDX-License-Identifier: Apache-2.0 */
/* What one session asked and heard so far: an observation in the making, and its bodies. */
#ifndef OSB_TRANSCRIPT_H
#define OSB_TRANSCRIPT_H

#include "core/observation.h"

#include <stdbool.h>

struct osb_transcript {
    struct osb_observation observation;
    char *bodies[OSB_QUESTIONS];      /* owned; observation points at them */
    uint64_t asked_at[OSB_QUESTIONS]; /* ms; meaningful while pending */
    bool pending[OSB_QUESTIONS];      /* asked, no outcome yet */
};

void osb_transcript_clear(struct osb_transcript *transcript); /* frees the bodies */

void osb_transcript_ask(struct osb_transcript *transcript, enum osb_question question);

/* Appends to the body of a pending answer. False, and nothing is kept, if it would become longer
 * than OSB_BODY_MAX. */
bool osb_transcript_add_body(struct osb_transcript *transcript, enum osb_question question,
                             const char *bytes, size_t length);

/* Settles a pending question. Later words on the same question are ignored. */
void osb_transcript_answer(struct osb_transcript *transcript, enum osb_question question,
                           enum osb_outcome outcome, unsigned status);

/* Keeps, of outcomes that want them, the words with which a question came to its end. */
void osb_transcript_say(struct osb_transcript *transcript, enum osb_question question,
                        enum osb_outcome outcome, const char *words);

/* The deadline: what is still pending was silent. */
void osb_transcript_expire(struct osb_transcript *transcript);

#endif
