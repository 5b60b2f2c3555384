/* SPDX-License-Identifier: Apache-2.0 */
/*
 * AJP13 from the container's side, written from the protocol's public description and from what
 * Tomcat 10.1 puts on the wire. It shares nothing with the codec under test.
 */
#ifndef STANDIN_AJP_H
#define STANDIN_AJP_H

#include "protocol.h"

#include <stdbool.h>

/* Packet types: from the web server 2 and 10, from the container the others. */
enum ajp_type {
    AJP_FORWARD_REQUEST = 2,
    AJP_SEND_BODY_CHUNK = 3,
    AJP_SEND_HEADERS = 4,
    AJP_END_RESPONSE = 5,
    AJP_GET_BODY_CHUNK = 6,
    AJP_CPONG = 9,
    AJP_CPING = 10,
};

/* Tomcat's packet: 8192 bytes, of which the magic and the length take 4. */
#define AJP_PACKET_MAX 8192
#define AJP_HEADER     4

/* Body bytes in one packet from the web server: less the header and a 16 bit length. */
#define AJP_BODY_READ_MAX (AJP_PACKET_MAX - AJP_HEADER - 2)
/* Body bytes in one packet from the container: less type, length and the trailing NUL. */
#define AJP_BODY_SEND_MAX (AJP_PACKET_MAX - AJP_HEADER - 4)

/* Reads the payload of a FORWARD_REQUEST, its type byte included. False: it is malformed. */
bool ajp_read_request(const unsigned char *bytes, size_t length, struct request *request);

enum taken ajp_take_head(struct buffer *in, struct buffer *out, struct request *request);
enum taken ajp_take_body(struct buffer *in, struct buffer *out, struct request *request);

#endif
