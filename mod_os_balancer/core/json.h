/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The few things that the project does with JSON. jansson.h is included in json.c and nowhere
 * else; a value here is its json_t.
 */
#ifndef OSB_JSON_H
#define OSB_JSON_H

#include "text.h"

#include <stdbool.h>
#include <stdint.h>

typedef struct json_t osb_json;

/* Reading. BYTES need no terminator. NULL if it isn't one whole JSON value. */
osb_json *osb_json_parse(const char *bytes, size_t length);
void osb_json_free(osb_json *value);

bool osb_json_is_object(const osb_json *value);
/* The text at KEY of an object, or NULL if it isn't there or is something else. */
const char *osb_json_text(const osb_json *object, const char *key);
/* The element of an array at INDEX, borrowed, or NULL: beyond the end, or if it is no array. */
const osb_json *osb_json_at(const osb_json *array, size_t index);
/* A text that is a value of its own, or NULL. */
const char *osb_json_text_of(const osb_json *value);
/* The value at KEY of an object, borrowed, or NULL. */
const osb_json *osb_json_get(const osb_json *object, const char *key);
/* A whole number from 0 to MAX at KEY of an object. False, with NUMBER untouched, if there is
 * anything else. */
bool osb_json_number(const osb_json *object, const char *key, uint64_t max, uint64_t *number);
/* The same for true and false. */
bool osb_json_bool(const osb_json *object, const char *key, bool *truth);

/* Writing. The put and append functions take over the value that they are given; out of memory
 * leaves a gap in the document, never a broken one. */
osb_json *osb_json_object(void);
osb_json *osb_json_array(void);
osb_json *osb_json_string(const char *text);
/* NULL is put as null. */
void osb_json_put(osb_json *object, const char *key, osb_json *value);
void osb_json_put_text(osb_json *object, const char *key, const char *text); /* NULL: null */
void osb_json_put_number(osb_json *object, const char *key, uint64_t number);
void osb_json_put_bool(osb_json *object, const char *key, bool truth);
/* MS since 1970 as osb_format_time writes it; 0: null. */
void osb_json_put_time(osb_json *object, const char *key, uint64_t ms);
void osb_json_append(osb_json *array, osb_json *value);
/* Keys in the order in which they were put, two blanks a level, a line feed at the end. */
void osb_json_write(const osb_json *value, const struct osb_sink *sink);
/* The same on one line, which ends in a line feed. */
void osb_json_write_line(const osb_json *value, const struct osb_sink *sink);
/* The same without the outer brackets and the line feed, to go on from there by hand. */
void osb_json_write_inside(const osb_json *value, const struct osb_sink *sink);

#endif
