/* SPDX-License-Identifier: Apache-2.0 */
/* Resources that the application doesn't have: they show a test what came through the proxy. */
#ifndef STANDIN_MIRROR_H
#define STANDIN_MIRROR_H

struct answer;
struct node;
struct request;

/* The request as it was understood, with the length and SHA-256 of its body. */
void mirror_echo(const struct node *node, const struct request *request, struct answer *answer);

/* Answers after "ms" milliseconds, 0 to 600000. */
void mirror_slow(const struct node *node, const struct request *request, struct answer *answer);
unsigned mirror_slow_delay(const struct request *request);

/* Answers "n" bytes of the letter x, 0 to 10,000,000,000, with their Content-Length. */
void mirror_bytes(const struct node *node, const struct request *request, struct answer *answer);

#endif
