/* SPDX-License-Identifier: Apache-2.0 */
/* The status page of the httpd that runs on this machine, read as a program reads it. */
#ifndef OSG_PAGE_H
#define OSG_PAGE_H

#include <stdbool.h>
#include <stdint.h>

struct osb_message;
struct osg_arena;
struct osg_text;
struct osg_topology;
typedef struct json_t osb_json;

/* Where it is. */
struct osg_page_place {
    const char *url;  /* "http://127.0.0.1:80/balancer-status?format=json" */
    const char *host; /* "Host: os.example.org", where the URL has an address alone; else NULL */
    const char *at;   /* the address to connect to, where the URL has the site's name; else NULL */
    bool has_members; /* false: the site has no such page, and this is any page of it */
    const char *site; /* whose members are of interest: the site's name */
    const char *balancer; /* and its balancer's, "os-cluster"; NULL: it has none */
};

/* One look. */
struct osg_page {
    unsigned status;         /* HTTP status; 0: there was no answer */
    bool refused;            /* nobody listens there */
    char words[160];         /* why there was no answer */
    osb_json *document;      /* what it says; NULL: that isn't the page */
    const osb_json *members; /* of the place's balancer; NULL: it isn't on the page */
    uint64_t checker;        /* process that checks, another one after each reload; 0: none */
};

/* GIVEN is a whole URL, or NULL: then the page is looked for at the site's first address on this
 * machine, by the site's name if that speaks TLS. False, with WHY, if GIVEN is no URL or the
 * topology lets no one of this machine in. */
bool osg_page_find(struct osg_arena *arena, const struct osg_topology *topology, const char *given,
                   struct osg_page_place *place, struct osb_message *why);

/* The same for the site of the file in place, which holds OLD: where users find it as long as
 * nothing is changed. False where that can't be told. */
bool osg_page_find_old(struct osg_arena *arena, const struct osg_text *old, const char *given,
                       struct osg_page_place *place);

/* Looks at the page, for two seconds at most; a signal to osgen ends it if it is STOPPABLE. Of an
 * httpd on this machine any certificate is good: by whom users are to have it verified, this
 * machine needn't know. */
void osg_page_look(const struct osg_page_place *place, bool stoppable, struct osg_page *page);

void osg_page_free(struct osg_page *page);

#endif
