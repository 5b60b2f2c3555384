/* SPDX-License-Identifier: Apache-2.0 */
#include "quote.h"
#include "base/text.h"
#include "problem/report.h"

#include "core/message.h"

#include <string.h>

bool osg_quotable(const char *text, struct osb_message *why)
{
    for (const char *at = text; *at != '\0'; at++) {
        if ((unsigned char)*at < 0x20 || *at == 0x7f)
            return osb_refuse(why, "a control character can't be written in httpd's configuration");
    }
    if (strstr(text, "${") != NULL)
        return osb_refuse(why, "\"${\" can't be written in httpd's configuration, which puts the "
                               "value of a variable in its place");
    return true;
}

bool osg_file_name_check(const char *text, struct osb_message *why)
{
    size_t length = strlen(text);

    if (length == 0 || text[0] == '|' || text[length - 1] == '/')
        return osb_refuse(why, "\"%.80s\" is not the name of a file", text);
    return osg_quotable(text, why);
}

bool osg_program_check(const char *text, struct osb_message *why)
{
    if (!osg_file_name_check(text, why))
        return false;
    return strpbrk(text, " \t") == NULL ||
           osb_refuse(why,
                      "\"%.80s\" is not the path of one program: it is run as it is, without "
                      "arguments; a script may give some to another one",
                      text);
}

static bool is_harmless(const char *text)
{
    return text[0] != '\0' && osg_is_made_of(text, "-._~/:*@+[],");
}

static void add_quoted(struct osg_text *text, const char *value)
{
    while (*value != '\0') {
        size_t length = strcspn(value, "\"\\");

        osg_text_add(text, value, length);
        value += length;
        if (*value != '\0') {
            osg_text_put(text, "\\");
            osg_text_add(text, value++, 1);
        }
    }
}

void osg_quote(struct osg_text *text, const char *key, const char *value)
{
    bool bare = is_harmless(value);

    osg_text_put(text, bare ? "" : "\"");
    if (key != NULL) {
        osg_text_put(text, key);
        osg_text_put(text, "=");
    }
    add_quoted(text, value);
    osg_text_put(text, bare ? "" : "\"");
}

void osg_quote_comment(struct osg_text *text, const char *comment)
{
    struct osg_text clean = {0};

    osg_report_clean(&clean, comment);
    for (size_t i = 0; i < clean.length; i++)
        osg_text_add(text, clean.bytes[i] == '\t' ? "?" : &clean.bytes[i], 1);
    osg_text_free(&clean);
}
