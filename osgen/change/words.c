/* SPDX-License-Identifier: Apache-2.0 */
#include "words.h"
#include "base/arena.h"
#include "base/text.h"

#include <stdbool.h>
#include <string.h>

static bool is_escape(const char *at, char quote)
{
    return quote != '\0' && at[0] == '\\' && (at[1] == quote || at[1] == '\\');
}

/* Where the word at AT ends, before the quote or the blank. */
static const char *end_of(const char *at, char quote)
{
    while (*at != '\0' && (quote != '\0' ? *at != quote : strchr(OSG_BLANKS, *at) == NULL))
        at += is_escape(at, quote) ? 2 : 1;
    return at;
}

const char *osg_next_word(struct osg_arena *arena, const char **text)
{
    const char *at = *text + strspn(*text, OSG_BLANKS), *end;
    char quote = '\0';
    char *word, *to;

    if (*at == '\0')
        return NULL;
    if (*at == '"' || *at == '\'')
        quote = *at++;
    end = end_of(at, quote);
    word = to = osg_arena_alloc(arena, (size_t)(end - at) + 1);
    while (at < end) {
        at += is_escape(at, quote) ? 1 : 0;
        *to++ = *at++;
    }
    *text = *end != '\0' && quote != '\0' ? end + 1 : end;
    return word;
}

const char *osg_plain_words(struct osg_arena *arena, const char *text, size_t length)
{
    const char *rest = osg_arena_copy(arena, text, length), *begin, *word;
    struct osg_text plain = {0};
    const char *words;

    for (begin = rest; (word = osg_next_word(arena, &rest)) != NULL; begin = rest) {
        bool alone = plain.length == 0 && rest[strspn(rest, OSG_BLANKS)] == '\0';

        begin += strspn(begin, OSG_BLANKS);
        osg_text_put(&plain, plain.length > 0 ? " " : "");
        if (alone || (word[0] != '\0' && word[strcspn(word, OSG_BLANKS "\"'\\")] == '\0'))
            osg_text_put(&plain, word);
        else
            osg_text_add(&plain, begin, (size_t)(rest - begin));
    }
    words = osg_arena_copy(arena, plain.bytes != NULL ? plain.bytes : "", plain.length);
    osg_text_free(&plain);
    return words;
}
