/* SPDX-License-Identifier: Apache-2.0 */
#include "event_json.h"
#include "vocabulary.h"

#define SCHEMA_VERSION 1

osb_json *osb_json_document(const char *host)
{
    osb_json *object = osb_json_object();

    osb_json_put_number(object, "schema", SCHEMA_VERSION);
    osb_json_put_text(object, "software", "mod_os_balancer/" OSB_VERSION);
    osb_json_put_text(object, "host", host);
    return object;
}

static void put_change(osb_json *object, const struct osb_event *event)
{
    bool is_state = event->kind == OSB_EVENT_STATE;

    osb_json_put_text(object, "from", is_state ? osb_state_name(event->from) : NULL);
    osb_json_put_text(object, "to", is_state ? osb_state_name(event->to) : NULL);
    if (is_state && event->from != OSB_STATE_UNVERIFIED)
        osb_json_put_number(object, "lasted_ms", event->lasted);
    else
        osb_json_put(object, "lasted_ms", NULL);
}

osb_json *osb_event_json(const struct osb_event *event)
{
    osb_json *object = osb_json_object();

    osb_json_put_number(object, "number", event->number);
    osb_json_put_time(object, "time", event->at);
    osb_json_put_text(object, "kind", osb_event_name(event->kind));
    if (osb_event_is_alarm(event->kind))
        osb_json_put_bool(object, "over", event->over);
    put_change(object, event);
    osb_json_put_text(object, "server", event->server);
    osb_json_put_text(object, "balancer", event->balancer);
    osb_json_put_text(object, "member", event->member[0] != '\0' ? event->member : NULL);
    osb_json_put_text(object, "words", event->words);
    return object;
}

void osb_event_write(const struct osb_event *event, const char *host, const struct osb_sink *sink)
{
    osb_json *object = osb_json_document(host);

    osb_json_put(object, "event", osb_event_json(event));
    osb_json_write(object, sink);
    osb_json_free(object);
}
