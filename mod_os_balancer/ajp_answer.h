/* SPDX-License-Identifier: Apache-2.0 */
/* What a member answers, as mod_proxy_ajp would give it to the client. */
#ifndef OSB_AJP_ANSWER_H
#define OSB_AJP_ANSWER_H

#include "core/ajp.h"
#include "floor.h"

/* Makes a SEND_HEADERS the request's response: status, reason, headers. Addresses and cookies are
 * those of this side. What PACKET points to must live as long as the request. */
void osb_ajp_answer_take_headers(request_rec *r, const proxy_dir_conf *conf,
                                 const struct osb_ajp_packet *packet);

/* Whether ProxyErrorOverride puts a page of httpd's own in place of an answer with that status. */
bool osb_ajp_answer_is_overridden(const proxy_dir_conf *conf, int status);

#endif
