/* SPDX-License-Identifier: Apache-2.0 */
/* apply and try: the same, but that try asks. */
#include "command.h"
#include "apply/apply.h"
#include "base/exit.h"
#include "problem/console.h"
#include "topology/session.h"

#include "core/message.h"
#include "core/parse.h"

#include <string.h>

/* What httpd gets to take a file, and people to confirm it. */
#define LOOK_MS 30000
#define ASK_MS  60000

enum { OUTPUT, CONTROL, STATUS_URL, NO_WAIT, TIMEOUT, DRY_RUN, CONFIRM, OPTIONS };

#define COMMON                                                                                \
    [OUTPUT] = {.letter = 'o',                                                                \
                .name = "output",                                                             \
                .argument = "FILE",                                                           \
                .help = "the file in place, which httpd includes"},                           \
    [CONTROL] = {.name = "control",                                                           \
                 .argument = "PATH",                                                          \
                 .help = "apachectl, apache2ctl or httpd; found by itself otherwise"},        \
    [STATUS_URL] = {.name = "status-url",                                                     \
                    .argument = "URL",                                                        \
                    .help = "the status page, if it isn't at the site's own address here"},   \
    [NO_WAIT] = {.name = "no-wait", .help = "doesn't look whether httpd has taken the file"}, \
    [DRY_RUN] = {.name = "dry-run", .help = "says what would be done, and does nothing"}

static const struct osg_option apply_options[] = {
    COMMON,
    [TIMEOUT] = {.letter = 't',
                 .name = "timeout",
                 .argument = "TIME",
                 .help = "the longest wait for the status page; 30s unless set"},
};
static const struct osg_option try_options[] = {
    COMMON,
    [TIMEOUT] = {.letter = 't',
                 .name = "timeout",
                 .argument = "TIME",
                 .help = "the longest wait for somebody to confirm; 60s unless set"},
    [CONFIRM] = {.name = "confirm", .help = "confirms, for an osgen try that waits elsewhere"},
};

static int misused(const char *name, const char *why)
{
    osg_say("%s %s; osgen %s --help shows more", name, why, name);
    return OSG_EXIT_USAGE;
}

static bool read_time(const struct osg_arguments *given, uint32_t *ms)
{
    struct osb_message why = {""};

    if (given->values[TIMEOUT] == NULL ||
        osb_parse_duration(given->values[TIMEOUT], 100, 3600000, ms, &why))
        return true;
    osg_say("--timeout: %s", why.text);
    return false;
}

static int order(const struct osg_arguments *given, const char *name, uint32_t look_ms,
                 uint32_t ask_ms)
{
    struct osg_session session;
    struct osg_order order = {.session = &session,
                              .path = given->values[OUTPUT],
                              .control = given->values[CONTROL],
                              .status_url = given->values[STATUS_URL],
                              .waits = given->values[NO_WAIT] == NULL,
                              .look_ms = look_ms,
                              .ask_ms = ask_ms,
                              .dry = given->values[DRY_RUN] != NULL};
    int code = OSG_EXIT_INPUT;

    if (given->operand == NULL)
        return misused(name, "needs a TOPOLOGY");
    if (osg_session_begin(&session, given->operand))
        code = osg_apply(&order);
    osg_session_end(&session);
    return code;
}

static int apply(const struct osg_arguments *given)
{
    uint32_t look_ms = LOOK_MS;

    if (given->values[OUTPUT] == NULL || strcmp(given->values[OUTPUT], "-") == 0)
        return misused("apply", "needs -o FILE, the file in place");
    if (!read_time(given, &look_ms))
        return OSG_EXIT_USAGE;
    return order(given, "apply", look_ms, 0);
}

static int try(const struct osg_arguments *given)
{
    uint32_t ask_ms = ASK_MS;

    if (given->values[OUTPUT] == NULL || strcmp(given->values[OUTPUT], "-") == 0)
        return misused("try", "needs -o FILE, the file in place");
    if (!read_time(given, &ask_ms))
        return OSG_EXIT_USAGE;
    if (given->values[CONFIRM] == NULL)
        return order(given, "try", LOOK_MS, ask_ms);
    if (given->operand != NULL)
        return misused("try", "--confirm takes no TOPOLOGY");
    return osg_apply_confirm(given->values[OUTPUT]);
}

const struct osg_command osg_apply_command = {
    .name = "apply",
    .operand = "TOPOLOGY",
    .summary = "renders into place, reloads httpd, and takes back what goes wrong",
    .help =
        "Writes what the topology renders to in place of FILE, keeps the old file beside it, has\n"
        "httpd test its whole configuration and reload, and waits for the status page to show the\n"
        "members. If any of that fails, or osgen is told to end, the old file is put back whole\n"
        "and httpd reloads that. The exit code is 0 if the new file is in force, 1 if the old one\n"
        "is, and 3 if nothing was begun or somebody has to look after httpd.",
    .options = apply_options,
    .option_count = sizeof apply_options / sizeof *apply_options,
    .run = apply,
};

const struct osg_command osg_try_command = {
    .name = "try",
    .operand = "TOPOLOGY",
    .operand_optional = true,
    .summary = "applies, and takes it back unless somebody confirms",
    .help =
        "Does what apply does, and then asks whether the change shall stay: by Enter on its\n"
        "terminal, or by osgen try --confirm -o FILE from anywhere on this machine. Without an\n"
        "answer in time, without its terminal or after a signal, it takes the change back: so an\n"
        "administrator who is cut off isn't locked out. The exit code is as apply's.",
    .options = try_options,
    .option_count = sizeof try_options / sizeof *try_options,
    .run = try,
};
