/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Structs as JSON objects and back, by tables: a row for each field says its key, type and range
 * once, for writing and for reading.
 */
#ifndef OSB_FIELDS_H
#define OSB_FIELDS_H

#include "json.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct osb_message;

/* Beyond this, numbers of JSON aren't exact everywhere (2^53 - 1). */
#define OSB_COUNT_MAX ((UINT64_C(1) << 53) - 1)

enum osb_field_type {
    OSB_FIELD_TEXT,  /* char[size] */
    OSB_FIELD_BOOL,  /* bool */
    OSB_FIELD_WORD,  /* unsigned or uint32_t, at most max */
    OSB_FIELD_COUNT, /* uint64_t, at most max */
    OSB_FIELD_NAME,  /* an enumeration, by its names */
    OSB_FIELD_OBJECT /* a struct */
};

struct osb_field {
    const char *key;                     /* in JSON */
    enum osb_field_type type;            /* which of the rest counts */
    size_t offset;                       /* in the struct */
    uint64_t max;                        /* WORD, COUNT: the greatest value; NAME: how many there
                                          * are; TEXT: bytes of the field, at most 1024 */
    const char *(*name)(unsigned value); /* NAME: of each value below max */
    const struct osb_field *fields;      /* OBJECT: its own rows */
    bool whole;                          /* TEXT: refused if it would have to be cut or cleaned */
};

/* An object with FIELDS, up to the row without a key, of the struct at RECORD. Texts are cleaned.
 */
osb_json *osb_fields_write(const struct osb_field *fields, const void *record);

/* Fills in the FIELDS of RECORD from OBJECT; keys without a row are ignored. False, and which key
 * is wrong, if one is missing or isn't what its row says. Texts are cleaned, and cut to fit. */
bool osb_fields_read(const struct osb_field *fields, const osb_json *object, void *record,
                     struct osb_message *why);

#endif
