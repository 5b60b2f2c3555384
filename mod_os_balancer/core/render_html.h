/* SPDX-License-Identifier: Apache-2.0 */
/* The parts of the page and what they share; render_html.c puts them together. */
#ifndef OSB_RENDER_HTML_H
#define OSB_RENDER_HTML_H

#include "snapshot.h"

/* A member's row, below osb_html_member_head. NOW is ms since 1970, as everywhere here. */
void osb_html_put_member(const struct osb_sink *sink, const struct osb_member_view *member,
                         uint64_t now);
extern const char osb_html_member_head[];

/* What is the matter with a balancer as a whole; nothing if all is well. */
void osb_html_put_banners(const struct osb_sink *sink, const struct osb_balancer_view *balancer);

/* What happened lately in all balancers; nothing if nothing did. */
void osb_html_put_journal(const struct osb_sink *sink, const struct osb_snapshot *snapshot);

/* Whose texts are these: TEXT is escaped and stands in <code>. */
void osb_html_put_code(const struct osb_sink *sink, const char *text);

/* A cell of CLASS, or of none if that is "", with an escaped text. */
void osb_html_put_cell(const struct osb_sink *sink, const char *class, const char *text);

/* The span from THEN to NOW, or 0 if THEN lies in the future, since clocks are set back.
 * 48 bytes are enough. Returns BUFFER. */
char *osb_html_format_age(uint64_t then, uint64_t now, char *buffer, size_t size);

#endif
