/* SPDX-License-Identifier: Apache-2.0 */
#include "fields.h"
#include "message.h"
#include "text.h"

#include <string.h>

#define TEXT_MAX 1024

_Static_assert(sizeof(enum osb_field_type) == sizeof(uint32_t), "an enumeration is a word");
_Static_assert(sizeof(unsigned) == sizeof(uint32_t), "and so is unsigned");

static void write_text(const struct osb_field *field, osb_json *object, const void *place)
{
    char clean[TEXT_MAX];

    osb_json_put_text(object, field->key, osb_text_copy(clean, sizeof clean, place));
}

static bool read_text(const struct osb_field *field, const osb_json *object, void *place,
                      struct osb_message *why)
{
    const char *text = osb_json_text(object, field->key);

    if (text == NULL)
        return osb_refuse(why, "\"%s\" is not there or not a text", field->key);
    osb_text_copy(place, (size_t)field->max, text);
    return !field->whole || strcmp(place, text) == 0 ||
           osb_refuse(why, "\"%s\" is too long or has characters that it can't have", field->key);
}

static void write_bool(const struct osb_field *field, osb_json *object, const void *place)
{
    bool truth;

    memcpy(&truth, place, sizeof truth);
    osb_json_put_bool(object, field->key, truth);
}

static bool read_bool(const struct osb_field *field, const osb_json *object, void *place,
                      struct osb_message *why)
{
    bool truth;

    if (!osb_json_bool(object, field->key, &truth))
        return osb_refuse(why, "\"%s\" is not there or neither true nor false", field->key);
    memcpy(place, &truth, sizeof truth);
    return true;
}

/* A WORD, a COUNT or the value of a NAME. */
static uint64_t load(const struct osb_field *field, const void *place)
{
    uint64_t count;
    uint32_t word;

    if (field->type == OSB_FIELD_COUNT) {
        memcpy(&count, place, sizeof count);
        return count;
    }
    memcpy(&word, place, sizeof word);
    return word;
}

static void store(const struct osb_field *field, void *place, uint64_t number)
{
    uint32_t word = (uint32_t)number;

    if (field->type == OSB_FIELD_COUNT)
        memcpy(place, &number, sizeof number);
    else
        memcpy(place, &word, sizeof word);
}

/* What is greater than it may be is written as the greatest, lest it be refused when it is read. */
static void write_number(const struct osb_field *field, osb_json *object, const void *place)
{
    uint64_t number = load(field, place);

    osb_json_put_number(object, field->key, number < field->max ? number : field->max);
}

static bool read_number(const struct osb_field *field, const osb_json *object, void *place,
                        struct osb_message *why)
{
    uint64_t number;

    if (!osb_json_number(object, field->key, field->max, &number))
        return osb_refuse(why, "\"%s\" is not there or not a whole number from 0 to %llu",
                          field->key, (unsigned long long)field->max);
    store(field, place, number);
    return true;
}

static void write_name(const struct osb_field *field, osb_json *object, const void *place)
{
    uint64_t value = load(field, place);

    osb_json_put_text(object, field->key, value < field->max ? field->name((unsigned)value) : NULL);
}

static bool read_name(const struct osb_field *field, const osb_json *object, void *place,
                      struct osb_message *why)
{
    const char *text = osb_json_text(object, field->key);

    for (unsigned value = 0; text != NULL && value < field->max; value++) {
        if (strcmp(text, field->name(value)) == 0) {
            store(field, place, value);
            return true;
        }
    }
    return osb_refuse(why, "\"%s\" is not there or not one of its names", field->key);
}

static void write_object(const struct osb_field *field, osb_json *object, const void *place)
{
    osb_json_put(object, field->key, osb_fields_write(field->fields, place));
}

static bool read_object(const struct osb_field *field, const osb_json *object, void *place,
                        struct osb_message *why)
{
    struct osb_message inner;

    return osb_fields_read(field->fields, osb_json_get(object, field->key), place, &inner) ||
           osb_refuse(why, "in \"%s\" %.400s", field->key, inner.text);
}

static const struct codec {
    void (*write)(const struct osb_field *field, osb_json *object, const void *place);
    bool (*read)(const struct osb_field *field, const osb_json *object, void *place,
                 struct osb_message *why);
} codecs[] = {
    [OSB_FIELD_TEXT] = {write_text, read_text},
    [OSB_FIELD_BOOL] = {write_bool, read_bool},
    [OSB_FIELD_WORD] = {write_number, read_number},
    [OSB_FIELD_COUNT] = {write_number, read_number},
    [OSB_FIELD_NAME] = {write_name, read_name},
    [OSB_FIELD_OBJECT] = {write_object, read_object},
};

osb_json *osb_fields_write(const struct osb_field *fields, const void *record)
{
    osb_json *object = osb_json_object();

    for (const struct osb_field *field = fields; field->key != NULL; field++)
        codecs[field->type].write(field, object, (const char *)record + field->offset);
    return object;
}

bool osb_fields_read(const struct osb_field *fields, const osb_json *object, void *record,
                     struct osb_message *why)
{
    for (const struct osb_field *field = fields; field->key != NULL; field++) {
        if (!codecs[field->type].read(field, object, (char *)record + field->offset, why))
            return false;
    }
    return true;
}
