/* SPDX-License-Identifier: Apache-2.0 */
/* The table of REST resources, kept by method as OpenSpecimen's list of public ones is. */
#ifndef STANDIN_RESOURCES_H
#define STANDIN_RESOURCES_H

#include <stdbool.h>

struct answer;
struct node;
struct request;

struct resource {
    const char *method; /* HEAD is found under GET; whether it is let in is another matter */
    const char *path;   /* after /rest/ng */
    bool open;          /* needs no sign-in */
    bool database;      /* uses the database */
    bool reads_body;    /* reads the request's body */
    unsigned (*delay)(const struct request *request); /* its own, in milliseconds; or NULL */
    /* Fills in the answer. */
    void (*handler)(const struct node *node, const struct request *request, struct answer *answer);
};

/* The resource at PATH, which is what follows /rest/ng; or NULL. */
const struct resource *resource_find(const struct request *request, const char *path);

#endif
