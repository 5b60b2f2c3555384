/* SPDX-License-Identifier: Apache-2.0 */
/* What Tomcat does around the webapp: the AJP secret, malformed requests, paths of no webapp. */
#include "application.h"
#include "answer.h"
#include "node.h"
#include "pages.h"
#include "request.h"
#include "webapp.h"

#include <string.h>

static bool secret_is_wrong(const struct node *node, const struct request *request)
{
    if (!request->needs_secret || node->secret == NULL)
        return false;
    return request->secret == NULL || strcmp(request->secret, node->secret) != 0;
}

/* The request's path inside the webapp ("" for the bare context), or NULL if it is another's. */
static const char *inside(const struct request *request)
{
    size_t length = strlen(WEBAPP_CONTEXT);
    const char *rest = request->path + length;

    if (strncmp(request->path, WEBAPP_CONTEXT, length) != 0)
        return NULL;
    return *rest == '\0' || *rest == '/' ? rest : NULL;
}

static bool container_reads_body(const struct request *request)
{
    const char *path = inside(request);

    return request->refusal == 0 && path != NULL && webapp_reads_body(request, path);
}

/* An answer that a proxy or a checker must put an end to by itself. */
static void answer_endlessly(struct answer *answer)
{
    answer_json(answer, 200);
    buffer_text(&answer->body, "{\"padding\":\"");
    answer->filler = ANSWER_ENDLESS;
}

/* OPTIONS * is for no webapp: Tomcat's connector answers by itself. */
static bool is_for_connector(const struct request *request)
{
    return request_is(request, "OPTIONS") && strcmp(request->path, "*") == 0;
}

static unsigned container_delay(const struct node *node, const struct request *request)
{
    const char *path = inside(request);

    if (path == NULL || request->refusal != 0 || secret_is_wrong(node, request))
        return 0;
    return node->switches.deployed ? webapp_delay(node, request, path) : 0;
}

static bool container_answer(struct node *node, const struct request *request,
                             struct answer *answer)
{
    const char *path = inside(request);

    if (request->refusal != 0) {
        page_stock(answer, request->refusal);
        return true;
    }
    if (secret_is_wrong(node, request)) {
        page_stock(answer, 403);
        answer->last = true; /* though Tomcat goes on listening */
        return true;
    }
    if (is_for_connector(request)) {
        answer_header(answer, "Allow", "GET, HEAD, POST, PUT, DELETE, OPTIONS");
        return true;
    }
    if (node->switches.wire == WIRE_ENDLESS) {
        answer_endlessly(answer);
        return true;
    }
    if (path != NULL && node->switches.deployed)
        return webapp_answer(node, request, path, answer);
    page_stock(answer, 404);
    return true;
}

const struct application container_application = {
    .reads_body = container_reads_body,
    .delay = container_delay,
    .answer = container_answer,
    .faulty = true,
};
