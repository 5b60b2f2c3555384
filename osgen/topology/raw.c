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
 * core and of modules that a site is likely to have. Define may stand: adopt has a variable go with
 * the lines that want it. */
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
    "UnDefine",
    "User",
    OSB_DIRECTIVE_NOTIFY,
    OSB_DIRECTIVE_STATE_FILE,
};

/* A section that is open. */
struct section {
    char name[LONGEST_NAME];
    struct osg_raw_line line; /* where it begins */
    bool bad;                 /* can't it stand here? That is told then */
};

struct reading {
    struct section open[DEEPEST]; /* the innermost last */
    size_t depth;                 /* how many are open */
    struct osg_raw_line line;     /* that is read */
    osg_raw_fault *tell;
    void *context;
};

/* Adds a line as httpd reads it, which takes what follows a backslash at its end for more of it.
 * Returns how many lines of the text these are, and moves AT behind them, or to NULL if the last
 * one ends in a backslash. */
static uint32_t join_line(struct osg_text *line, const char **at)
{
    uint32_t count = 1;

    for (;; count++) {
        size_t length = strcspn(*at, "\n");
        bool goes_on = length > 0 && (*at)[length - 1] == '\\';

        osg_text_add(line, *at, goes_on ? length - 1 : length);
        *at += length + ((*at)[length] == '\n');
        if (!goes_on)
            return count;
        if (**at == '\0') {
            *at = NULL;
            return count;
        }
    }
}

/* One that can't stand here is opened all the same, lest its end is told too. */
static bool open_section(struct reading *reading, const char *name, struct osb_message *why)
{
    static const char vhost[] = "VirtualHost";
    size_t length = strcspn(name, " \t>");
    struct section *section = &reading->open[reading->depth];

    if (reading->depth == DEEPEST || length >= LONGEST_NAME || length == 0)
        return osb_refuse(why, "<%.40s opens one section too many, or one that is none", name);
    memcpy(section->name, name, length);
    section->name[length] = '\0';
    section->line = reading->line;
    section->bad = strcasecmp(section->name, vhost) == 0;
    reading->depth++;
    return !section->bad || osb_refuse(why, "a virtual host can't stand within another one");
}

static bool is_named(const struct section *section, const char *name)
{
    size_t length = strcspn(name, " \t>");

    return strlen(section->name) == length && strncasecmp(section->name, name, length) == 0;
}

/* If it closes an outer one, those in between are closed with it: one slip is told once. */
static bool close_section(struct reading *reading, const char *name, struct osb_message *why)
{
    size_t depth = reading->depth, inner = depth;

    while (depth > 0 && !is_named(&reading->open[depth - 1], name))
        depth--;
    if (depth == 0)
        return osb_refuse(why, "</%.40s closes what isn't open here", name);
    reading->depth = depth - 1;
    return depth == inner || osb_refuse(why, "</%.40s comes before <%s> is closed", name,
                                        reading->open[inner - 1].name);
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

static bool is_printable(const char *line, struct osb_message *why)
{
    for (const char *at = line; *at != '\0'; at++) {
        if (((unsigned char)*at < 0x20 && *at != '\t') || *at == 0x7f)
            return osb_refuse(why, "a control character can't be written in httpd's configuration");
    }
    return true;
}

static bool check_line(struct reading *reading, const char *line, struct osb_message *why)
{
    if (!is_printable(line, why))
        return false;
    while (isspace((unsigned char)*line))
        line++;
    if (line[0] != '<')
        return check_directive(line, why);
    return line[1] == '/' ? close_section(reading, line + 2, why)
                          : open_section(reading, line + 1, why);
}

/* Reads the line at AT, with those that it goes on in. Returns where the next one begins; NULL:
 * there is none. */
static const char *read_line(struct reading *reading, const char *at)
{
    struct osg_text line = {0};
    struct osb_message why;
    uint32_t count;

    reading->line.indent = (uint32_t)strspn(at, " \t");
    count = join_line(&line, &at);
    if (!check_line(reading, line.bytes != NULL ? line.bytes : "", &why))
        reading->tell(reading->context, reading->line, why.text);
    osg_text_free(&line);
    if (at == NULL)
        reading->tell(reading->context, reading->line,
                      "the last line ends in a backslash, and would go on in what follows it");
    reading->line.number += count;
    return at;
}

void osg_raw_judge(const char *lines, osg_raw_fault *tell, void *context)
{
    struct reading reading = {.line = {.number = 1}, .tell = tell, .context = context};
    struct osb_message why;

    for (const char *at = lines; at != NULL && *at != '\0';)
        at = read_line(&reading, at);
    for (size_t i = 0; i < reading.depth; i++) {
        const struct section *section = &reading.open[i];

        osb_refuse(&why, "<%s> is opened and not closed", section->name);
        if (!section->bad)
            tell(context, section->line, why.text);
    }
}

/* The first of what is wrong, and whether anything is. */
struct verdict {
    struct osb_message *why;
    bool good;
};

static void keep_first(void *context, struct osg_raw_line line, const char *fault)
{
    struct verdict *verdict = context;

    (void)line;
    if (verdict->good)
        verdict->good = osb_refuse(verdict->why, "%s", fault);
}

bool osg_raw_check(const char *lines, struct osb_message *why)
{
    struct verdict verdict = {.why = why, .good = true};

    osg_raw_judge(lines, keep_first, &verdict);
    return verdict.good;
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
