/* SPDX-License-Identifier: Apache-2.0 */
/* A first topology, made of nothing but hosts: what osgen init works on. */
#ifndef OSG_INIT_H
#define OSG_INIT_H

#include "survey.h"
#include "topology/url.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct osb_message;
struct osg_arena;
struct osg_text;

/* The site's name as long as nobody has told it. */
#define OSG_INIT_SITE "openspecimen.example.org"

/* A host as it was given, and the instance that it becomes. */
struct osg_init_host {
    const char *given;         /* "os1.example.org", "2001:db8::1" or a whole URL */
    const char *fault;         /* why it can't be an instance; NULL: it can */
    struct osg_url url;        /* of the instance: AJP, until another door answers better */
    const char *name;          /* what it is called; NULL: nothing short is its alone */
    struct osg_url *doors;     /* where it was asked; NULL: nowhere */
    struct osg_inquiry *asked; /* what came of it at each door */
    size_t door_count;         /* how many; 0: it wasn't asked */
    bool answers;              /* is there an OpenSpecimen or a Tomcat at one of them? */
};

struct osg_init {
    const char *site;            /* the name that users know */
    const char *secret_file;     /* of the AJP connectors, as it will stand there; NULL: none */
    const char *secret;          /* what was read from there; NULL: nothing */
    struct osg_init_host *hosts; /* in the order given */
    size_t count;                /* how many */
};

/* Reads COUNT hosts as they were given. False if one is no host, or there twice: each of those has
 * its fault. */
bool osg_init_read(struct osg_arena *arena, struct osg_init *init, const char *const *given,
                   size_t count);

/* Asks each host at the ports on which OpenSpecimen usually is, or at the one of its URL, and has
 * it become an instance at the best of them. False, with WHY, if there is nothing to ask with. */
bool osg_init_ask(struct osg_arena *arena, struct osg_init *init, uint32_t timeout_ms,
                  struct osb_message *why);

/* Adds the topology. */
void osg_init_put(struct osg_text *text, const struct osg_init *init);

#endif
