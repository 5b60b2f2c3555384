/* SPDX-License-Identifier: Apache-2.0 */
#include "switches.h"
#include "buffer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define VALUES_MAX 6

enum kind { CHOICE, NUMBER, TEXT };

static const struct row {
    const char *key;                /* the name of the switch */
    enum kind kind;                 /* how its value is read */
    size_t offset;                  /* where in struct switches it is */
    const char *values[VALUES_MAX]; /* CHOICE: by number, then NULL */
    unsigned least, most;           /* NUMBER: 0, or from least to most */
    const char *accepts;            /* NUMBER and TEXT: the values in words */
} rows[] = {
    {"db", CHOICE, offsetof(struct switches, db),
     .values = {"ok", "refused", "hang", "sqlerror", "error"}},
    {"lockdown", CHOICE, offsetof(struct switches, lockdown), .values = {"off", "on"}},
    {"build", TEXT, offsetof(struct switches, build),
     .accepts = "1 to 100 printable ASCII characters"},
    {"delay", NUMBER, offsetof(struct switches, delay), .least = 0, .most = 600000,
     .accepts = "milliseconds, 0 to 600000"},
    {"busy", CHOICE, offsetof(struct switches, busy), .values = {"off", "on"}},
    {"body", CHOICE, offsetof(struct switches, body),
     .values = {"ok", "html", "truncated", "huge", "slow"}},
    {"status", NUMBER, offsetof(struct switches, status), .least = 200, .most = 599,
     .accepts = "0 or 200 to 599"},
    {"deployed", CHOICE, offsetof(struct switches, deployed), .values = {"off", "on"}},
    {"phase", CHOICE, offsetof(struct switches, phase), .values = {"up", "starting", "down"}},
    {"wire", CHOICE, offsetof(struct switches, wire),
     .values = {"ok", "garbage", "half", "endless", "close"}},
};

#define ROW_COUNT (sizeof rows / sizeof *rows)

const struct switches switches_off = {.build = "v12.2", .deployed = 1};

static void list_keys(char *list, size_t size)
{
    size_t used = 0;

    for (size_t i = 0; i < ROW_COUNT && used < size; i++)
        used += (size_t)snprintf(list + used, size - used, "%s%s", i > 0 ? ", " : "", rows[i].key);
}

static void list_values(const struct row *row, char *list, size_t size)
{
    size_t used = 0;

    if (row->kind != CHOICE) {
        snprintf(list, size, "%s", row->accepts);
        return;
    }
    for (size_t i = 0; row->values[i] != NULL && used < size; i++)
        used +=
            (size_t)snprintf(list + used, size - used, "%s%s", i > 0 ? "|" : "", row->values[i]);
}

static bool set_choice(const struct row *row, void *place, const char *value)
{
    for (unsigned i = 0; row->values[i] != NULL; i++) {
        if (strcmp(row->values[i], value) == 0) {
            *(unsigned *)place = i;
            return true;
        }
    }
    return false;
}

static bool set_number(const struct row *row, void *place, const char *value)
{
    size_t digits = strspn(value, "0123456789");
    unsigned long number = strtoul(value, NULL, 10);

    if (digits == 0 || digits > 9 || value[digits] != '\0')
        return false;
    if (number != 0 && (number < row->least || number > row->most))
        return false;
    *(unsigned *)place = (unsigned)number;
    return true;
}

static bool set_text(const struct row *row, void *place, const char *value)
{
    size_t length = strlen(value);

    (void)row;
    if (length == 0 || length >= SWITCH_TEXT_MAX)
        return false;
    for (size_t i = 0; i < length; i++) {
        if (value[i] < ' ' || value[i] > '~')
            return false;
    }
    memcpy(place, value, length + 1);
    return true;
}

static bool (*const setters[])(const struct row *, void *, const char *) = {
    [CHOICE] = set_choice, [NUMBER] = set_number, [TEXT] = set_text};

bool switches_set(struct switches *switches, const char *key, const char *value, char *why,
                  size_t why_size)
{
    char list[256];

    for (size_t i = 0; i < ROW_COUNT; i++) {
        const struct row *row = &rows[i];

        if (strcmp(row->key, key) != 0)
            continue;
        if (setters[row->kind](row, (char *)switches + row->offset, value))
            return true;
        list_values(row, list, sizeof list);
        snprintf(why, why_size, "%s=%.100s is not accepted: %s=%s", key, value, key, list);
        return false;
    }
    list_keys(list, sizeof list);
    snprintf(why, why_size, "no switch is named %.64s: %s", key, list);
    return false;
}

static void put_value(const struct row *row, const void *place, struct buffer *out)
{
    if (row->kind == TEXT)
        buffer_json(out, place);
    else if (row->kind == NUMBER)
        buffer_format(out, "\"%u\"", *(const unsigned *)place);
    else
        buffer_json(out, row->values[*(const unsigned *)place]);
}

void switches_put(const struct switches *switches, struct buffer *out)
{
    for (size_t i = 0; i < ROW_COUNT; i++) {
        buffer_text(out, i > 0 ? "," : "{");
        buffer_json(out, rows[i].key);
        buffer_text(out, ":");
        put_value(&rows[i], (const char *)switches + rows[i].offset, out);
    }
    buffer_text(out, "}");
}
