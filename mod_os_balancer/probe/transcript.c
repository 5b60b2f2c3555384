/* SPDX-License-Identifier: Apache-2.0 */
#include "transcript.h"
#include "core/text.h"
#include "wire.h"

#include <stdlib.h>
#include <string.h>

void osb_transcript_clear(struct osb_transcript *transcript)
{
    for (int i = 0; i < OSB_QUESTIONS; i++)
        free(transcript->bodies[i]);
    *transcript = (struct osb_transcript){.pending = {false}};
}

void osb_transcript_ask(struct osb_transcript *transcript, enum osb_question question)
{
    transcript->pending[question] = true;
    transcript->asked_at[question] = osb_wire_now();
}

/* Room for a body of LENGTH bytes; it doubles, since a body may come in tiny pieces. */
static size_t body_room(size_t length)
{
    size_t room = 512;

    while (room < length)
        room *= 2;
    return room;
}

static char *make_body_room(char *body, size_t old_length, size_t length)
{
    if (body != NULL && body_room(old_length) == body_room(length))
        return body;
    return realloc(body, body_room(length));
}

bool osb_transcript_add_body(struct osb_transcript *transcript, enum osb_question question,
                             const char *bytes, size_t length)
{
    struct osb_answer *answer = &transcript->observation.answers[question];
    char *longer;

    if (!transcript->pending[question] || length > OSB_BODY_MAX - answer->body_length)
        return false;
    longer = make_body_room(transcript->bodies[question], answer->body_length,
                            answer->body_length + length);
    if (longer == NULL)
        return false;
    memcpy(longer + answer->body_length, bytes, length);
    transcript->bodies[question] = longer;
    answer->body = longer;
    answer->body_length += length;
    return true;
}

void osb_transcript_answer(struct osb_transcript *transcript, enum osb_question question,
                           enum osb_outcome outcome, unsigned status)
{
    struct osb_answer *answer = &transcript->observation.answers[question];

    if (!transcript->pending[question])
        return;
    transcript->pending[question] = false;
    answer->outcome = outcome;
    answer->status = outcome == OSB_ANSWERED ? status : 0;
    answer->ms = (uint32_t)(osb_wire_now() - transcript->asked_at[question]);
}

void osb_transcript_say(struct osb_transcript *transcript, enum osb_question question,
                        enum osb_outcome outcome, const char *words)
{
    struct osb_answer *answer = &transcript->observation.answers[question];

    if (outcome == OSB_UNTRUSTED || outcome == OSB_NO_TLS || outcome == OSB_LOCAL)
        osb_text_copy(answer->words, sizeof answer->words, words);
}

void osb_transcript_expire(struct osb_transcript *transcript)
{
    for (int i = 0; i < OSB_QUESTIONS; i++)
        osb_transcript_answer(transcript, (enum osb_question)i, OSB_SILENT, 0);
}
