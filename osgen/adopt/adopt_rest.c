/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What no part of adopt took. In the site's virtual host it stays word for word, under raw:, each
 * section with only what is left in it.
 */
#include "adopt_parts.h"
#include "base/arena.h"
#include "base/text.h"
#include "topology/raw.h"

#include "core/message.h"

#include <string.h>

struct rest {
    struct osg_adoption *adoption;
    struct osg_text raw; /* what there is so far */
    bool *kept;          /* for each line of the file: is it in there? */
};

static bool is_comment(const struct osg_conf *conf)
{
    return conf->name[0] == '#';
}

/* Is all of it left? */
static bool is_whole(const struct osg_conf *conf)
{
    for (const struct osg_conf *at = conf->first; at != NULL; at = at->next) {
        if (!is_comment(at) && (!osg_adopt_is_left(at) || !is_whole(at)))
            return false;
    }
    return !conf->taken && !osg_adopt_is_dead(conf);
}

static void indent(struct osg_text *text, size_t depth)
{
    for (size_t i = 0; i < depth; i++)
        osg_text_put(text, "    ");
}

/* Adds CONF as it stands in the file, its own indentation changed to DEPTH. */
static void add_slice(struct osg_text *text, const struct osg_conf *conf, size_t depth)
{
    const char *from = conf->from, *end = conf->from + conf->length;
    size_t blanks = conf->place.column - 1;
    bool goes_on = false;

    while (from < end) {
        const char *newline = memchr(from, '\n', (size_t)(end - from));
        const char *stop = newline != NULL ? newline : end;
        const char *next = newline != NULL ? newline + 1 : end;

        if (stop > from && stop[-1] == '\r')
            stop--;
        for (size_t i = 0; i < blanks && !goes_on && from < stop && strchr(" \t", *from); i++)
            from++;
        indent(text, goes_on || from == stop ? 0 : depth);
        goes_on = stop > from && stop[-1] == '\\';
        osg_text_add(text, from, (size_t)(stop - from));
        osg_text_put(text, "\n");
        from = next;
    }
}

static void add_rest(struct rest *rest, struct osg_text *text, const struct osg_conf *conf,
                     size_t depth)
{
    bool ours = osg_adopt_is_ours(rest->adoption, conf);

    if (!osg_adopt_is_left(conf))
        return;
    if (!ours && is_whole(conf)) {
        add_slice(text, conf, depth);
        return;
    }
    indent(text, depth);
    if (ours)
        osg_text_printf(text, "<Proxy balancer://%s>\n",
                        rest->adoption->topology->balance.name.text);
    else
        osg_text_printf(text, "<%s%s%s>\n", conf->name, conf->value[0] != '\0' ? " " : "",
                        conf->value);
    for (const struct osg_conf *at = conf->first; at != NULL; at = at->next)
        add_rest(rest, text, at, depth + 1);
    indent(text, depth);
    osg_text_printf(text, "</%s>\n", conf->name);
}

static uint32_t last_line(const struct osg_conf *conf)
{
    uint32_t line = conf->place.line;

    for (size_t i = 0; i + 1 < conf->length; i++)
        line += conf->from[i] == '\n';
    return line;
}

static void note(struct rest *rest, const struct osg_conf *conf)
{
    const uint32_t last = last_line(conf);

    for (uint32_t line = conf->place.line; line <= last; line++)
        rest->kept[line] = true;
}

/* "3, 7 to 9", of the lines up to LAST; NULL: none of them. */
static const char *put_lines(struct osg_arena *arena, const bool *kept, uint32_t last)
{
    struct osg_text text = {0};
    const char *lines;

    for (uint32_t from = 1, to; from <= last; from = to + 1) {
        for (to = from; kept[from] && kept[to + 1]; to++)
            ;
        if (kept[from])
            osg_text_printf(&text, "%s%u", text.length > 0 ? ", " : "", from);
        if (to > from)
            osg_text_printf(&text, " to %u", to);
    }
    lines = text.length > 0 ? osg_arena_copy(arena, text.bytes, text.length) : NULL;
    osg_text_free(&text);
    return lines;
}

static void note_lines(struct rest *rest, const struct osg_conf *conf)
{
    if (!osg_adopt_is_left(conf))
        return;
    if (!conf->is_section || is_whole(conf))
        note(rest, conf);
    else
        for (const struct osg_conf *at = conf->first; at != NULL; at = at->next)
            note_lines(rest, at);
}

