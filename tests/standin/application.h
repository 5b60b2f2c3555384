/* SPDX-License-Identifier: Apache-2.0 */
/* What stands behind a listener and answers requests: the container with its webapp, or control. */
#ifndef STANDIN_APPLICATION_H
#define STANDIN_APPLICATION_H

#include <stdbool.h>

struct answer;
struct node;
struct request;

struct application {
    /* Whether the request's body is read. The path of the request has been found. */
    bool (*reads_body)(const struct request *request);
    /* Milliseconds that pass before the request is answered. */
    unsigned (*delay)(const struct node *node, const struct request *request);
    /* Fills in the answer. False, with the answer untouched: it hangs; asked again when a switch
     * is turned. */
    bool (*answer)(struct node *node, const struct request *request, struct answer *answer);
    bool faulty; /* phase, busy and wire work on its connections */
};

extern const struct application container_application;
extern const struct application control_application;

#endif
