/* SPDX-License-Identifier: Apache-2.0 */
#include "place.h"
#include "base/arena.h"

#include <string.h>

static int compare(uint32_t a, uint32_t b)
{
    return (a > b) - (a < b);
}

int osg_place_compare(struct osg_place a, struct osg_place b)
{
    int order = compare(a.file, b.file);

    if (order == 0)
        order = compare(a.line, b.line);
    return order != 0 ? order : compare(a.column, b.column);
}

const struct osg_source *osg_source_find(const struct osg_source *first, uint32_t number)
{
    while (first->number != number && first->next != NULL)
        first = first->next;
    return first;
}

const char *osg_directory_of(struct osg_arena *arena, const char *path)
{
    const char *slash = strrchr(path, '/');

    return osg_arena_copy(arena, path, slash != NULL ? (size_t)(slash + 1 - path) : 0);
}

const char *osg_line_of(struct osg_arena *arena, const struct osg_source *first,
                        struct osg_place place, struct osg_place beside)
{
    if (place.file == beside.file)
        return osg_arena_printf(arena, "line %u", place.line);
    return osg_arena_printf(arena, "line %u of %s", place.line,
                            osg_source_find(first, place.file)->name);
}

const char *osg_path_from(struct osg_arena *arena, const struct osg_source *first,
                          struct osg_place place, const char *name)
{
    const char *directory = osg_source_find(first, place.file)->directory;

    if (directory == NULL || name[0] == '/')
        return directory == NULL ? NULL : name;
    return osg_arena_printf(arena, "%s%s", directory, name);
}
