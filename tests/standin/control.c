/* SPDX-License-Identifier: Apache-2.0 */
/* Turns the switches: /standin/control?key=value&... by GET or POST; and tells who came:
 * /standin/tally, which counts from zero on with ?begin=LIMIT in milliseconds. */
#include "application.h"
#include "answer.h"
#include "listener.h"
#include "node.h"
#include "request.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool control_reads_body(const struct request *request)
{
    (void)request;
    return false;
}

static unsigned control_delay(const struct node *node, const struct request *request)
{
    (void)node;
    (void)request;
    return 0;
}

static void put_error(struct answer *answer, unsigned status, const char *why)
{
    answer_json(answer, status);
    buffer_text(&answer->body, "{\"error\":");
    buffer_json(&answer->body, why);
    buffer_text(&answer->body, "}");
}

/* The status to answer with. */
static unsigned turn(struct node *node, const struct request *request, char *why, size_t why_size)
{
    struct switches switches = node->switches;
    const char *rest = request->query;
    char key[64], value[256];

    while (rest != NULL) {
        if (request_next_parameter(&rest, key, sizeof key, value, sizeof value)) {
            if (!switches_set(&switches, key, value, why, why_size))
                return 400;
        } else if (rest != NULL) {
            snprintf(why, why_size, "a parameter is too long or badly encoded");
            return 400;
        }
    }
    return node_switch(node, &switches, why, why_size) ? 200 : 500;
}

/* Answers all switches as JSON; or 400 with what is accepted, and then none was turned. */
static void answer_switches(struct node *node, const struct request *request, struct answer *answer)
{
    char why[512];
    unsigned status = turn(node, request, why, sizeof why);

    if (status != 200) {
        put_error(answer, status, why);
        return;
    }
    answer_json(answer, 200);
    switches_put(&node->switches, &answer->body);
}

/* Tells the tallies as they are, and then begins them anew if that is asked for. */
static void answer_tally(struct node *node, const struct request *request, struct answer *answer)
{
    char limit[16];

    answer_json(answer, 200);
    listeners_put_tally(node, &answer->body);
    if (request_parameter(request, "begin", limit, sizeof limit))
        listeners_begin_tally(node, strtoull(limit, NULL, 10));
}

static bool control_answer(struct node *node, const struct request *request, struct answer *answer)
{
    if (request->refusal != 0)
        put_error(answer, request->refusal, "this is no request");
    else if (strcmp(request->path, "/standin/control") == 0)
        answer_switches(node, request, answer);
    else if (strcmp(request->path, "/standin/tally") == 0)
        answer_tally(node, request, answer);
    else
        put_error(answer, 404, "ask for /standin/control?name=value or /standin/tally");
    return true;
}

const struct application control_application = {
    .reads_body = control_reads_body,
    .delay = control_delay,
    .answer = control_answer,
    .faulty = false,
};