static void tell_includes(struct rest *rest, const struct osg_conf *conf)
{
    if (osg_conf_is(conf, "Include") || osg_conf_is(conf, "IncludeOptional"))
        osg_adopt_lose(
            rest->adoption, conf,
            "%.200s is not read: this line stays, and what the file says holds as before",
            conf->value);
    for (const struct osg_conf *at = conf->first; at != NULL; at = at->next) {
        if (osg_adopt_is_left(at))
            tell_includes(rest, at);
    }
}

/* A file that is no UTF-8 may have lines that a topology can't hold. */
static void keep(struct rest *rest, const struct osg_conf *conf)
{
    struct osg_text piece = {0};
    struct osb_message why = {"it isn't UTF-8"};

    if (!osg_adopt_is_left(conf))
        return;
    add_rest(rest, &piece, conf, 0);
    if (osg_raw_check(piece.bytes, &why) && osg_adopt_is_clean(rest->adoption, piece.bytes)) {
        osg_text_put(&rest->raw, piece.bytes);
        note_lines(rest, conf);
        tell_includes(rest, conf);
    } else {
        osg_adopt_lose(rest->adoption, conf, "not carried over: %s", why.text);
    }
    osg_text_free(&piece);
}

static void keep_parameters(struct rest *rest)
{
    const struct osg_text *parameters = rest->adoption->parameters;

    if (parameters->length == 0)
        return;
    note(rest, rest->adoption->parameters_at);
    osg_text_printf(&rest->raw, "<Proxy balancer://%s>\n    ProxySet%s\n</Proxy>\n",
                    rest->adoption->topology->balance.name.text, parameters->bytes);
}

/* Of the whole server what belongs to the balancer moves along. */
static void keep_site(struct rest *rest)
{
    const struct osg_adoption *adoption = rest->adoption;

    for (struct osg_conf *at = osg_adopt_next(adoption->file, NULL); at != NULL;
         at = osg_adopt_next(adoption->file, at)) {
        if (osg_adopt_is_ours(adoption, at))
            keep(rest, at);
    }
    keep_parameters(rest);
    for (struct osg_conf *at = adoption->site->first;
         at != NULL && adoption->site != adoption->file; at = at->next)
        keep(rest, at);
}

/* A variable that the file defines goes with the lines that want it. */
static void keep_variables(struct rest *rest)
{
    struct osg_text used = {0};

    for (const struct osg_conf *at = rest->adoption->file->first; at != NULL; at = at->next) {
        const char *name = osg_conf_is(at, "Define") && at->count == 2
                               ? osg_arena_printf(rest->adoption->arena, "${%s}", at->words[0])
                               : NULL;

        if (name == NULL || rest->raw.bytes == NULL || strstr(rest->raw.bytes, name) == NULL)
            continue;
        add_slice(&used, at, 0);
        note(rest, at);
    }
    if (used.length > 0 && osg_raw_check(used.bytes, NULL) &&
        osg_adopt_is_clean(rest->adoption, used.bytes)) {
        osg_text_put(&used, rest->raw.bytes);
        osg_text_free(&rest->raw);
        rest->raw = used;
        return;
    }
    osg_text_free(&used);
}

/* Sections inherit it: the pages for administrators, with rules of 2.4 alone, would be open to whom
 * some other section allows. */
static void drop_satisfy(struct osg_adoption *adoption, struct osg_conf *section)
{
    for (struct osg_conf *at = section->first; at != NULL; at = at->next) {
        if (at->is_section && !at->taken)
            drop_satisfy(adoption, at);
        if (!at->taken && osg_conf_is(at, "Satisfy") && osg_adopt_has(at, 0, "any"))
            at->taken = osg_adopt_lose(adoption, at,
                                       "not carried over: it would open pages that aren't meant");
    }
}

const char *osg_adopt_rest(struct osg_adoption *adoption)
{
    uint32_t last = last_line(adoption->file) + 1;
    bool *kept = osg_arena_alloc(adoption->arena, (last + 2) * sizeof *kept);
    struct rest rest = {.adoption = adoption, .raw = *adoption->raw, .kept = kept};

    drop_satisfy(adoption, adoption->site);
    keep_site(&rest);
    keep_variables(&rest);
    osg_adopt_tell(adoption);
    *adoption->raw = rest.raw;
    return put_lines(adoption->arena, kept, last);
}
