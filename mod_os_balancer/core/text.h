/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Text of any origin made fit for its destination: a fixed field, a log line, an HTML page.
 */
#ifndef OSB_TEXT_H
#define OSB_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/* Where a renderer's bytes go: an httpd response, a buffer. */
struct osb_sink {
    void (*write)(void *baton, const char *bytes, size_t length);
    void *baton;
};

/* A sink that keeps what it is given. All zero is an empty one; its bytes are to be freed. */
struct osb_buffer {
    char *bytes;     /* length of them and a NUL; NULL while nothing came */
    size_t length;   /* without the NUL */
    size_t capacity; /* of the memory at bytes */
    bool failed;     /* memory ran out: what came since isn't there */
};

struct osb_sink osb_buffer_sink(struct osb_buffer *buffer);

/* Copies TEXT into FIELD of SIZE bytes, cut where it doesn't fit, but never within a character.
 * What isn't valid UTF-8 or is a control character becomes '?'. NULL is copied as "". Returns
 * FIELD. */
char *osb_text_copy(char *field, size_t size, const char *text);

/* Whether osb_text_copy would copy TEXT as it is, given room. */
bool osb_text_is_clean(const char *text);

void osb_put(const struct osb_sink *sink, const char *text);
__attribute__((format(printf, 2, 3))) void osb_putf(const struct osb_sink *sink, const char *format,
                                                    ...);

/* Writes TEXT with & < > " ' as entities: right in an element and in a quoted attribute. */
void osb_put_html(const struct osb_sink *sink, const char *text);

#endif
