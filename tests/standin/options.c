/* SPDX-License-Identifier: Apache-2.0 */
#include "options.h"
#include "place.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char options_usage[] =
    "usage: standin [--ajp PLACE]... [--http PLACE]... --control PLACE --node NAME\n"
    "               [--secret SECRET] [--build VERSION] [--start slow:SECONDS|fail]\n"
    "Answers as OpenSpecimen on Tomcat does, until SIGTERM.\n"
    "  PLACE    ADDRESS:PORT, or a range 127.0.1.1-127.0.4.250:PORT; port 0 picks a free one\n"
    "  SECRET   what AJP requests must bring; without it, none is asked for\n"
    "  control  GET /standin/control?name=value turns the faults; a wrong name lists them\n";

enum name { AJP = 1, HTTP, CONTROL, SECRET, NODE, BUILD, START, HELP };

static const struct option names[] = {
    {"ajp", required_argument, NULL, AJP},
    {"http", required_argument, NULL, HTTP},
    {"control", required_argument, NULL, CONTROL},
    {"secret", required_argument, NULL, SECRET},
    {"node", required_argument, NULL, NODE},
    {"build", required_argument, NULL, BUILD},
    {"start", required_argument, NULL, START},
    {"help", no_argument, NULL, HELP},
    {NULL, 0, NULL, 0},
};

static bool add_place(const char **places, const char *place)
{
    size_t count = 0;

    while (places[count] != NULL)
        count++;
    if (count + 1 == OPTIONS_PLACES_MAX)
        return false;
    places[count] = place;
    return true;
}

static bool read_start(struct options *options, const char *text)
{
    size_t prefix = strlen("slow:");
    size_t digits;

    options->failed_start = strcmp(text, "fail") == 0;
    if (options->failed_start)
        return true;
    if (strncmp(text, "slow:", prefix) != 0)
        return false;
    digits = strspn(text + prefix, "0123456789");
    options->slow_start = (unsigned)strtoul(text + prefix, NULL, 10);
    return digits > 0 && digits < 5 && text[prefix + digits] == '\0';
}

static bool is_text(const char *text)
{
    size_t length = strlen(text);

    for (size_t i = 0; i < length; i++) {
        if (text[i] < ' ' || text[i] > '~')
            return false;
    }
    return length > 0 && length < SWITCH_TEXT_MAX;
}

/* Takes the value of an option that stands once, if it is printable. */
static bool take_text(const char **place, const char *value, char *why, size_t why_size)
{
    *place = value;
    snprintf(why, why_size, "is not 1 to 100 printable ASCII characters");
    return is_text(value);
}

/* A node's name is a word, for the ready line. */
static bool take_node(struct options *options, const char *value, char *why, size_t why_size)
{
    options->node = value;
    snprintf(why, why_size, "is not 1 to 100 printable ASCII characters without a blank");
    return is_text(value) && strchr(value, ' ') == NULL;
}

static bool take_place(const char **places, const char *value, char *why, size_t why_size)
{
    struct place place;

    if (!place_read(&place, value, why, why_size))
        return false;
    snprintf(why, why_size, "is given too often");
    return add_place(places, value);
}

/* False with WHY, which follows the option's name. */
static bool take(struct options *options, int option, const char *value, char *why, size_t why_size)
{
    switch (option) {
    case AJP:
        return take_place(options->ajp, value, why, why_size);
    case HTTP:
        return take_place(options->http, value, why, why_size);
    case CONTROL:
        options->control[0] = NULL; /* the last one holds */
        return take_place(options->control, value, why, why_size);
    case SECRET:
        return take_text(&options->secret, value, why, why_size);
    case BUILD:
        return take_text(&options->build, value, why, why_size);
    case NODE:
        return take_node(options, value, why, why_size);
    default:
        snprintf(why, why_size, "is neither slow:SECONDS nor fail");
        return read_start(options, value);
    }
}

static const char *missing(const struct options *options)
{
    if (options->control[0] == NULL)
        return "--control is missing";
    if (options->node == NULL)
        return "--node is missing";
    return options->ajp[0] == NULL && options->http[0] == NULL ? "--ajp or --http is missing"
                                                               : NULL;
}

bool options_read(struct options *options, int argc, char **argv, char *why, size_t why_size)
{
    int option, index = 0;
    const char *problem;
    char text[200];

    opterr = 0;
    while ((option = getopt_long(argc, argv, ":", names, &index)) != -1) {
        if (option == ':' || option == '?') {
            snprintf(why, why_size, "%.100s %s", argv[optind - 1],
                     option == ':' ? "needs a value" : "is not an option");
            return false;
        }
        if (option == HELP) {
            options->help = true;
            return true;
        }
        if (!take(options, option, optarg, text, sizeof text)) {
            snprintf(why, why_size, "--%s %s", names[index].name, text);
            return false;
        }
    }
    problem = optind < argc ? "an argument is not an option" : missing(options);
    if (problem != NULL)
        snprintf(why, why_size, "%s", problem);
    return problem == NULL;
}
