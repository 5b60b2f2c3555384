/* SPDX-License-Identifier: Apache-2.0 */
/* The webapp: its pages, and what it does with every request before a resource sees it. */
#ifndef STANDIN_WEBAPP_H
#define STANDIN_WEBAPP_H

#include <stdbool.h>

#define WEBAPP_CONTEXT "/openspecimen"

struct answer;
struct node;
struct request;

/* PATH is the request's path inside the context: "" or what begins with its slash. */
bool webapp_reads_body(const struct request *request, const char *path);
unsigned webapp_delay(const struct node *node, const struct request *request, const char *path);

/* Answers, or returns false with the answer untouched because the database hangs. */
bool webapp_answer(const struct node *node, const struct request *request, const char *path,
                   struct answer *answer);

#endif
