/* SPDX-License-Identifier: Apache-2.0 */
#include "silence.h"
#include "grammar.h"
#include "load.h"
#include "topology.h"
#include "unique.h"
#include "base/arena.h"
#include "problem/problem.h"

#include <string.h>

static void refuse(struct osg_reader *reader, const struct osg_node *scalar)
{
    struct osg_code_found found = osg_code_find(scalar->text);
    const char *nearest = osg_code_nearest(scalar->text, osg_warning_choice);

    if (found.row != NULL && found.group->severity == OSG_ERROR)
        osg_error(reader->problems, OSG_BAD_SILENCE, scalar->place,
                  "%s is an error, and errors can't be silenced", found.row->name);
    else if (found.row != NULL)
        osg_error(reader->problems, OSG_BAD_SILENCE, scalar->place,
                  "warnings are silenced by name: this one is %s", found.row->name);
    else if (nearest != NULL)
        osg_error(reader->problems, OSG_BAD_SILENCE, scalar->place,
                  "there is no warning \"%.40s\"; did you mean \"%s\"?", scalar->text, nearest);
    else
        osg_error(reader->problems, OSG_BAD_SILENCE, scalar->place,
                  "there is no warning \"%.40s\"; osgen explain lists them all", scalar->text);
}

static void add_silence(struct osg_reader *reader, const struct osg_key *key,
                        const struct osg_node *scalar, void *list)
{
    struct osg_code_found found = osg_code_find(scalar->text);
    struct osg_silences *silences = list;

    (void)key;
    if (found.row != NULL && found.group->severity == OSG_WARNING &&
        strcmp(found.row->name, scalar->text) == 0)
        silences->items[silences->count++] = (struct osg_silence){
            .code = found.row->code, .word = {.text = scalar->text, .place = scalar->place}};
    else
        refuse(reader, scalar);
}

void osg_read_silence(struct osg_reader *reader, const struct osg_key *key,
                      const struct osg_node *value, void *field)
{
    struct osg_silences *silences = field;

    silences->items = osg_arena_alloc(reader->arena, (value->count + 1) * sizeof *silences->items);
    osg_each_scalar(reader, key, value, add_silence, silences);
}

void osg_validate_silence(struct osg_reader *reader, const struct osg_silences *silences)
{
    struct osg_word *words = osg_new_words(reader->arena, silences->count);

    for (size_t i = 0; i < silences->count; i++)
        words[i] = silences->items[i].word;
    osg_check_unique(reader, words, silences->count, OSG_DUPLICATE_ENTRY, "the warning");
}

void osg_silence(struct osg_problems *problems, struct osg_silences *silences)
{
    for (size_t i = 0; i < silences->count; i++) {
        if (osg_problems_silence(problems, silences->items[i].code) > 0)
            silences->items[i].used = true;
    }
}

void osg_silence_idle(struct osg_problems *problems, const struct osg_silences *silences)
{
    for (size_t i = 0; i < silences->count; i++) {
        const struct osg_silence *silence = &silences->items[i];

        if (!silence->used && silence->code != OSG_IDLE_SILENCE)
            osg_warning(problems, OSG_IDLE_SILENCE, silence->word.place,
                        "there is no %s here to silence", silence->word.text);
    }
}
