/* SPDX-License-Identifier: Apache-2.0 */
#include "sessions.h"
#include "answer.h"
#include "node.h"
#include "request.h"
#include "webapp.h"

#include <string.h>

#define COOKIE   "osAuthToken"
#define PASSWORD "Login@123"

static const struct user users[] = {
    {1, "System", "Administrator", "admin", true, "e0bd8a4d-31bb-3671-89b5-ed8f48583fe8"},
    {2, "Lab", "Technician", "lab", false, "60e3168e-3bb2-3e92-8213-5968e7613f14"},
};

#define USER_COUNT (sizeof users / sizeof *users)

static void copy(char *to, size_t size, const char *from, size_t length)
{
    if (length >= size)
        length = 0;
    memcpy(to, from, length);
    to[length] = '\0';
}

static bool cookie_token(const char *cookies, char *token, size_t size)
{
    size_t length = strlen(COOKIE);

    for (const char *at = cookies; at != NULL; at = strchr(at, ';')) {
        at += strspn(at, "; ");
        if (strncmp(at, COOKIE "=", length + 1) == 0) {
            at += length + 1;
            copy(token, size, at, strcspn(at, "; "));
            return true;
        }
    }
    return false;
}

bool session_token(const struct request *request, char *token, size_t size)
{
    const char *header = request_header(request, "X-OS-API-TOKEN");

    if (header == NULL)
        return cookie_token(request_header(request, "Cookie"), token, size);
    copy(token, size, header, strlen(header));
    return true;
}

const struct user *session_user(const char *token)
{
    for (size_t i = 0; i < USER_COUNT; i++) {
        if (strcmp(users[i].token, token) == 0)
            return &users[i];
    }
    return NULL;
}

void session_put_cookie(struct answer *answer, const char *token)
{
    answer_header(answer, "Set-Cookie",
                  COOKIE "=%s;Path=" WEBAPP_CONTEXT ";HttpOnly;SameSite=Strict%s",
                  token != NULL ? token : "", token != NULL ? "" : ";Max-Age=0");
}

/* Finds "NAME": "VALUE" in a flat JSON object. Escapes aren't read: no login name of ours has any.
 */
static bool json_text(const char *json, const char *name, char *value, size_t size)
{
    size_t length = strlen(name);

    for (const char *at = strchr(json, '"'); at != NULL; at = strchr(at + 1, '"')) {
        if (strncmp(at + 1, name, length) != 0 || at[length + 1] != '"')
            continue;
        at += length + 2;
        at += strspn(at, " \t\r\n");
        if (*at++ != ':')
            return false;
        at += strspn(at, " \t\r\n");
        if (*at++ != '"')
            return false;
        copy(value, size, at, strcspn(at, "\""));
        return true;
    }
    return false;
}

static const struct user *find_user(const char *json)
{
    char login[64], password[64];

    if (!json_text(json, "loginName", login, sizeof login) ||
        !json_text(json, "password", password, sizeof password) || strcmp(password, PASSWORD) != 0)
        return NULL;
    for (size_t i = 0; i < USER_COUNT; i++) {
        if (strcmp(users[i].login, login) == 0)
            return &users[i];
    }
    return NULL;
}

static void put_user(struct answer *answer, const struct user *user, const char *token)
{
    answer_json(answer, 200);
    buffer_format(&answer->body,
                  "{\"id\":%u,\"firstName\":\"%s\",\"lastName\":\"%s\",\"loginName\":\"%s\","
                  "\"admin\":%s,\"instituteAdmin\":false",
                  user->id, user->first, user->last, user->login,
                  user->is_administrator ? "true" : "false");
    if (token != NULL)
        buffer_format(&answer->body, ",\"token\":\"%s\"", token);
    buffer_text(&answer->body, "}");
}

void session_sign_in(const struct node *node, const struct request *request, struct answer *answer)
{
    const struct user *user = find_user(request->body);

    if (request->body[strspn(request->body, " \t\r\n")] != '{') {
        answer_error(answer, 400, "COMMON_INVALID_REQUEST", "The body is no JSON object");
    } else if (user == NULL) {
        answer_error(answer, 400, "AUTH_INVALID_CREDENTIALS", "Wrong name or password");
    } else if (node->switches.lockdown && !user->is_administrator) {
        answer_error(answer, 400, "AUTH_SYSTEM_LOCKDOWN", "The system is locked down");
    } else {
        session_put_cookie(answer, user->token);
        put_user(answer, user, user->token);
    }
}

void session_sign_out(const struct node *node, const struct request *request, struct answer *answer)
{
    (void)node;
    (void)request;
    session_put_cookie(answer, NULL);
    answer_json(answer, 200);
    buffer_text(&answer->body, "{\"Status\":\"Success\"}");
}

void session_current_user(const struct node *node, const struct request *request,
                          struct answer *answer)
{
    char token[64];

    (void)node;
    if (session_token(request, token, sizeof token))
        put_user(answer, session_user(token), NULL);
}
