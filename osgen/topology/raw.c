/* SPDX-License-Identifier: Apache-2.0 */
#include "raw.h"
#include "base/text.h"

#include "core/message.h"
#include "core/vocabulary.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#define DEEPEST      16
#define LONGEST_NAME 64

/* What httpd refuses within a virtual host, or takes for the whole server there too: those of its
 * core and of modules that a site is likely to have. */
static const char *const of_the_server[] = {
    "AcceptFilter",
    "ChrootDir",
    "CoreDumpDirectory",
    "DefaultRuntimeDir",
    "ExtendedStatus",
    "Group",
    "Listen",
    "ListenBacklog",
    "LoadFile",
    "LoadModule",
    "MaxClients",
    "MaxConnectionsPerChild",
    "MaxMemFree",
    "MaxRequestWorkers",
    "MaxRequestsPerChild",
    "MaxSpareThreads",
    "MinSpareThreads",
    "Mutex",
    "PidFile",
    "SSLCryptoDevice",
    "SSLPassPhraseDialog",
    "SSLRandomSeed",
    "SSLSessionCache",
    "SSLStaplingCache",
    "ScoreBoardFile",
    "ServerLimit",
    "ServerRoot",
    "ServerTokens",
    "StartServers",
    "ThreadLimit",
    "ThreadsPerChild",
    "User",
    OSB_DIRECTIVE_NOTIFY,
    OSB_DIRECTIVE_STATE_FILE,
};

/* Sections that are open, the innermost last. */
struct sections {
    char names[DEEPEST][LONGEST_NAME];
    size_t depth;
};

/* Adds a line as httpd reads it, which takes what follows a backslash at its end for more of it.
 * Returns where the next one begins, or NULL if the last line ends in one. */
static const char *join_line(struct osg_text *line, const char *at)
{
    for (;;) {
        size_t length = strcspn(at, "\n");
        bool goes_on = length > 0 && at[length - 1] == '\\';

        osg_text_add(line, at, goes_on ? length - 1 : length);
        at += length + (at[length] == '\n');
        if (!goes_on)
            return at;
        if (*at == '\0')
            return NULL;
    }
}

static bool open_section(struct sections *open, const char *name, struct osb_message *why)
{
    static const char vhost[] = "VirtualHost";
    size_t length = strcspn(name, " \t>");

    if (open->depth == DEEPEST || length >= LONGEST_NAME || length == 0)
        return osb_refuse(why, "<%.40s opens one section too many, or one that is none", name);
    if (strlen(vhost) == length && strncasecmp(vhost, name, length) == 0)
        return osb_refuse(why, "a virtual host can't stand within another one");
    memcpy(open->names[open->depth], name, length);
    open->names[open->depth++][length] = '\0';
    return true;
}

static bool close_section(struct sections *open, const char *name, struct osb_message *why)
{
    size_t length = strcspn(name, " \t>");
    const char *inner = open->depth > 0 ? open->names[open->depth - 1] : "";

    if (strlen(inner) != length || strncasecmp(inner, name, length) != 0)
        return osb_refuse(why, "</%.40s closes what isn't open here", name);
    open->depth--;
    return true;
}

static bool check_directive(const char *line, struct osb_message *why)
{
    size_t length = strcspn(line, " \t");

    for (size_t i = 0; i < sizeof of_the_server / sizeof *of_the_server; i++) {
        const char *name = of_the_server[i];

        if (strlen(name) == length && strncasecmp(name, line, length) == 0)
            return osb_refuse(why,
                              "%s is for the whole server: it goes into a file of httpd's own, "
                              "outside of all virtual hosts",
                              name);
    }
    return true;
}

static bool check_line(struct sections *open, const char *line, struct osb_message *why)
{
    while (isspace((unsigned char)*line))
        line++;
    if (line[0] != '<')
        return check_directive(line, why);
    return line[1] == '/' ? close_section(open, line + 2, why) : open_section(open, line + 1, why);
}

static bool is_printable(const char *lines, struct osb_message *why)
{
    for (const char *at = lines; *at != '\0'; at++) {
        if (((unsigned char)*at < 0x20 && *at != '\t' && *at != '\n') || *at == 0x7f)
            return osb_refuse(why, "a control character can't be written in httpd's configuration");
    }
    return true;
}

static bool check_lines(struct sections *open, const char *lines, struct osb_message *why)
{
    const char *at = lines;

    while (at != NULL && *at != '\0') {
        struct osg_text line = {0};
        bool good;

        at = join_line(&line, at);
        good = check_line(open, line.bytes != NULL ? line.bytes : "", why);
        osg_text_free(&line);
        if (!good)
            return false;
    }
    return at != NULL || osb_refuse(why, "the last line ends in a backslash, and would go on in "
                                         "what follows it");
}

bool osg_raw_check(const char *lines, struct osb_message *why)
{
    struct sections open = {.depth = 0};

    if (!is_printable(lines, why) || !check_lines(&open, lines, why))
        return false;
    return open.depth == 0 ||
           osb_refuse(why, "<%s> is opened and not closed", open.names[open.depth - 1]);
}

void osg_emit_raw(struct osg_text *text, const char *lines)
{
    bool goes_on = false;

    osg_text_put(text, "\n" OSG_RAW_BEGIN);
    while (*lines != '\0') {
        size_t length = strcspn(lines, "\n");

        /* Blanks in the middle of a word would be part of it. */
        osg_text_put(text, length > 0 && !goes_on ? "    " : "");
        osg_text_add(text, lines, length);
        osg_text_put(text, "\n");
        goes_on = length > 0 && lines[length - 1] == '\\';
        lines += length + (lines[length] == '\n');
    }
    osg_text_put(text, OSG_RAW_END);
}
