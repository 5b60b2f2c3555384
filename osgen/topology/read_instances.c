/* SPDX-License-Identifier: Apache-2.0 */
#include "address.h"
#include "form.h"
#include "grammar.h"
#include "secret.h"
#include "topology.h"
#include "base/arena.h"
#include "problem/problem.h"

#include "core/message.h"
#include "core/parse.h"

#include <string.h>

static void read_url(struct osg_reader *reader, const struct osg_key *key,
                     const struct osg_node *value, void *field)
{
    struct osg_instance *instance = field;
    struct osb_message why;
    struct osg_url url;

    (void)key;
    instance->place = value->place;
    if (osg_url_parse(reader->arena, value->text, &url, &why))
        instance->url = url;
    else
        osg_error(reader->problems, OSG_BAD_URL, value->place, "%s", why.text);
}

/* httpd has no such share; who writes it means one of two other keys. */
static void read_weight(struct osg_reader *reader, const struct osg_key *key,
                        const struct osg_node *value, void *field)
{
    uint32_t number;

    if (osb_parse_number(value->text, 0, 0, &number, NULL))
        osg_error(reader->problems, OSG_ZERO_WEIGHT, value->place,
                  "a weight is at least 1; for an instance that takes no requests write disabled: "
                  "on, for one that takes them when no other can standby: on");
    else
        osg_read_number(reader, key, value, field);
}

static void read_peer_url(struct osg_reader *reader, const struct osg_key *key,
                          const struct osg_node *value, void *field)
{
    struct osb_message why;
    struct osg_url url;

    (void)key;
    if (!osg_url_parse(reader->arena, value->text, &url, &why))
        osg_error(reader->problems, OSG_BAD_URL, value->place, "%s", why.text);
    else if (strcmp(url.scheme->name, "ajp") == 0)
        osg_error(reader->problems, OSG_BAD_URL, value->place,
                  "nodes speak HTTP to one another: this begins with http:// or https://");
    else
        *(struct osg_url *)field = url;
}

#define FIELD(name) offsetof(struct osg_instance, name)

/* The URL's handler fills two fields, so it is given the instance as a whole. */
static const struct osg_key keys[] = {
    {.name = "url",
     .takes = OSG_TAKES_SCALAR,
     .required = true,
     .offset = 0,
     .read = read_url,
     .form = &osg_form_url,
     .help = "ajp://host:port, http:// or https://; with its context if that isn't the site's"},
    {.name = "name",
     .takes = OSG_TAKES_SCALAR,
     .offset = FIELD(name),
     .read = osg_read_word,
     .check = osg_label_check,
     .help = "what people call this instance; unique"},
    {.name = "weight",
     .takes = OSG_TAKES_SCALAR,
     .offset = FIELD(weight),
     .read = read_weight,
     .form = &osg_form_number,
     .min = 1,
     .max = 100,
     .help = "its share of the requests, from 1 to 100; default 1"},
    {.name = "secret",
     .takes = OSG_TAKES_SCALAR,
     .offset = FIELD(secret.value),
     .read = osg_read_secret,
     .help = "the secret of Tomcat's AJP connector, or ${NAME} for a variable that has it; "
             "better in a secret_file"},
    {.name = "secret_file",
     .takes = OSG_TAKES_SCALAR,
     .offset = FIELD(secret.file),
     .read = osg_read_word,
     .help = "a file whose one line is the secret; relative to the topology"},
    {.name = "standby",
     .takes = OSG_TAKES_SCALAR,
     .offset = FIELD(standby),
     .read = osg_read_switch,
     .help = "on: takes requests only when no other instance can"},
    {.name = "disabled",
     .takes = OSG_TAKES_SCALAR,
     .offset = FIELD(disabled),
     .read = osg_read_switch,
     .help = "on: takes no requests until it is enabled"},
    {.name = "lbset",
     .takes = OSG_TAKES_SCALAR,
     .offset = FIELD(lbset),
     .read = osg_read_number,
     .min = 0,
     .max = 99,
     .help = "its set: takes requests only when no instance of a lower one can; default 0"},
    {.name = "max_threads",
     .takes = OSG_TAKES_SCALAR,
     .offset = FIELD(max_threads),
     .read = osg_read_amount,
     .min = 1,
     .max = OSG_THREADS_MAX,
     .help = "maxThreads of its Tomcat; default: that of capacity"},
    {.name = "max_connections",
     .takes = OSG_TAKES_SCALAR,
     .offset = FIELD(max_connections),
     .read = osg_read_amount,
     .min = 1,
     .max = OSG_CONNECTIONS_MAX,
     .help = "maxConnections of its Tomcat; default: that of capacity"},
    {.name = "peer_url",
     .takes = OSG_TAKES_SCALAR,
     .offset = FIELD(peer_url),
     .read = read_peer_url,
     .form = &osg_form_peer_url,
     .help = "where the other nodes reach it by HTTP; default http://, its host and port 8080"},
};

const struct osg_grammar osg_instance_grammar = {
    .name = "an instance", .keys = keys, .count = sizeof keys / sizeof *keys};
