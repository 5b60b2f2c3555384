/* SPDX-License-Identifier: Apache-2.0 */
/* Mappings and lists written as YAML, as a person would write them. */
#ifndef OSG_YAML_MAP_H
#define OSG_YAML_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct osg_text;

/* A mapping whose heading is written with its first key. */
struct osg_yaml_map {
    struct osg_text *text;
    const char *heading; /* "balance:\n" */
    const char *indent;  /* before each key */
    bool open;           /* is the heading written? */
};

/* Adds "KEY:". */
void osg_yaml_key(struct osg_yaml_map *map, const char *key);

/* Adds KEY with VALUE, quoted if it wants that; nothing if VALUE is NULL. */
void osg_yaml_word(struct osg_yaml_map *map, const char *key, const char *value);

/* The same with one of the language's own words, which wants no quotes: "off". */
void osg_yaml_plain(struct osg_yaml_map *map, const char *key, const char *value);

/* Adds KEY with a duration that isn't PRESET. */
void osg_yaml_duration(struct osg_yaml_map *map, const char *key, uint32_t ms, uint32_t preset);

/* Adds KEY with the COUNT items, or nothing if there are none. */
void osg_yaml_list(struct osg_yaml_map *map, const char *key, const char *const *items,
                   size_t count);

/* Adds "one" or "[one, other]" and a newline. */
void osg_yaml_items(struct osg_text *text, const char *const *items, size_t count);

#endif
