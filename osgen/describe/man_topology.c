/* SPDX-License-Identifier: Apache-2.0 */
#include "pages.h"
#include "roff.h"
#include "base/text.h"
#include "topology/form.h"
#include "topology/grammar.h"

#include "core/settings.h"

#include <stdio.h>
#include <string.h>

static bool takes(const struct osg_key *key, unsigned kinds)
{
    return (key->takes & kinds) != 0;
}

static void put_tag(struct osg_text *text, const char *name)
{
    osg_text_put(text, ".TP\n");
    osg_roff_bold(text, name);
    osg_text_put(text, " (");
}

static void put_range(struct osg_text *text, const struct osg_form *form, uint32_t min,
                      uint32_t max)
{
    char least[16], most[16];

    if (form->show != NULL)
        osg_text_printf(text, ", from %s to %s", form->show(min, least, sizeof least),
                        form->show(max, most, sizeof most));
}

/* A single value of KEY, in words. */
static void put_form(struct osg_text *text, const struct osg_key *key)
{
    const struct osb_setting *setting = osg_setting_of(key);
    const struct osg_form *form = osg_form_of(key);

    osg_roff_put(text, form->words);
    put_range(text, form, setting != NULL ? setting->min : key->min,
              setting != NULL ? setting->max : key->max);
    if (takes(key, OSG_TAKES_LIST))
        osg_text_put(text, ", one or a list");
}

/* What a value of KEY looks like, in words. */
static void put_kinds(struct osg_text *text, const struct osg_key *key)
{
    bool mapping = takes(key, OSG_TAKES_MAPPING);

    if (key->inside != NULL && !mapping)
        osg_text_put(text, "a list");
    else if (key->inside != NULL)
        osg_text_printf(text, "its %s", key->inside->keys[0].name);
    else
        put_form(text, key);
    osg_text_put(text, mapping ? ", or a mapping" : "");
    osg_text_put(text, key->required ? "; required" : "");
}

static void put_key(struct osg_text *text, const struct osg_key *key)
{
    osg_choices *choices = key->inside == NULL ? osg_form_of(key)->choices : NULL;

    put_tag(text, key->name);
    put_kinds(text, key);
    osg_text_put(text, ")\n");
    osg_roff_lines(text, key->help);
    if (choices != NULL)
        osg_roff_choices(text, choices);
}

static void put_setting(struct osg_text *text, const struct osb_setting *row)
{
    const struct osg_form *form = osg_form_of_setting(row);
    char preset[16];

    put_tag(text, row->key);
    osg_roff_put(text, form->words);
    put_range(text, form, row->min, row->max);
    if (form->show != NULL)
        osg_text_printf(text, "; default %s", form->show(row->preset, preset, sizeof preset));
    osg_text_put(text, ")\n");
    osg_roff_lines(text, row->meaning);
}

static void put_settings(struct osg_text *text, const struct osg_key *key, const char *path)
{
    osg_roff_macro(text, "SS", path);
    for (size_t i = 0; i < *key->row_count; i++)
        put_setting(text, &key->rows[i]);
}

static void put_inside(struct osg_text *text, const struct osg_grammar *grammar, const char *path);

/* What stands inside of KEY, under its whole path: "balance.health" or "instances[]". */
static void put_below(struct osg_text *text, const struct osg_key *key, const char *above)
{
    bool list = key->inside != NULL && !takes(key, OSG_TAKES_MAPPING);
    char path[120];

    snprintf(path, sizeof path, "%s%s%s%s", above, above[0] != '\0' ? "." : "", key->name,
             list ? "[]" : "");
    if (key->inside != NULL) {
        osg_roff_macro(text, "SS", path);
        put_inside(text, key->inside, path);
    } else if (key->rows != NULL && takes(key, OSG_TAKES_MAPPING)) {
        put_settings(text, key, path);
    }
}

static void put_inside(struct osg_text *text, const struct osg_grammar *grammar, const char *path)
{
    for (size_t i = 0; i < grammar->count; i++)
        put_key(text, &grammar->keys[i]);
    for (size_t i = 0; i < grammar->count; i++)
        put_below(text, &grammar->keys[i], path);
}

void osg_man_topology(struct osg_text *text)
{
    osg_roff_head(text, "osgen-topology", "5", "a site of OpenSpecimen nodes, as osgen reads it");
    osg_text_put(text,
                 ".SH DESCRIPTION\n"
                 "A topology is a mapping in YAML.\n"
                 "Whatever takes a mapping takes the value of its first key alone too, so that\n"
                 ".B site: os.example.org\n"
                 "is\n"
                 ".BR \"site: {name: os.example.org}\" .\n"
                 "What is left out has its default.\n"
                 "Durations have a unit: ms, s or m.\n"
                 "Anchors, aliases, tags and a second document are refused.\n"
                 ".SH KEYS\n");
    put_inside(text, &osg_topology_grammar, "");
    osg_text_put(text, ".SH EXAMPLES\n"
                       ".EX\n"
                       "site: test.openspecimen.org\n"
                       "instances:\n"
                       "  \\- ajp://os1.internal.openspecimen.org:8009\n"
                       "  \\- ajp://os2.internal.openspecimen.org:8009\n"
                       "balance:\n"
                       "  secret_file: ajp.secret\n"
                       "admin: [127.0.0.1, 10.0.0.5]\n"
                       ".EE\n"
                       ".SH SEE ALSO\n"
                       ".BR osgen (1)\n");
}
