/* SPDX-License-Identifier: Apache-2.0 */
#include "json.h"
#include "datetime.h"

#include <jansson.h>

osb_json *osb_json_parse(const char *bytes, size_t length)
{
    return json_loadb(bytes, length, JSON_REJECT_DUPLICATES, NULL);
}

void osb_json_free(osb_json *value)
{
    json_decref(value);
}

bool osb_json_is_object(const osb_json *value)
{
    return json_is_object(value);
}

const char *osb_json_text(const osb_json *object, const char *key)
{
    return json_string_value(json_object_get(object, key));
}

const osb_json *osb_json_at(const osb_json *array, size_t index)
{
    return json_array_get(array, index);
}

const char *osb_json_text_of(const osb_json *value)
{
    return json_string_value(value);
}

const osb_json *osb_json_get(const osb_json *object, const char *key)
{
    return json_object_get(object, key);
}

bool osb_json_number(const osb_json *object, const char *key, uint64_t max, uint64_t *number)
{
    const osb_json *value = json_object_get(object, key);
    json_int_t integer = json_integer_value(value);

    if (!json_is_integer(value) || integer < 0 || (uint64_t)integer > max)
        return false;
    *number = (uint64_t)integer;
    return true;
}

bool osb_json_bool(const osb_json *object, const char *key, bool *truth)
{
    const osb_json *value = json_object_get(object, key);

    if (!json_is_boolean(value))
        return false;
    *truth = json_is_true(value);
    return true;
}

osb_json *osb_json_object(void)
{
    return json_object();
}

osb_json *osb_json_array(void)
{
    return json_array();
}

osb_json *osb_json_string(const char *text)
{
    return json_string(text);
}

void osb_json_put(osb_json *object, const char *key, osb_json *value)
{
    json_object_set_new(object, key, value != NULL ? value : json_null());
}

void osb_json_put_text(osb_json *object, const char *key, const char *text)
{
    osb_json_put(object, key, text != NULL ? json_string(text) : NULL);
}

void osb_json_put_number(osb_json *object, const char *key, uint64_t number)
{
    osb_json_put(object, key, json_integer((json_int_t)number));
}

void osb_json_put_bool(osb_json *object, const char *key, bool truth)
{
    osb_json_put(object, key, json_boolean(truth));
}

void osb_json_put_time(osb_json *object, const char *key, uint64_t ms)
{
    char text[24];

    osb_json_put_text(object, key, ms > 0 ? osb_format_time(ms, text, sizeof text) : NULL);
}

void osb_json_append(osb_json *array, osb_json *value)
{
    json_array_append_new(array, value);
}

static int write_chunk(const char *bytes, size_t length, void *baton)
{
    const struct osb_sink *sink = baton;

    sink->write(sink->baton, bytes, length);
    return 0;
}

void osb_json_write(const osb_json *value, const struct osb_sink *sink)
{
    json_dump_callback(value, write_chunk, (void *)sink, JSON_INDENT(2));
    osb_put(sink, "\n");
}

void osb_json_write_inside(const osb_json *value, const struct osb_sink *sink)
{
    json_dump_callback(value, write_chunk, (void *)sink, JSON_COMPACT | JSON_EMBED);
}

void osb_json_write_line(const osb_json *value, const struct osb_sink *sink)
{
    json_dump_callback(value, write_chunk, (void *)sink, JSON_COMPACT);
    osb_put(sink, "\n");
}
