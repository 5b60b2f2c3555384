/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What stands before every REST resource, in OpenSpecimen's order: origin, headers, OPTIONS, token,
 * the list of what needs no sign-in.
 */
#ifndef STANDIN_REST_H
#define STANDIN_REST_H

#include <stdbool.h>

struct answer;
struct node;
struct request;

/* PATH is what follows /rest/ng. False with the answer untouched if the database hangs. */
bool rest_answer(const struct node *node, const struct request *request, const char *path,
                 struct answer *answer);

#endif
