/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OSG_SECRET_H
#define OSG_SECRET_H

#include "grammar.h"

#include <stddef.h>

struct osg_secret;
struct osb_message;

/* The longest secret that httpd takes, in bytes (PROXY_WORKER_MAX_SECRET_SIZE with its NUL). */
#define OSG_SECRET_MAX 63

/* SECRET has LENGTH bytes and a NUL behind them. Can it go into httpd's configuration and over AJP,
 * and arrive as it is? WHY never quotes it. */
bool osg_secret_check(const char *secret, size_t length, struct osb_message *why);

/* The handler of secret: keys. "${NAME}" is the secret that osgen's environment has by this name.
 */
osg_read_field osg_read_secret;

/* If SECRET names a file, reads its one line into the value; problems go to the file's place. */
void osg_secret_load(struct osg_reader *reader, struct osg_secret *secret);

#endif
