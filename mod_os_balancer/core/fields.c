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

/* What is greater than it may be is written as the greatest, lest it be refused when it is read. */
static void put_number(const struct osb_field *field, osb_json *object, uint64_t number)
{
    osb_json_put_number(object, field->key, number < field->max ? number : field->max);
}

static bool get_number(const struct osb_field *field, const osb_json *object, uint64_t *number,
                       struct osb_message *why)
{
    return osb_json_number(object, field->key, field->max, number) ||
           osb_refuse(why, "\"%s\" is not there or not a whole number from 0 to %llu", field->key,
                      (unsigned long long)field->max);
}

static void write_word(const struct osb_field *field, osb_json *object, const void *place)
{
    uint32_t word;

    memcpy(&word, place, sizeof word);
    put_number(field, object, word);
}

static bool read_word(const struct osb_field *field, const osb_json *object, void *place,
                      struct osb_message *why)
{
    uint64_t number;
    uint32_t word;

    if (!get_number(field, object, &number, why))
        return false;
    word = (uint32_t)number;
    memcpy(place, &word, sizeof word);
    return true;
}

static void write_count(const struct osb_field *field, osb_json *object, const void *place)
{
    uint64_t count;

    memcpy(&count, place, sizeof count);
    put_number(field, object, count);
}

static bool read_count(const struct osb_field *field, const osb_json *object, void *place,
                       struct osb_message *why)
{
    uint64_t count;

    if (!get_number(field, object, &count, why))
        return false;
    memcpy(place, &count, sizeof count);
    return true;
}

static void write_name(const struct osb_field *field, osb_json *object, const void *place)
{
    uint32_t value;

    memcpy(&value, place, sizeof value);
    osb_json_put_text(object, field->key, value < field->max ? field->name(value) : NULL);
}

static bool read_name(const struct osb_field *field, const osb_json *object, void *place,
                      struct osb_message *why)
{
    const char *text = osb_json_text(object, field->key);

    for (uint32_t value = 0; text != NULL && value < field->max; value++) {
        if (strcmp(text, field->name(value)) == 0) {
            memcpy(place, &value, sizeof value);
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
    [OSB_FIELD_TEXT] = {write_text, read_text}, [OSB_FIELD_BOOL] = {write_bool, read_bool},
    [OSB_FIELD_WORD] = {write_word, read_word}, [OSB_FIELD_COUNT] = {write_count, read_count},
    [OSB_FIELD_NAME] = {write_name, read_name}, [OSB_FIELD_OBJECT] = {write_object, read_object},
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
