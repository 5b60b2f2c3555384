/* SPDX-License-Identifier: Apache-2.0 */
/* Handlers for the kinds of values that many keys have. */
#include "grammar.h"
#include "quote.h"
#include "size.h"
#include "topology.h"
#include "base/arena.h"
#include "problem/problem.h"

#include "core/message.h"
#include "core/parse.h"

#include <string.h>

bool osg_is_word(struct osg_reader *reader, const struct osg_key *key, const struct osg_node *value)
{
    bool on;

    if (!value->plain || !osg_is_switch(value->text, &on))
        return true;
    return osg_error(reader->problems, OSG_BARE_SWITCH, value->place,
                     "%s can't be switched, as \"%.40s\" does: leave %s out, or put the word in "
                     "quotes if it is a name",
                     key->name, value->text, key->name);
}

static bool is_good(struct osg_reader *reader, const struct osg_key *key,
                    const struct osg_node *value)
{
    struct osb_message why;

    if (!osg_is_word(reader, key, value))
        return false;
    if (key->check == NULL || key->check(value->text, &why))
        return true;
    return osg_error(reader->problems, key->code != 0 ? key->code : OSG_BAD_VALUE, value->place,
                     "%s", why.text);
}

void osg_read_word(struct osg_reader *reader, const struct osg_key *key,
                   const struct osg_node *value, void *field)
{
    if (is_good(reader, key, value))
        *(struct osg_word *)field = (struct osg_word){.text = value->text, .place = value->place};
}

void osg_read_page(struct osg_reader *reader, const struct osg_key *key,
                   const struct osg_node *value, void *field)
{
    bool on = true;

    if (!osg_is_switch(value->text, &on))
        osg_read_word(reader, key, value, field);
    else if (!on)
        *(struct osg_word *)field = (struct osg_word){.text = NULL, .place = value->place};
}

void osg_read_file(struct osg_reader *reader, const struct osg_key *key,
                   const struct osg_node *value, void *field)
{
    bool (*check)(const char *, struct osb_message *) =
        key->check != NULL ? key->check : osg_file_name_check;
    struct osb_message why;

    if (!osg_is_word(reader, key, value))
        return;
    if (check(value->text, &why))
        *(struct osg_word *)field = (struct osg_word){.text = value->text, .place = value->place};
    else
        osg_error(reader->problems, OSG_BAD_FILE, value->place, "%s", why.text);
}

size_t osg_each_scalar(struct osg_reader *reader, const struct osg_key *key,
                       const struct osg_node *value,
                       void (*each)(struct osg_reader *reader, const struct osg_key *key,
                                    const struct osg_node *scalar, void *list),
                       void *list)
{
    const struct osg_node *scalar = value->type == OSG_NODE_LIST ? value->first : value;
    size_t calls = 0;

    if (scalar == NULL)
        osg_error(reader->problems, OSG_EMPTY_LIST, value->place,
                  "%s is an empty list; it has items, or is left out", key->name);
    while (scalar != NULL) {
        if (osg_value_fits(reader, key->name, OSG_TAKES_SCALAR, scalar)) {
            each(reader, key, scalar, list);
            calls++;
        }
        scalar = value->type == OSG_NODE_LIST ? scalar->next : NULL;
    }
    return calls;
}

static void add_word(struct osg_reader *reader, const struct osg_key *key,
                     const struct osg_node *scalar, void *list)
{
    struct osg_words *words = list;

    if (is_good(reader, key, scalar))
        words->items[words->count++] =
            (struct osg_word){.text = scalar->text, .place = scalar->place};
}

void osg_read_words(struct osg_reader *reader, const struct osg_key *key,
                    const struct osg_node *value, void *field)
{
    struct osg_words *words = field;

    words->items = osg_arena_alloc(reader->arena, (value->count + 1) * sizeof *words->items);
    osg_each_scalar(reader, key, value, add_word, words);
}

void osg_read_number(struct osg_reader *reader, const struct osg_key *key,
                     const struct osg_node *value, void *field)
{
    struct osb_message why;

    if (!osb_parse_number(value->text, key->min, key->max, field, &why))
        osg_error(reader->problems, OSG_BAD_NUMBER, value->place, "%s", why.text);
}

void osg_read_amount(struct osg_reader *reader, const struct osg_key *key,
                     const struct osg_node *value, void *field)
{
    struct osg_amount *amount = field;

    amount->place = value->place;
    osg_read_number(reader, key, value, &amount->number);
}

void osg_read_size(struct osg_reader *reader, const struct osg_key *key,
                   const struct osg_node *value, void *field)
{
    struct osb_message why;

    if (!osg_size_parse(value->text, key->min, key->max, field, &why))
        osg_error(reader->problems, OSG_BAD_NUMBER, value->place, "%s", why.text);
}

void osg_read_duration(struct osg_reader *reader, const struct osg_key *key,
                       const struct osg_node *value, void *field)
{
    struct osb_message why;

    if (!osb_parse_duration(value->text, key->min, key->max, field, &why))
        osg_error(reader->problems, OSG_BAD_NUMBER, value->place, "%s", why.text);
}

void osg_read_seconds(struct osg_reader *reader, const struct osg_key *key,
                      const struct osg_node *value, void *field)
{
    uint32_t ms = *(uint32_t *)field;

    osg_read_duration(reader, key, value, &ms);
    if (ms % 1000 != 0)
        osg_error(reader->problems, OSG_BAD_NUMBER, value->place,
                  "%s is a number of whole seconds, not %.40s", key->name, value->text);
    else
        *(uint32_t *)field = ms;
}

void osg_read_switch(struct osg_reader *reader, const struct osg_key *key,
                     const struct osg_node *value, void *field)
{
    if (!osg_is_switch(value->text, field))
        osg_error(reader->problems, OSG_NOT_A_SWITCH, value->place,
                  "%s is on or off, not \"%.40s\"; yes and true mean on, no and false off",
                  key->name, value->text);
}
