/* SPDX-License-Identifier: Apache-2.0 */
#include "parse.h"
#include "message.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define NAME_MAX_LENGTH 48

static const struct osb_unit times[] = {{"m", 60000}, {"s", 1000}, {"ms", 1}};

#define TIMES (sizeof times / sizeof *times)

/* Reads leading digits into NUMBER. Returns how many there were, or 0 if none or more than fit. */
static size_t read_digits(const char *text, uint64_t *number)
{
    size_t length = 0;

    *number = 0;
    for (; text[length] >= '0' && text[length] <= '9'; length++) {
        if (length == 18)
            return 0;
        *number = *number * 10 + (uint64_t)(text[length] - '0');
    }
    return length;
}

bool osb_parse_number(const char *text, uint32_t min, uint32_t max, uint32_t *number,
                      struct osb_message *why)
{
    uint64_t value;
    size_t length = read_digits(text, &value);

    if (length == 0 || text[length] != '\0' || value < min || value > max)
        return osb_refuse(why, "\"%.40s\" is not a whole number from %u to %u", text, min, max);
    *number = (uint32_t)value;
    return true;
}

bool osb_parse_percent(const char *text, uint32_t min, uint32_t max, uint32_t *percent,
                       struct osb_message *why)
{
    uint64_t value;
    size_t length = read_digits(text, &value);

    if (length == 0 || strcmp(text + length, "%") != 0 || value < min || value > max)
        return osb_refuse(why, "\"%.40s\" is not a share from %u%% to %u%%", text, min, max);
    *percent = (uint32_t)value;
    return true;
}

bool osb_parse_units(const char *text, const struct osb_unit *units, size_t count, uint32_t min,
                     uint32_t max, uint32_t *value)
{
    uint64_t number;
    size_t length = read_digits(text, &number), i = 0;

    while (i < count && strcmp(units[i].name, text + length) != 0)
        i++;
    if (length == 0 || i == count || number > max / units[i].factor ||
        number * units[i].factor < min)
        return false;
    *value = (uint32_t)number * units[i].factor;
    return true;
}

char *osb_format_units(uint32_t value, const struct osb_unit *units, size_t count, char *buffer,
                       size_t size)
{
    size_t i = value == 0 ? count - 1 : 0;

    while (value % units[i].factor != 0)
        i++;
    snprintf(buffer, size, "%u%s", value / units[i].factor, units[i].name);
    return buffer;
}

bool osb_parse_duration(const char *text, uint32_t min_ms, uint32_t max_ms, uint32_t *ms,
                        struct osb_message *why)
{
    char least[16], most[16];

    return osb_parse_units(text, times, TIMES, min_ms, max_ms, ms) ||
           osb_refuse(why,
                      "\"%.40s\" is not a duration from %s to %s, written with its unit: "
                      "500ms, 2s or 1m",
                      text, osb_format_duration(min_ms, least, sizeof least),
                      osb_format_duration(max_ms, most, sizeof most));
}

char *osb_format_duration(uint32_t ms, char *buffer, size_t size)
{
    return osb_format_units(ms, times, TIMES, buffer, size);
}

void osb_list_names(char *list, size_t size, const char *const *names, size_t count)
{
    size_t used = 0;

    list[0] = '\0';
    for (size_t i = 0; i < count && used < size; i++) {
        const char *join = i == 0 ? "" : i + 1 < count ? ", " : " or ";
        int length = snprintf(list + used, size - used, "%s%s", join, names[i]);

        used += length > 0 ? (size_t)length : 0;
    }
}

bool osb_parse_choice(const char *text, const char *const *names, size_t count, size_t *index,
                      struct osb_message *why)
{
    char list[OSB_MESSAGE_MAX - 80];

    for (size_t i = 0; i < count; i++) {
        if (strcasecmp(text, names[i]) == 0) {
            *index = i;
            return true;
        }
    }
    if (why == NULL)
        return false;
    osb_list_names(list, sizeof list, names, count);
    return osb_refuse(why, "\"%.40s\" is not one of: %s", text, list);
}

static size_t least_of(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Damerau's distance, the form in which a swapped pair is not edited again: rows of the classic
 * table, of which three are kept. "intreval" and "interval" are 1 apart. */
static size_t distance(const char *a, const char *b)
{
    size_t rows[3][NAME_MAX_LENGTH + 1];
    size_t *older = rows[0], *old = rows[1], *row = rows[2];
    size_t length = strlen(b);

    for (size_t j = 0; j <= length; j++)
        old[j] = j;
    for (size_t i = 1; a[i - 1] != '\0'; i++) {
        size_t *spare = older;

        row[0] = i;
        for (size_t j = 1; j <= length; j++) {
            size_t change = tolower((unsigned char)a[i - 1]) != tolower((unsigned char)b[j - 1]);

            row[j] = least_of(least_of(old[j], row[j - 1]) + 1, old[j - 1] + change);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = least_of(row[j], older[j - 2] + 1);
        }
        older = old;
        old = row;
        row = spare;
    }
    return old[length];
}

/* Is more than MOST apart for sure? That is told sooner than how far: a letter that NAME hasn't
 * costs a change of its own, and so does each letter of length. */
static bool is_far(const char *text, const char *name, size_t most)
{
    size_t length = strlen(text), other = strlen(name), apart = 0;

    if (length > other + most || other > length + most)
        return true;
    for (; *text != '\0' && apart <= most; text++)
        apart += strchr(name, tolower((unsigned char)*text)) == NULL &&
                 strchr(name, toupper((unsigned char)*text)) == NULL;
    return apart > most;
}

const char *osb_nearest(const char *text, const char *const *names, size_t count)
{
    const char *nearest = NULL;
    size_t best = 3;

    if (strlen(text) > NAME_MAX_LENGTH)
        return NULL;
    for (size_t i = 0; i < count; i++) {
        size_t length = strlen(names[i]);
        bool far = length > NAME_MAX_LENGTH || is_far(text, names[i], best - 1);
        size_t apart = far ? best : distance(text, names[i]);

        if (apart < best && apart * 2 < length) {
            best = apart;
            nearest = names[i];
        }
    }
    return nearest;
}
