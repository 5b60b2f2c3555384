/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The only readers of numbers, durations and enumerations, for directives and topologies alike.
 * Each takes the whole string or nothing: no blanks, no sign, no rest. On failure the result is
 * untouched and WHY lists what is accepted, made from the same bounds or table that decided.
 */
#ifndef OSB_PARSE_H
#define OSB_PARSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct osb_message;

/* A decimal whole number from MIN to MAX. */
bool osb_parse_number(const char *text, uint32_t min, uint32_t max, uint32_t *number,
                      struct osb_message *why);

/* A whole number with its sign, "20%", from MIN to MAX. */
bool osb_parse_percent(const char *text, uint32_t min, uint32_t max, uint32_t *percent,
                       struct osb_message *why);

/* One of a table's units, which go from the largest to the one of 1: the first that divides a value
 * evenly gives the shortest text. */
struct osb_unit {
    const char *name;
    uint32_t factor; /* so many of the last one */
};

/* A whole number with one of the COUNT units behind it, in just these letters, from MIN to MAX of
 * the last one. On failure VALUE is untouched. */
bool osb_parse_units(const char *text, const struct osb_unit *units, size_t count, uint32_t min,
                     uint32_t max, uint32_t *value);

/* Writes VALUE as the shortest text that osb_parse_units reads back. Returns BUFFER. */
char *osb_format_units(uint32_t value, const struct osb_unit *units, size_t count, char *buffer,
                       size_t size);

/* A whole number with its unit, "500ms", "2s" or "1m", from MIN_MS to MAX_MS milliseconds. */
bool osb_parse_duration(const char *text, uint32_t min_ms, uint32_t max_ms, uint32_t *ms,
                        struct osb_message *why);

/* Writes MS as the shortest text that osb_parse_duration reads back: "1m", "2s" or "500ms".
 * 16 bytes are enough for every value. Returns BUFFER. */
char *osb_format_duration(uint32_t ms, char *buffer, size_t size);

/* One of the COUNT names, in any case of letters; INDEX is its place in the table. */
bool osb_parse_choice(const char *text, const char *const *names, size_t count, size_t *index,
                      struct osb_message *why);

/* Writes COUNT names to LIST, "httpd, tomcat or node", as far as SIZE bytes go. */
void osb_list_names(char *list, size_t size, const char *const *names, size_t count);

/* The name of the table that TEXT was most likely meant to be, or NULL if none is near: at most
 * two letters added, lost or changed, or two swapped, and fewer than half of the name's length. */
const char *osb_nearest(const char *text, const char *const *names, size_t count);

#endif
