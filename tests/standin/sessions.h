/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Signing in and out. A token is made from the login name alone, so that every node knows it, as if
 * all of them looked into one database; the Tomcat stand-in makes the same ones.
 */
#ifndef STANDIN_SESSIONS_H
#define STANDIN_SESSIONS_H

#include <stdbool.h>
#include <stddef.h>

struct answer;
struct node;
struct request;

struct user {
    unsigned id;           /* number of the user */
    const char *first;     /* first name */
    const char *last;      /* last name */
    const char *login;     /* login name */
    bool is_administrator; /* may sign in during a lockdown */
    const char *token;     /* the session of this user: version 3 UUID of "stand-in LOGIN" */
};

/* Copies the token that the request brings, from X-OS-API-TOKEN or the cookie osAuthToken. False if
 * it brings none. One that doesn't fit is copied as "", which is nobody's. */
bool session_token(const struct request *request, char *token, size_t size);

/* Whose token it is, or NULL. */
const struct user *session_user(const char *token);

/* Sets the session's cookie, or takes it away with a TOKEN of NULL. */
void session_put_cookie(struct answer *answer, const char *token);

void session_sign_in(const struct node *node, const struct request *request, struct answer *answer);
void session_sign_out(const struct node *node, const struct request *request,
                      struct answer *answer);
void session_current_user(const struct node *node, const struct request *request,
                          struct answer *answer);

#endif
