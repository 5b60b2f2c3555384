/* SPDX-License-Identifier: Apache-2.0 */
#include "conf.h"
#include "base/arena.h"
#include "base/text.h"

#include <ctype.h>
#include <string.h>

struct osg_conf_variable {
    const char *name;
    const char *value; /* NULL: it isn't known any more */
    struct osg_conf_variable *next;
};

static bool is_blank(char byte)
{
    return isspace((unsigned char)byte) != 0;
}

void osg_conf_define(struct osg_arena *arena, struct osg_conf_variables *variables,
                     const char *name, const char *value)
{
    struct osg_conf_variable *variable = osg_arena_alloc(arena, sizeof *variable);

    *variable = (struct osg_conf_variable){name, value, variables->first};
    variables->first = variable;
}

/* NULL: nobody knows it. */
static const char *find(const struct osg_conf_variables *variables, const char *name, size_t length)
{
    for (const struct osg_conf_variable *at = variables->first; at != NULL; at = at->next) {
        if (strncmp(at->name, name, length) == 0 && at->name[length] == '\0')
            return at->value;
    }
    return NULL;
}

/* Adds the value of the variable that TEXT begins with, or the two bytes ${. Returns what was read
 * of TEXT. */
static size_t add_variable(struct osg_text *to, const struct osg_conf_variables *variables,
                           const char *text)
{
    const char *end = strchr(text, '}');
    const char *value = end != NULL ? find(variables, text + 2, (size_t)(end - text) - 2) : NULL;

    if (value == NULL) {
        osg_text_add(to, text, 2);
        return 2;
    }
    osg_text_put(to, value);
    return (size_t)(end - text) + 1;
}

const char *osg_conf_replace(struct osg_arena *arena, const struct osg_conf_variables *variables,
                             const char *text)
{
    const char *at = variables->first != NULL ? strstr(text, "${") : NULL;
    struct osg_text to = {0};
    const char *result = NULL;

    if (at == NULL)
        return text;
    for (; at != NULL && to.length <= OSG_CONF_LINE; at = strstr(text, "${")) {
        osg_text_add(&to, text, (size_t)(at - text));
        text = at + add_variable(&to, variables, at);
    }
    osg_text_put(&to, text);
    if (to.length <= OSG_CONF_LINE)
        result = osg_arena_copy(arena, to.bytes, to.length);
    osg_text_free(&to);
    return result;
}

/* The word without what takes another character's meaning. QUOTE is 0 if there is none. */
static const char *clean(struct osg_arena *arena, const char *word, size_t length, char quote)
{
    char *copy = osg_arena_alloc(arena, length + 1), *to = copy;

    for (size_t i = 0; i < length; i++) {
        bool escapes = word[i] == '\\' && i + 1 < length;

        if (escapes && (word[i + 1] == '\\' || (quote != '\0' && word[i + 1] == quote)))
            i++;
        *to++ = word[i];
    }
    return copy;
}

static size_t quoted_length(const char *text, char quote)
{
    size_t length = 0;

    while (text[length] != '\0' && text[length] != quote) {
        bool escaped =
            text[length] == '\\' && (text[length + 1] == quote || text[length + 1] == '\\');

        length += escaped ? 2 : 1;
    }
    return length;
}

const char *osg_conf_word(struct osg_arena *arena, const char **text)
{
    const char *at = *text, *word;
    size_t length = 0;
    char quote = '\0';

    while (is_blank(*at))
        at++;
    if (*at == '\0') {
        *text = at;
        return NULL;
    }
    if (*at == '"' || *at == '\'') {
        quote = *at++;
        length = quoted_length(at, quote);
    }
    while (quote == '\0' && at[length] != '\0' && !is_blank(at[length]))
        length++;
    word = clean(arena, at, length, quote);
    at += length + (quote != '\0' && at[length] == quote);
    while (is_blank(*at))
        at++;
    *text = at;
    return word;
}

const char *const *osg_conf_words(struct osg_arena *arena, const char *text, size_t *count)
{
    const char **words = NULL;
    size_t room = 0;

    *count = 0;
    for (;;) {
        const char *word = osg_conf_word(arena, &text);

        if (*count == room) {
            const char **more = osg_arena_alloc(arena, (room * 2 + 4) * sizeof *more);

            if (room > 0)
                memcpy(more, words, room * sizeof *more);
            words = more;
            room = room * 2 + 4;
        }
        words[*count] = word;
        if (word == NULL)
            return words;
        (*count)++;
    }
}
