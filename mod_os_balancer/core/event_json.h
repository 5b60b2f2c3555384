/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OSB_EVENT_JSON_H
#define OSB_EVENT_JSON_H

#include "event.h"
#include "json.h"

/* How each document for programs begins: its schema, who wrote it, on which host. The schema has a
 * version of its own: a key may be added at any time, but none changes its meaning or goes without
 * a new number. */
osb_json *osb_json_document(const char *host);

/* An event for programs, the same object wherever it is shown. What its kind doesn't have is
 * null. */
osb_json *osb_event_json(const struct osb_event *event);

#endif
