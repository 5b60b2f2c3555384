/* SPDX-License-Identifier: Apache-2.0 */
#include "yaml_text.h"
#include "switch.h"
#include "base/text.h"

#include "core/utf8.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

#define PLAIN                                                        \
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789" \
    "/._-"

/* The colons of a URL, with no address of IPv6 in it, are harmless. */
static bool is_plain(const char *value)
{
    bool url = strstr(value, "://") != NULL && value[strlen(value) - 1] != ':' &&
               value[strspn(value, PLAIN ":")] == '\0' && strstr(value, "::") == NULL;
    bool on;

    return value[0] != '-' && value[0] != '\0' && value[0] != ':' &&
           strcasecmp(value, "null") != 0 && !osg_is_switch(value, &on) &&
           (url || value[strspn(value, PLAIN)] == '\0');
}

/* What ends a line to YAML, or isn't to be seen. */
static bool wants_escape(uint32_t code)
{
    return code < 0x20 || (code >= 0x7f && code < 0xa0) || code == 0x2028 || code == 0x2029 ||
           code == 0xfeff;
}

static bool has_escapes(const char *value)
{
    size_t left = strlen(value), length;
    uint32_t code = 0;

    for (; left > 0; left -= length, value += length) {
        length = osb_utf8_read(value, left, &code);
        if (length == 0 || wants_escape(code))
            return true;
    }
    return false;
}

static void put_single(struct osg_text *text, const char *value)
{
    osg_text_put(text, "'");
    for (; *value != '\0'; value++) {
        osg_text_add(text, value, 1);
        if (*value == '\'')
            osg_text_put(text, "'");
    }
    osg_text_put(text, "'");
}

static void put_double(struct osg_text *text, const char *value)
{
    size_t left = strlen(value), length;
    uint32_t code = 0;

    osg_text_put(text, "\"");
    for (; left > 0; left -= length, value += length) {
        length = osb_utf8_read(value, left, &code);
        if (length == 0)
            length = 1;
        else if (*value == '\n')
            osg_text_put(text, "\\n");
        else if (wants_escape(code))
            osg_text_printf(text, "\\u%04x", code);
        else if (*value == '"' || *value == '\\')
            osg_text_printf(text, "\\%c", *value);
        else
            osg_text_add(text, value, length);
    }
    osg_text_put(text, "\"");
}

void osg_yaml_put(struct osg_text *text, const char *value)
{
    if (is_plain(value))
        osg_text_put(text, value);
    else if (has_escapes(value))
        put_double(text, value);
    else
        put_single(text, value);
}

/* Tabs and newlines apart, no character may want an escape. */
static bool fits_block(const char *lines)
{
    size_t left = strlen(lines), length;
    uint32_t code = 0;

    if (left == 0 || lines[left - 1] != '\n')
        return false;
    for (; left > 0; left -= length, lines += length) {
        length = osb_utf8_read(lines, left, &code);
        if (length == 0 || (wants_escape(code) && code != '\t' && code != '\n'))
            return false;
    }
    return true;
}

/* Blanks that the first line begins with aren't indentation, and empty lines at the end are kept.
 */
static void put_block(struct osg_text *text, const char *lines)
{
    size_t length = strlen(lines);
    bool keeps = length < 2 || lines[length - 2] == '\n';

    osg_text_printf(text, "|%s%s\n", strchr(" \t\n", lines[0]) != NULL ? "2" : "",
                    keeps ? "+" : "");
    while (*lines != '\0') {
        length = strcspn(lines, "\n");
        osg_text_put(text, length > 0 ? "  " : "");
        osg_text_add(text, lines, length + 1);
        lines += length + 1;
    }
}

void osg_yaml_put_lines(struct osg_text *text, const char *lines)
{
    if (fits_block(lines)) {
        put_block(text, lines);
        return;
    }
    put_double(text, lines);
    osg_text_put(text, "\n");
}
