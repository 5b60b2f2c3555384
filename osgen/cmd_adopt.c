/* SPDX-License-Identifier: Apache-2.0 */
#include "command.h"
#include "deliver.h"
#include "adopt/adopt.h"
#include "base/arena.h"
#include "base/exit.h"
#include "base/text.h"
#include "problem/console.h"
#include "problem/problem.h"
#include "topology/address.h"
#include "topology/load.h"
#include "topology/topology.h"
#include "yaml/source.h"

#include "core/message.h"
#include "core/text.h"

#include <string.h>

enum { OUTPUT, SECRET_FILE, SITE };

static const struct osg_option options[] = {
    [OUTPUT] = {.letter = 'o',
                .name = "output",
                .argument = "FILE",
                .help = "writes a new FILE; - is standard output, the default"},
    [SECRET_FILE] = {.name = "secret-file",
                     .argument = "FILE",
                     .help = "gets the AJP secret, readable for its owner alone; relative to the "
                             "topology"},
    [SITE] = {.letter = 's',
              .name = "site",
              .argument = "NAME",
              .help = "the virtual host that is meant, or a name for one that has none"},
};

#define PRIVATE 0600 /* of secrets */
#define GROUPS  0640 /* of what holds one */
#define OPEN    0644

/* Where things go. */
struct destination {
    struct osg_arena *arena;
    const char *path;        /* of the topology; NULL: standard output */
    const char *secret_file; /* as the topology names it; NULL: secrets stay in it */
};

static bool read_arguments(const struct osg_arguments *given, struct destination *to,
                           struct osb_message *why)
{
    const char *site = given->values[SITE], *output = given->values[OUTPUT];
    struct osb_message fault;

    to->path = output == NULL || strcmp(output, "-") == 0 ? NULL : output;
    to->secret_file = given->values[SECRET_FILE];
    if (site != NULL && !osg_host_check(site, &fault))
        return osb_refuse(why, "--site: %s", fault.text);
    return to->secret_file == NULL || osb_text_is_clean(to->secret_file) ||
           osb_refuse(why, "--secret-file: a topology can't hold this name");
}

/* NAME is relative to the topology. */
static bool put_secret(void *baton, const char *name, const char *secret)
{
    const struct destination *to = baton;
    const char *directory = osg_directory_of(to->arena, to->path != NULL ? to->path : "");
    struct osg_text text = {0};
    bool done;

    if (name[0] != '/')
        name = osg_arena_printf(to->arena, "%s%s", directory, name);
    osg_text_printf(&text, "%s\n", secret);
    done = osg_deliver_new(name, &text, PRIVATE, NULL) == OSG_EXIT_DONE;
    osg_text_free(&text);
    return done;
}

/* The language is the judge of what was written in it. No secret_file is read: it isn't there yet.
 */
static bool is_good(struct osg_arena *arena, const struct osg_topology *adopted)
{
    struct osg_text text = {0};
    struct osg_problems problems = osg_problems_new(arena);
    struct osg_source source = {.name = "the topology"};
    struct osg_topology topology;
    bool good;

    osg_adopt_put(&text, adopted);
    source.text = text.bytes;
    source.length = text.length;
    good = osg_load(arena, &source, &topology, &problems);
    if (!good) {
        osg_say("this would be a topology with errors, and isn't written");
        osg_show_problems(&problems, &source);
    }
    osg_problems_free(&problems);
    osg_text_free(&text);
    return good;
}

static int write_topology(const struct destination *to, const struct osg_topology *topology)
{
    bool secret = osg_adopt_is_secret(topology);
    const struct osg_delivery print = {.holds_secret = secret};
    struct osg_text text = {0};
    int code;

    osg_adopt_put(&text, topology);
    code = to->path == NULL
               ? osg_deliver(&text, &print)
               : osg_deliver_new(to->path, &text, secret ? GROUPS : OPEN, OSG_NEXT_OF_A_TOPOLOGY);
    osg_text_free(&text);
    return code;
}

static int deliver(const struct destination *to, struct osg_topology *topology, const char *kept,
                   bool complete)
{
    int code;

    if (!is_good(to->arena, topology))
        return OSG_EXIT_INPUT;
    if (to->secret_file != NULL &&
        !osg_adopt_secrets(to->arena, topology, to->secret_file, put_secret, (void *)(uintptr_t)to))
        return OSG_EXIT_INPUT;
    code = write_topology(to, topology);
    if (code != OSG_EXIT_DONE)
        return code;
    if (kept != NULL)
        osg_say(
            "note: these lines are under raw: as they were: %s; load the modules that they need",
            kept);
    return complete ? OSG_EXIT_DONE : OSG_EXIT_FINDINGS;
}

static int adopt(const struct osg_arguments *given, const struct destination *to,
                 struct osg_problems *problems)
{
    struct osg_source source = {.name = given->operand, .text = ""};
    struct osb_message why = {""};
    struct osg_topology topology;
    const char *kept = NULL;
    bool good = osg_source_read(to->arena, given->operand, &source, &why);

    if (!good)
        osg_error(problems, OSG_NO_CODE, (struct osg_place){0}, "%s", why.text);
    else
        good = osg_adopt(to->arena, &source, given->values[SITE], &topology, &kept, problems);
    osg_show_problems(problems, &source);
    return good ? deliver(to, &topology, kept, problems->count == 0) : OSG_EXIT_INPUT;
}

static int run(const struct osg_arguments *given)
{
    struct destination to = {.arena = osg_arena_new()};
    struct osg_problems problems = osg_problems_new(to.arena);
    struct osb_message why = {""};
    int code = OSG_EXIT_USAGE;

    if (read_arguments(given, &to, &why))
        code = adopt(given, &to, &problems);
    else
        osg_say("%s", why.text);
    osg_problems_free(&problems);
    osg_arena_free(to.arena);
    return code;
}

const struct osg_command osg_adopt_command = {
    .name = "adopt",
    .operand = "FILE.conf",
    .summary = "makes a topology of a virtual host that somebody wrote by hand",
    .help =
        "Reads a file of httpd's configuration and writes the topology of the site in it. What "
        "has\n"
        "no key stays word for word under raw: if it stands in the site's virtual host; of all\n"
        "that is left out or becomes something else each line is told, and the exit code is 1\n"
        "then. Files that it includes aren't read. What osgen rendered gives a topology that\n"
        "renders to the same again. A FILE that exists is left as it is.",
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .run = run,
};
