/* SPDX-License-Identifier: Apache-2.0 */
/* What is answered, before a protocol writes it. */
#ifndef STANDIN_ANSWER_H
#define STANDIN_ANSWER_H

#include "buffer.h"

#include <stdbool.h>
#include <stdint.h>

#define ANSWER_HEADERS_MAX 16
#define ANSWER_ENDLESS     UINT64_MAX

struct answer_header {
    const char *name; /* a constant */
    char value[320];  /* cut if it doesn't fit */
};

struct answer {
    unsigned status;                                  /* 200 to 599 */
    struct answer_header headers[ANSWER_HEADERS_MAX]; /* in their order; without a length */
    size_t header_count;                              /* how many of them */
    struct buffer body;                               /* the body, or what stands before filler */
    uint64_t filler;                                  /* so many "x" after it, or ANSWER_ENDLESS */
    const char *tail; /* what follows the filler, or NULL; only in a flushed answer */
    size_t pause_at;  /* after so many bytes of body it waits for the switch body=slow; 0: never */
    bool flushed;     /* sent before its length was known: HTTP chunks it, AJP flushes at its end */
    bool last;        /* AJP: END_RESPONSE says that the connection isn't to be used again */
};

/* An answer of status 200 without a body. Ends with answer_free, which takes NULL too. */
struct answer *answer_new(void);
void answer_free(struct answer *answer);

/* Adds a header; more than ANSWER_HEADERS_MAX is a fault of this program and ends it. */
void answer_header(struct answer *answer, const char *name, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The status lets it have a body: 204 and 304 don't. */
bool answer_may_have_body(const struct answer *answer);

/* The body's length is told in the head: it is known, and the status may have a body. */
bool answer_has_length(const struct answer *answer);
uint64_t answer_length(const struct answer *answer);

/* Makes it an answer with a flushed JSON body, to be written into answer->body. */
void answer_json(struct answer *answer, unsigned status);

/* The application's form of an error: a JSON array with one code and message. */
void answer_error(struct answer *answer, unsigned status, const char *code, const char *message);

#endif
