/* SPDX-License-Identifier: Apache-2.0 */
#include "yaml_map.h"
#include "yaml_text.h"
#include "base/text.h"

#include "core/parse.h"

void osg_yaml_key(struct osg_yaml_map *map, const char *key)
{
    osg_text_printf(map->text, "%s%s%s:", map->open ? "" : map->heading, map->indent, key);
    map->open = true;
}

void osg_yaml_word(struct osg_yaml_map *map, const char *key, const char *value)
{
    if (value == NULL)
        return;
    osg_yaml_key(map, key);
    osg_text_put(map->text, " ");
    osg_yaml_put(map->text, value);
    osg_text_put(map->text, "\n");
}

void osg_yaml_plain(struct osg_yaml_map *map, const char *key, const char *value)
{
    osg_yaml_key(map, key);
    osg_text_printf(map->text, " %s\n", value);
}

void osg_yaml_duration(struct osg_yaml_map *map, const char *key, uint32_t ms, uint32_t preset)
{
    char shown[16];

    if (ms != preset)
        osg_yaml_plain(map, key, osb_format_duration(ms, shown, sizeof shown));
}

void osg_yaml_items(struct osg_text *text, const char *const *items, size_t count)
{
    osg_text_put(text, count == 1 ? "" : "[");
    for (size_t i = 0; i < count; i++) {
        osg_text_put(text, i > 0 ? ", " : "");
        osg_yaml_put(text, items[i]);
    }
    osg_text_put(text, count == 1 ? "\n" : "]\n");
}

void osg_yaml_list(struct osg_yaml_map *map, const char *key, const char *const *items,
                   size_t count)
{
    if (count == 0)
        return;
    osg_yaml_key(map, key);
    osg_text_put(map->text, " ");
    osg_yaml_items(map->text, items, count);
}
