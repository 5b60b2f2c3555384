/* SPDX-License-Identifier: Apache-2.0 */
#include "control.h"
#include "progress.h"
#include "base/arena.h"
#include "base/file.h"
#include "base/run.h"
#include "base/text.h"
#include "topology/load.h"

#include "core/message.h"

#include <limits.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* systemctl, which apachectl may call, waits for what is slow in httpd's configuration. */
#define LIMIT_MS 60000
#define WORDS    3
/* What anybody reads of a program that failed, and a list of ten thousand files. */
#define COMPLAINT_MAX 16384
#define ANSWER_MAX    4194304

struct osg_dialect {
    const char *words[OSG_CONTROL_ACTIONS][WORDS]; /* of the command line; NULL ends it */
};

/* Scripts hand on what they don't know, most of them. */
#define INCLUDES "-t", "-D", "DUMP_INCLUDES"

static const struct osg_dialect script = {{[OSG_CONTROL_TEST] = {"configtest"},
                                           [OSG_CONTROL_RELOAD] = {"graceful"},
                                           [OSG_CONTROL_START] = {"start"},
                                           [OSG_CONTROL_INCLUDES] = {INCLUDES}}};
static const struct osg_dialect server = {{[OSG_CONTROL_TEST] = {"-t"},
                                           [OSG_CONTROL_RELOAD] = {"-k", "graceful"},
                                           [OSG_CONTROL_START] = {"-k", "start"},
                                           [OSG_CONTROL_INCLUDES] = {INCLUDES}}};

/* Scripts before servers: on Debian, apache2 alone doesn't find its configuration's variables. */
static const struct program {
    const char *name;
    const struct osg_dialect *dialect;
} programs[] = {
    {"apache2ctl", &script}, {"apachectl", &script}, {"httpd", &server}, {"apache2", &server}};

static const char *const directories[] = {
    "/usr/sbin",        "/usr/local/sbin", "/usr/local/apache2/bin",
    "/opt/apache2/bin", "/usr/bin",        "/usr/local/bin"};

static bool can_run(const char *path)
{
    struct stat about;

    return stat(path, &about) == 0 && S_ISREG(about.st_mode) && access(path, X_OK) == 0;
}

/* What has a name of its own is taken for somebody's script. */
static const struct osg_dialect *dialect_of(const char *path)
{
    for (size_t i = 0; i < sizeof programs / sizeof *programs; i++) {
        if (strcmp(osg_base_name(path), programs[i].name) == 0)
            return programs[i].dialect;
    }
    return &script;
}

static bool look_around(struct osg_control *control)
{
    static char path[PATH_MAX];

    for (size_t i = 0; i < sizeof programs / sizeof *programs; i++) {
        for (size_t j = 0; j < sizeof directories / sizeof *directories; j++) {
            snprintf(path, sizeof path, "%s/%s", directories[j], programs[i].name);
            if (can_run(path)) {
                *control = (struct osg_control){.program = path, .dialect = programs[i].dialect};
                return true;
            }
        }
    }
    return false;
}

bool osg_control_find(const char *given, struct osg_control *control, struct osb_message *why)
{
    if (given == NULL)
        return look_around(control) ||
               osb_refuse(why, "neither apachectl, apache2ctl nor httpd is found; name one with "
                               "--control PATH");
    *control = (struct osg_control){.program = given, .dialect = dialect_of(given)};
    if (strchr(given, '/') == NULL)
        return osb_refuse(why, "--control needs a path, and \"%s\" has no slash", given);
    return can_run(given) || osb_refuse(why, "%s is not a program that can be run", given);
}

/* Nobody but root may write in /run, so that nobody else can stand in root's way. */
const char *osg_control_lock(struct osg_arena *arena, const struct osg_control *control)
{
    struct osg_file_id id = osg_file_id_at(control->program);
    uid_t user = geteuid();

    return user == 0 ? osg_arena_printf(arena, "/run/osgen-%jx-%jx.lock", (uintmax_t)id.device,
                                        (uintmax_t)id.inode)
                     : osg_arena_printf(arena, "/tmp/osgen-%ju-%jx-%jx.lock", (uintmax_t)user,
                                        (uintmax_t)id.device, (uintmax_t)id.inode);
}

void osg_control_put(struct osg_text *text, const struct osg_control *control,
                     enum osg_action action)
{
    osg_text_put(text, control->program);
    for (size_t i = 0; i < WORDS && control->dialect->words[action][i] != NULL; i++)
        osg_text_printf(text, " %s", control->dialect->words[action][i]);
}

static void say_failure(const struct osg_control *control, enum osg_action action,
                        enum osg_run_end end, const struct osg_text *said)
{
    static const char *const ends[] = {[OSG_RUN_REFUSED] = "failed",
                                       [OSG_RUN_NEVER] = "failed",
                                       [OSG_RUN_LATE] = "took over a minute and was ended",
                                       [OSG_RUN_INTERRUPTED] = "was ended"};
    struct osg_text line = {0};

    osg_control_put(&line, control, action);
    osg_progress("%s %s%s", line.bytes, ends[end], said->length > 0 ? ":" : "");
    osg_progress_quote(said);
    osg_text_free(&line);
}

static enum osg_run_end carry_out(const struct osg_control *control, enum osg_action action,
                                  bool stoppable, struct osg_text *said)
{
    const struct osg_run how = {
        .limit_ms = LIMIT_MS,
        .stoppable = stoppable,
        .said_max = action == OSG_CONTROL_INCLUDES ? ANSWER_MAX : COMPLAINT_MAX,
    };
    char *argv[WORDS + 2] = {(char *)control->program};

    for (size_t i = 0; i < WORDS; i++)
        argv[i + 1] = (char *)control->dialect->words[action][i];
    return osg_run(argv, &how, said);
}

bool osg_control_do(const struct osg_control *control, enum osg_action action, bool stoppable)
{
    struct osg_text said = {0};
    enum osg_run_end end = carry_out(control, action, stoppable, &said);

    if (end != OSG_RUN_DONE)
        say_failure(control, action, end, &said);
    osg_text_free(&said);
    return end == OSG_RUN_DONE;
}

bool osg_control_hear(const struct osg_control *control, enum osg_action action,
                      struct osg_text *said)
{
    return carry_out(control, action, true, said) == OSG_RUN_DONE && said->length < ANSWER_MAX;
}

static enum osg_run_end carry_out_silently(const struct osg_control *control,
                                           enum osg_action action)
{
    struct osg_text said = {0};
    enum osg_run_end end = carry_out(control, action, false, &said);

    osg_text_free(&said);
    return end;
}

bool osg_control_ask(const struct osg_control *control, enum osg_action action)
{
    return carry_out_silently(control, action) == OSG_RUN_DONE;
}

bool osg_control_refuses(const struct osg_control *control)
{
    return carry_out_silently(control, OSG_CONTROL_TEST) == OSG_RUN_REFUSED;
}
