/* SPDX-License-Identifier: Apache-2.0 */
#include "page.h"
#include "base/interrupt.h"
#include "base/text.h"

#include "core/json.h"
#include "core/observation.h"
#include "core/text.h"
#include "probe/wire.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#define LIMIT_MS 2000
#define TURN_MS  50
/* A page of ten thousand members has seven megabytes. */
#define BODY_MAX 67108864

/* The GET under way. */
struct visit {
    struct osg_page *page;
    struct osg_text body;
    bool done;
};

static bool take_body(void *baton, const char *bytes, size_t length)
{
    struct visit *visit = baton;

    osg_text_add(&visit->body, bytes, length);
    return visit->body.length <= BODY_MAX;
}

static void finish(void *baton, const struct osb_line_end *end)
{
    struct visit *visit = baton;

    visit->done = true;
    visit->page->status = end->outcome == OSB_ANSWERED ? end->status : 0;
    visit->page->refused = end->outcome == OSB_REFUSED;
    osb_text_copy(visit->page->words, sizeof visit->page->words,
                  end->words[0] != '\0' ? end->words : osb_outcome_name(end->outcome));
}

static const struct osb_line_events events = {.body = take_body, .finished = finish};

static void get(const struct osg_page_place *place, bool stoppable, struct visit *visit)
{
    struct osb_wire *wire = osb_wire_make();
    const char *const headers[] = {place->host};
    const struct osb_wire_get request = {.url = place->url,
                                         .headers = headers,
                                         .header_count = place->host != NULL,
                                         .at = place->at,
                                         .unverified = place->at != NULL || place->host != NULL,
                                         .limit_ms = LIMIT_MS};

    if (wire == NULL || osb_wire_get(wire, &request, &events, visit) == NULL) {
        visit->done = true;
        snprintf(visit->page->words, sizeof visit->page->words, "out of memory");
    }
    while (!visit->done && !(stoppable && osg_interrupted() != NULL))
        osb_wire_turn(wire, TURN_MS);
    osb_wire_free(wire);
}

/* "os.example.org:80" and "os.example.org:80#2" are servers of the site os.example.org. */
static bool is_of(const osb_json *balancer, const struct osg_page_place *place)
{
    const char *server = osb_json_text(balancer, "server"), *name = osb_json_text(balancer, "name");
    size_t length = strlen(place->site);

    return server != NULL && name != NULL && place->balancer != NULL &&
           strncasecmp(server, place->site, length) == 0 && strchr(":#", server[length]) != NULL &&
           strncmp(name, "balancer://", 11) == 0 && strcasecmp(name + 11, place->balancer) == 0;
}

static void read_document(struct osg_page *page, const struct osg_page_place *place)
{
    const osb_json *balancers = osb_json_get(page->document, "balancers"), *balancer;
    const osb_json *checker = osb_json_get(page->document, "checker");

    if (checker != NULL)
        osb_json_number(checker, "pid", UINT32_MAX, &page->checker);
    for (size_t i = 0; (balancer = osb_json_at(balancers, i)) != NULL; i++) {
        if (page->members == NULL && is_of(balancer, place))
            page->members = osb_json_get(balancer, "members");
    }
}

void osg_page_look(const struct osg_page_place *place, bool stoppable, struct osg_page *page)
{
    struct visit visit = {.page = page};

    *page = (struct osg_page){.status = 0};
    get(place, stoppable, &visit);
    if (page->status == 200 && place->has_members && visit.body.length > 0)
        page->document = osb_json_parse(visit.body.bytes, visit.body.length);
    if (page->document != NULL)
        read_document(page, place);
    osg_text_free(&visit.body);
}

void osg_page_free(struct osg_page *page)
{
    if (page->document != NULL)
        osb_json_free(page->document);
    *page = (struct osg_page){.status = 0};
}
