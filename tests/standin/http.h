/* SPDX-License-Identifier: Apache-2.0 */
/* HTTP/1.1 and 1.0 from the server's side, as Tomcat's HTTP connector speaks it. */
#ifndef STANDIN_HTTP_H
#define STANDIN_HTTP_H

#include "protocol.h"

enum taken http_take_head(struct buffer *in, struct buffer *out, struct request *request);
enum taken http_take_body(struct buffer *in, struct buffer *out, struct request *request);

#endif
