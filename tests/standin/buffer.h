/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Bytes that grow at the end and are taken from the front. Running out of memory ends the program:
 * a stand-in has nothing better to do.
 */
#ifndef STANDIN_BUFFER_H
#define STANDIN_BUFFER_H

#include <stddef.h>

struct buffer {
    unsigned char *bytes; /* the first byte that was not yet taken is at start; NULL while empty */
    size_t start;         /* how many bytes before it were taken */
    size_t length;        /* how many bytes wait to be taken */
    size_t capacity;      /* size of the allocation */
};

/* Memory that is all zero. Never NULL. */
void *zeroed(size_t size);

/* The first byte that waits. Valid until the buffer is changed. */
const unsigned char *buffer_bytes(const struct buffer *buffer);

/* Adds LENGTH bytes at the end. */
void buffer_append(struct buffer *buffer, const void *bytes, size_t length);

/* Adds a text without its NUL. */
void buffer_text(struct buffer *buffer, const char *text);

/* Adds what printf would write. */
void buffer_format(struct buffer *buffer, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Adds TEXT as a JSON string with its quotes, or null if TEXT is NULL. Bytes over 127 are written
 * as they are: they are taken for UTF-8. */
void buffer_json(struct buffer *buffer, const char *text);

/* Adds TEXT so that HTML shows it as it is. */
void buffer_html(struct buffer *buffer, const char *text);

/* Takes LENGTH bytes from the front; no more than wait. */
void buffer_drop(struct buffer *buffer, size_t length);

/* Gives the memory back; the buffer is empty and may be used again. */
void buffer_release(struct buffer *buffer);

#endif
