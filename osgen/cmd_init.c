/* SPDX-License-Identifier: Apache-2.0 */
#include "command.h"
#include "deliver.h"
#include "ask/init.h"
#include "base/arena.h"
#include "base/exit.h"
#include "base/text.h"
#include "problem/console.h"
#include "problem/problem.h"
#include "topology/address.h"
#include "topology/grammar.h"
#include "topology/load.h"
#include "topology/secret.h"
#include "topology/topology.h"

#include "core/message.h"
#include "core/parse.h"
#include "core/text.h"
#include "core/vocabulary.h"

#include <string.h>

enum { OUTPUT, SITE, SECRET_FILE, PROBE, TIMEOUT };

static const struct osg_option options[] = {
    [OUTPUT] = {.letter = 'o',
                .name = "output",
                .argument = "FILE",
                .help = "writes a new FILE; - is standard output, the default"},
    [SITE] = {.letter = 's',
              .name = "site",
              .argument = "NAME",
              .help = "the host name by which users reach OpenSpecimen"},
    [SECRET_FILE] = {.name = "secret-file",
                     .argument = "FILE",
                     .help = "holds the AJP secret; relative to the topology"},
    [PROBE] = {.letter = 'p',
               .name = "probe",
               .help = "asks each host on which port and by which protocol it answers"},
    [TIMEOUT] = {.letter = 't',
                 .name = "timeout",
                 .argument = "TIME",
                 .help = "for each question of --probe; default 2s"},
};

/* Where the topology goes; NULL: to standard output. */
static const char *path_of(const struct osg_arguments *given)
{
    const char *path = given->values[OUTPUT];

    return path == NULL || strcmp(path, "-") == 0 ? NULL : path;
}

static bool read_timeout(const struct osg_arguments *given, uint32_t *ms, struct osb_message *why)
{
    const struct osb_setting *row = osb_health_find(OSB_KEY_TIMEOUT);
    struct osb_message fault;

    *ms = row->preset;
    if (given->values[TIMEOUT] == NULL)
        return true;
    if (given->values[PROBE] == NULL)
        return osb_refuse(why, "--timeout is for the questions of --probe");
    return osb_parse_duration(given->values[TIMEOUT], row->min, row->max, ms, &fault) ||
           osb_refuse(why, "--timeout: %s", fault.text);
}

static bool read_options(const struct osg_arguments *given, struct osg_init *init,
                         uint32_t *timeout_ms, struct osb_message *why)
{
    const char *site = given->values[SITE], *secret_file = given->values[SECRET_FILE];
    struct osb_message fault;

    *init =
        (struct osg_init){.site = site != NULL ? site : OSG_INIT_SITE, .secret_file = secret_file};
    if (!osg_host_check(init->site, &fault))
        return osb_refuse(why, "--site: %s", fault.text);
    if (secret_file != NULL && !osb_text_is_clean(secret_file))
        return osb_refuse(why, "--secret-file: a topology can't hold this name");
    return read_timeout(given, timeout_ms, why);
}

static bool read_hosts(struct osg_arena *arena, const struct osg_arguments *given,
                       struct osg_init *init)
{
    bool good = osg_init_read(arena, init, given->operands, given->operand_count);

    for (size_t i = 0; i < init->count && !good; i++) {
        if (init->hosts[i].fault != NULL)
            osg_say("%s", init->hosts[i].fault);
    }
    return good;
}

/* As it will be read when the topology is. */
static bool read_secret(struct osg_arena *arena, const char *path, struct osg_init *init)
{
    struct osg_source source = {.name = "--secret-file",
                                .text = "",
                                .directory = osg_directory_of(arena, path != NULL ? path : "")};
    struct osg_problems problems = osg_problems_new(arena);
    struct osg_secret secret = {.file = {.text = init->secret_file}};
    struct osg_reader reader = {.arena = arena, .problems = &problems, .source = &source};
    bool good;

    osg_secret_load(&reader, &secret);
    init->secret = secret.value.text;
    osg_show_problems(&problems, &source);
    good = problems.errors == 0;
    osg_problems_free(&problems);
    return good;
}

/* The language is the judge of what was written in it. */
static bool is_good(struct osg_arena *arena, const char *path, const struct osg_text *text)
{
    struct osg_source source = {
        .name = path != NULL ? path : "<stdout>", .text = text->bytes, .length = text->length};
    struct osg_problems problems = osg_problems_new(arena);
    struct osg_topology topology;
    bool good = osg_load(arena, &source, &topology, &problems);

    if (!good)
        osg_show_problems(&problems, &source);
    osg_problems_free(&problems);
    return good;
}

static void say_notes(const struct osg_init *init)
{
    for (size_t i = 0; i < init->count; i++) {
        const struct osg_init_host *host = &init->hosts[i];

        if (host->door_count > 0 && !host->answers)
            osg_say("note: nothing that looks like OpenSpecimen was found at %s", host->given);
    }
    if (strcmp(init->site, OSG_INIT_SITE) == 0)
        osg_say("note: the site is called " OSG_INIT_SITE " until you write its name, or give it "
                "with --site");
}

static int write_topology(struct osg_arena *arena, const char *path, const struct osg_init *init)
{
    struct osg_text text = {0};
    int code = OSG_EXIT_INPUT;

    osg_init_put(&text, init);
    if (is_good(arena, path, &text)) {
        code = path != NULL ? osg_deliver_new(path, &text, 0644, OSG_NEXT_OF_A_TOPOLOGY)
                            : osg_print(&text);
        if (code == OSG_EXIT_DONE)
            say_notes(init);
    }
    osg_text_free(&text);
    return code;
}

static int init(struct osg_arena *arena, const struct osg_arguments *given)
{
    const char *path = path_of(given);
    struct osb_message why = {""};
    struct osg_init init;
    uint32_t timeout_ms = 0;

    if (!read_options(given, &init, &timeout_ms, &why)) {
        osg_say("%s", why.text);
        return OSG_EXIT_USAGE;
    }
    if (!read_hosts(arena, given, &init))
        return OSG_EXIT_USAGE;
    if (init.secret_file != NULL && !read_secret(arena, path, &init))
        return OSG_EXIT_INPUT;
    if (given->values[PROBE] != NULL && !osg_init_ask(arena, &init, timeout_ms, &why)) {
        osg_say("%s", why.text);
        return OSG_EXIT_INPUT;
    }
    return write_topology(arena, path, &init);
}

static int run(const struct osg_arguments *given)
{
    struct osg_arena *arena = osg_arena_new();
    int code = init(arena, given);

    osg_arena_free(arena);
    return code;
}

const struct osg_command osg_init_command = {
    .name = "init",
    .operand = "HOST",
    .operand_repeats = true,
    .summary = "writes a first topology for the hosts of a site",
    .help =
        "Writes a topology with comments, in which each HOST is an instance: a host name, an\n"
        "address, or a whole URL such as http://os1.example.org:8080. A host by itself is spoken\n"
        "to over AJP on port 8009. With --probe it is asked on the usual ports, over AJP, HTTP\n"
        "and HTTPS, and the best that answers is taken; comments say what each of them answered.\n"
        "A FILE that exists is left as it is.",
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .run = run,
};
