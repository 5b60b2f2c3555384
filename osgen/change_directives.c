/* SPDX-License-Identifier: Apache-2.0 */
/* Directives are compared by page and name, each as the set of its values. */
#include "arena.h"
#include "change.h"
#include "mask.h"
#include "text.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

/* Values are shown up to this length. */
#define SHOWN 120

static bool is_of(const struct osg_directive *one, const struct osg_directive *other)
{
    return strcmp(one->section, other->section) == 0 && strcasecmp(one->name, other->name) == 0;
}

static bool has(const struct osg_standing *standing, const struct osg_directive *wanted,
                size_t before)
{
    for (size_t i = 0; i < before; i++) {
        const struct osg_directive *directive = &standing->directives[i];

        if (is_of(directive, wanted) && strcmp(directive->value, wanted->value) == 0)
            return true;
    }
    return false;
}

static bool has_name(const struct osg_standing *standing, const struct osg_directive *wanted,
                     size_t before)
{
    for (size_t i = 0; i < before; i++) {
        if (is_of(&standing->directives[i], wanted))
            return true;
    }
    return false;
}

static bool has_section(const struct osg_standing *standing, const char *section)
{
    for (size_t i = 0; i < standing->directive_count; i++) {
        if (strcmp(standing->directives[i].section, section) == 0)
            return true;
    }
    return section[0] == '\0';
}

static bool hides(const struct osg_change *change, const struct osg_directive *directive)
{
    const char *line = osg_arena_printf(change->arena, "%s %s", directive->name, directive->value);

    return osg_mask_hides(line, strlen(line));
}

/* Adds the values that IN has of it and OUT doesn't. Returns false if there are none. */
static bool put_values(struct osg_text *text, const struct osg_change *change,
                       const struct osg_standing *in, const struct osg_standing *out,
                       const struct osg_directive *wanted)
{
    const char *between = "";

    for (size_t i = 0; i < in->directive_count; i++) {
        const struct osg_directive *directive = &in->directives[i];
        size_t length = strlen(directive->value);

        if (!is_of(directive, wanted) || has(in, directive, i) ||
            has(out, directive, out->directive_count))
            continue;
        osg_text_put(text, between);
        if (hides(change, directive))
            osg_text_put(text, "***");
        else
            osg_text_printf(text, "%.*s%s", SHOWN, directive->value, length > SHOWN ? "..." : "");
        between = ", ";
    }
    return between[0] != '\0';
}

static const char *words_of(const char *name)
{
    static const struct row {
        const char *name;
        const char *words;
    } rows[] = {{"<VirtualHost>", "the site's addresses"},
                {"<Proxy>", "the balancer"},
                {"ServerName", "the site's name"},
                {"ServerAlias", "the site's other names"}};

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (strcasecmp(rows[i].name, name) == 0)
            return rows[i].words;
    }
    return name;
}

static void tell(struct osg_text *text, const struct osg_change *change,
                 const struct osg_directive *directive)
{
    struct osg_text gone = {0}, come = {0};
    bool goes = put_values(&gone, change, &change->old, &change->new, directive);
    bool comes = put_values(&come, change, &change->new, &change->old, directive);
    const char *lead = directive->section[0] != '\0' ? ", " : "";

    if (goes || comes)
        osg_text_printf(text, "%s%s%s: ", directive->section, lead, words_of(directive->name));
    if (goes && comes)
        osg_text_printf(text, "%s -> %s\n", gone.bytes, come.bytes);
    else if (comes)
        osg_text_printf(text, "%s%s%s\n", come.bytes, come.length > 0 ? " " : "", "is new");
    else if (goes)
        osg_text_printf(text, "%s%s%s\n", gone.bytes, gone.length > 0 ? " " : "", "goes");
    osg_text_free(&gone);
    osg_text_free(&come);
}

/* A page that comes or goes is told as such, and not line by line. */
static void tell_page(struct osg_text *text, const struct osg_directive *directive,
                      const char *what)
{
    if (strcasecmp(directive->name, "<Location>") == 0)
        osg_text_printf(text, "the page %s %s\n", directive->section, what);
}

void osg_change_directives(struct osg_text *text, const struct osg_change *change)
{
    const struct osg_standing *old = &change->old, *new = &change->new;

    if (old->directive_count == 0)
        return;
    for (size_t i = 0; i < old->directive_count; i++) {
        const struct osg_directive *directive = &old->directives[i];

        if (!has_section(new, directive->section))
            tell_page(text, directive, "goes");
        else if (!has_name(old, directive, i))
            tell(text, change, directive);
    }
    for (size_t i = 0; i < new->directive_count; i++) {
        const struct osg_directive *directive = &new->directives[i];

        if (!has_section(old, directive->section))
            tell_page(text, directive, "is new");
        else if (!has_name(new, directive, i) && !has_name(old, directive, old->directive_count))
            tell(text, change, directive);
    }
}
