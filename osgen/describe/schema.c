/* SPDX-License-Identifier: Apache-2.0 */
#include "schema.h"
#include "base/text.h"
#include "topology/form.h"
#include "topology/grammar.h"

#include "core/json.h"
#include "core/settings.h"
#include "core/vocabulary.h"

#include <ctype.h>

/* The things of which a value is one. */
struct options {
    osb_json *items[8];
    size_t count;
};

static void add(struct options *options, osb_json *schema)
{
    options->items[options->count++] = schema;
}

/* Takes them over. */
static osb_json *any_of(const struct options *options)
{
    osb_json *schema, *list;

    if (options->count == 1)
        return options->items[0];
    schema = osb_json_object();
    list = osb_json_array();
    for (size_t i = 0; i < options->count; i++)
        osb_json_append(list, options->items[i]);
    osb_json_put(schema, "anyOf", list);
    return schema;
}

static osb_json *type(const char *name)
{
    osb_json *schema = osb_json_object();

    osb_json_put_text(schema, "type", name);
    return schema;
}

/* JSON Schema knows no letters of either case: "on" is "[Oo][Nn]". */
static void add_any_case(struct osg_text *pattern, const char *name)
{
    for (; *name != '\0'; name++) {
        if (isalpha((unsigned char)*name))
            osg_text_printf(pattern, "[%c%c]", toupper((unsigned char)*name),
                            tolower((unsigned char)*name));
        else
            osg_text_add(pattern, name, 1);
    }
}

/* The names themselves are what an editor offers; the pattern lets the others pass. */
static void add_choices(struct options *options, const struct osg_form *form)
{
    osb_json *names = osb_json_array(), *offered = osb_json_object(), *others = type("string");
    struct osg_text pattern = {0};
    struct osg_choice choice;

    for (size_t i = 0; form->choices(i, &choice); i++) {
        osb_json_append(names, osb_json_string(choice.name));
        osg_text_put(&pattern, i == 0 ? "^(" : "|");
        add_any_case(&pattern, choice.name);
    }
    osg_text_put(&pattern, ")$");
    osb_json_put(offered, "enum", names);
    add(options, offered);
    osb_json_put_text(others, "pattern", pattern.bytes);
    add(options, others);
    osg_text_free(&pattern);
}

/* A pattern asks something of texts only, and a range of numbers. */
static void add_scalar(struct options *options, const struct osg_form *form, uint32_t min,
                       uint32_t max)
{
    if (form->choices != NULL)
        add_choices(options, form);
    if (form->choices == NULL || form->pattern != NULL) {
        osb_json *text = type("string");

        if (form->pattern != NULL)
            osb_json_put_text(text, "pattern", form->pattern);
        add(options, text);
    }
    if ((form->also & OSG_ALSO_NUMBER) != 0) {
        osb_json *number = type(form->show != NULL ? "integer" : "number");

        if (form->show != NULL) {
            osb_json_put_number(number, "minimum", min);
            osb_json_put_number(number, "maximum", max);
        }
        add(options, number);
    }
    if ((form->also & OSG_ALSO_SWITCH) != 0)
        add(options, type("boolean"));
}

static osb_json *list_of(const struct options *items)
{
    osb_json *schema = type("array");

    osb_json_put(schema, "items", any_of(items));
    osb_json_put_number(schema, "minItems", 1);
    return schema;
}

static void add_scalar_list(struct options *options, const struct osg_form *form, uint32_t min,
                            uint32_t max)
{
    struct options items = {.count = 0};

    add_scalar(&items, form, min, max);
    add(options, list_of(&items));
}

static osb_json *mapping(osb_json *properties)
{
    osb_json *schema = type("object");

    osb_json_put(schema, "properties", properties);
    osb_json_put_bool(schema, "additionalProperties", false);
    return schema;
}

static void add_setting(struct options *options, const struct osb_setting *row)
{
    const struct osg_form *form = osg_form_of_setting(row);

    add_scalar(options, form, row->min, row->max);
    if (row->type == OSB_SETTING_PATHS)
        add_scalar_list(options, form, row->min, row->max);
}

static osb_json *described(const struct options *options, const char *help)
{
    osb_json *schema = any_of(options);

    osb_json_put_text(schema, "description", help);
    return schema;
}

static osb_json *settings_schema(const struct osg_key *key)
{
    osb_json *properties = osb_json_object();

    for (size_t i = 0; i < *key->row_count; i++) {
        struct options options = {.count = 0};

        add_setting(&options, &key->rows[i]);
        osb_json_put(properties, key->rows[i].key, described(&options, key->rows[i].meaning));
    }
    return mapping(properties);
}

static osb_json *grammar_schema(const struct osg_grammar *grammar);
static void add_value(struct options *options, const struct osg_key *key);

/* A value of GRAMMAR: a mapping, or what its first key takes. */
static void add_grammar(struct options *options, const struct osg_grammar *grammar)
{
    add_value(options, &grammar->keys[0]);
    add(options, grammar_schema(grammar));
}

static void add_plain(struct options *options, const struct osg_key *key)
{
    if ((key->takes & OSG_TAKES_SCALAR) != 0)
        add_scalar(options, osg_form_of(key), key->min, key->max);
    if ((key->takes & OSG_TAKES_LIST) != 0)
        add_scalar_list(options, osg_form_of(key), key->min, key->max);
    if (key->rows != NULL)
        add(options, settings_schema(key));
}

static void add_value(struct options *options, const struct osg_key *key)
{
    const struct osb_setting *setting = osg_setting_of(key);
    struct options items = {.count = 0};

    if ((key->takes & OSG_TAKES_NULL) != 0)
        add(options, type("null"));
    if (setting != NULL) {
        add_setting(options, setting);
    } else if (key->inside == NULL) {
        add_plain(options, key);
    } else if ((key->takes & OSG_TAKES_MAPPING) != 0) {
        add_grammar(options, key->inside);
    } else {
        add_grammar(&items, key->inside);
        add(options, list_of(&items));
    }
}

static osb_json *required_of(const struct osg_grammar *grammar)
{
    osb_json *names = osb_json_array();

    for (size_t i = 0; i < grammar->count; i++) {
        if (grammar->keys[i].required)
            osb_json_append(names, osb_json_string(grammar->keys[i].name));
    }
    return names;
}

static osb_json *grammar_schema(const struct osg_grammar *grammar)
{
    osb_json *properties = osb_json_object(), *schema;

    for (size_t i = 0; i < grammar->count; i++) {
        struct options options = {.count = 0};

        add_value(&options, &grammar->keys[i]);
        osb_json_put(properties, grammar->keys[i].name, described(&options, grammar->keys[i].help));
    }
    schema = mapping(properties);
    osb_json_put(schema, "required", required_of(grammar));
    return schema;
}

void osg_schema(struct osg_text *text)
{
    const struct osb_sink sink = osg_text_sink(text);
    osb_json *schema = grammar_schema(&osg_topology_grammar);

    osb_json_put_text(schema, "$schema", "http://json-schema.org/draft-07/schema#");
    osb_json_put_text(schema, "title", "A topology of osgen " OSB_VERSION);
    osb_json_write(schema, &sink);
    osb_json_free(schema);
}
