/* SPDX-License-Identifier: Apache-2.0 */
#include "rest.h"
#include "answer.h"
#include "node.h"
#include "pages.h"
#include "request.h"
#include "resources.h"
#include "sessions.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#define REPORT " Please report this error to the system administrator."

/* By enum db. */
static const struct failure {
    const char *code;    /* of the JSON error; NULL: the database works, or hangs */
    const char *message; /* of the same */
} failures[] = {
    [DB_OK] = {NULL, NULL},
    [DB_HANG] = {NULL, NULL},
    [DB_REFUSED] = {"COMMON_DB_CONN_ERROR",
                    "The database server might be down. Error: Connection refused." REPORT},
    [DB_SQLERROR] = {"COMMON_SQL_EXCEPTION",
                     "A database query failed. Error: Lock wait timeout exceeded." REPORT},
    [DB_ERROR] = {"COMMON_SERVER_ERROR",
                  "The request could not be processed. Error: NullPointerException." REPORT},
};

/* The port is left out where it is the scheme's own, as in a browser's Origin. */
static bool origin_is_foreign(const struct request *request, const char *origin)
{
    bool is_default = request->server_port == (strcmp(request->scheme, "https") == 0 ? 443 : 80);
    char own[512], port[8] = "";

    if (!is_default)
        snprintf(port, sizeof port, ":%u", request->server_port);
    snprintf(own, sizeof own, "%s://%s%s", request->scheme, request->server_name, port);
    return strcasecmp(own, origin) != 0;
}

static void add_headers(struct answer *answer, const char *origin)
{
    if (origin != NULL)
        answer_header(answer, "Access-Control-Allow-Origin", "%s", origin);
    answer_header(answer, "Access-Control-Allow-Credentials", "true");
    answer_header(answer, "Access-Control-Allow-Methods", "POST, GET, PUT, DELETE, PATCH, OPTIONS");
    answer_header(answer, "Access-Control-Allow-Headers",
                  "Origin, Accept, Content-Type, X-OS-API-TOKEN, X-OS-API-CLIENT");
    answer_header(answer, "Cache-Control", "no-cache, no-store, must-revalidate");
    answer_header(answer, "Pragma", "no-cache");
    answer_header(answer, "Expires", "Thu, 01 Jan 1970 00:00:00 GMT");
}

/* The web client shows a page of its own, and would be hindered by a browser's password box. */
static void refuse(const struct request *request, struct answer *answer, bool has_token)
{
    const char *client = request_header(request, "X-OS-API-CLIENT");

    if (!has_token && (client == NULL || strcmp(client, "webui") != 0))
        answer_header(answer, "WWW-Authenticate", "Basic realm=\"OpenSpecimen\"");
    session_put_cookie(answer, NULL);
    page_own(answer, 401, "Sign in first.");
}

/* The database has been used, or isn't needed. */
static void answer_resource(const struct node *node, const struct request *request,
                            const struct resource *resource, struct answer *answer)
{
    if (resource == NULL)
        page_own(answer, 404, "There is no such resource.");
    else
        resource->handler(node, request, answer);
}

bool rest_answer(const struct node *node, const struct request *request, const char *path,
                 struct answer *answer)
{
    const char *origin = request_header(request, "Origin");
    const struct resource *resource = resource_find(request, path);
    const struct failure *failure = &failures[node->switches.db];
    bool is_options = request_is(request, "OPTIONS");
    char token[64];
    bool has_token = session_token(request, token, sizeof token);
    bool is_open = resource != NULL && resource->open && !request_is(request, "HEAD");
    bool database = has_token || (is_open && resource->database);

    if (origin != NULL && origin_is_foreign(request, origin)) {
        page_stock(answer, 405);
        return true;
    }
    if (!is_options && database && node->switches.db == DB_HANG)
        return false;
    add_headers(answer, origin);
    if (is_options)
        return true;
    if (database && failure->code != NULL)
        answer_error(answer, 500, failure->code, failure->message);
    else if (has_token ? session_user(token) == NULL : !is_open)
        refuse(request, answer, has_token);
    else
        answer_resource(node, request, resource, answer);
    return true;
}
