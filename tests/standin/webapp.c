/* SPDX-License-Identifier: Apache-2.0 */
#include "webapp.h"
#include "answer.h"
#include "node.h"
#include "pages.h"
#include "resources.h"
#include "rest.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#define REST "/rest/ng"

/* The part of PATH after /rest/ng, or NULL if it isn't a REST path. */
static const char *rest_part(const char *path)
{
    size_t length = strlen(REST);

    return strncmp(path, REST "/", length + 1) == 0 ? path + length : NULL;
}

bool webapp_reads_body(const struct request *request, const char *path)
{
    const char *rest = rest_part(path);
    const struct resource *resource = rest != NULL ? resource_find(request, rest) : NULL;

    return resource != NULL && resource->reads_body;
}

unsigned webapp_delay(const struct node *node, const struct request *request, const char *path)
{
    const char *rest = rest_part(path);
    const struct resource *resource = rest != NULL ? resource_find(request, rest) : NULL;
    unsigned delay = node->switches.delay;

    if (resource != NULL && resource->delay != NULL)
        delay += resource->delay(request);
    return delay;
}

/* The switch "status". */
static void answer_status(struct answer *answer, unsigned status)
{
    char message[64];

    snprintf(message, sizeof message, "The switch status says %u", status);
    answer_error(answer, status, "STAND_IN_STATUS", message);
    if (status >= 300 && status < 400)
        answer_header(answer, "Location", "%s", WEBAPP_CONTEXT "/ui-app/");
}

/* The container does this for a context without its slash; a webapp that has none can't. */
static void redirect(struct answer *answer)
{
    answer->status = 302;
    answer->flushed = true;
    answer_header(answer, "Location", "%s", WEBAPP_CONTEXT "/");
}

bool webapp_answer(const struct node *node, const struct request *request, const char *path,
                   struct answer *answer)
{
    const char *rest = rest_part(path);

    if (*path == '\0')
        redirect(answer);
    else if (node->switches.status != 0)
        answer_status(answer, node->switches.status);
    else if (rest != NULL)
        return rest_answer(node, request, rest, answer);
    else if (strcmp(path, "/") == 0 || strcmp(path, "/ui-app/") == 0)
        page_ui(answer, node->name, node->switches.build);
    else
        page_own(answer, 404, "There is no such page.");
    return true;
}
