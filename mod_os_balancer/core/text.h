/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Text of any origin made fit for its destination: a fixed field, a log line, an HTML page.
 */
#ifndef OSB_TEXT_H
#define OSB_TEXT_H

#include <stddef.h>

/* Where a renderer's bytes go: an httpd response, a buffer of a test. */
struct osb_sink {
    void (*write)(void *baton, const char *bytes, size_t length);
    void *baton;
};

/* Copies TEXT into FIELD of SIZE bytes, cut where it doesn't fit, but never within a character.
 * What isn't valid UTF-8 or is a control character becomes '?'. NULL is copied as "". Returns
 * FIELD. */
char *osb_text_copy(char *field, size_t size, const char *text);

void osb_put(const struct osb_sink *sink, const char *text);
__attribute__((format(printf, 2, 3))) void osb_putf(const struct osb_sink *sink, const char *format,
                                                    ...);

/* Writes TEXT with & < > " ' as entities: right in an element and in a quoted attribute. */
void osb_put_html(const struct osb_sink *sink, const char *text);

#endif
