/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One exchange with an ajp:// member, while it lasts. ajp_exchange.c asks and ends it,
 * ajp_connect.c has its connection, ajp_body.c sends the request's body, ajp_talk.c takes the
 * answer. Private to these.
 */
#ifndef OSB_AJP_TALK_H
#define OSB_AJP_TALK_H

#include "exchange.h"
#include "core/ajp.h"

/* As mod_proxy's functions call it in their log lines. */
#define OSB_AJP_SCHEME "AJP"

/* How the exchange goes on after a packet. */
enum osb_ajp_step {
    OSB_STEP_ON,     /* with the next packet */
    OSB_STEP_ENDED,  /* END_RESPONSE has come */
    OSB_STEP_BROKEN, /* the member broke off, or what it sends isn't AJP */
    OSB_STEP_AWAY,   /* the request is given away */
    OSB_STEP_CLIENT  /* the client is gone, or can't be served */
};

struct osb_ajp_talk {
    const struct osb_exchange *exchange;
    request_rec *r;
    const proxy_dir_conf *conf;
    proxy_conn_rec *backend;
    apr_bucket_brigade *out;  /* for the client; its buckets may lie in `bytes` */
    apr_bucket_brigade *held; /* body that came before it was decided who gets it */
    apr_byte_t *bytes;        /* received; those from `at` to `used` aren't decoded yet */
    apr_size_t at, used, room;
    bool brimful;               /* the last read left no room, so that more may be waiting */
    struct osb_ajp_packet head; /* the headers; what it points to lies in the request's pool */
    bool suspect;               /* an answer that may show that the member is bad */
    int first_status;           /* of the request when it began: not 200 for an ErrorDocument */
    const char *first_status_line;
    bool asked;             /* gives_away was: it isn't asked twice */
    bool away;              /* and the request goes to another member */
    bool answered;          /* headers have come */
    bool given;             /* and they are the client's */
    bool sent;              /* something went down to the client */
    bool reuse;             /* the container keeps the connection */
    apr_bucket_brigade *in; /* of the request's body, and room for a packet of it; NULL if the
                             * request has none */
    apr_byte_t *piece;
    bool fed;         /* the container was told that the body is over */
    int refusal;      /* of OSB_STEP_CLIENT: what is to be returned if the client's body can't be
                       * read; 0 for all else */
    apr_status_t why; /* of OSB_STEP_BROKEN */
};

/* Asks whether the request goes to another member, unless that was asked before, or the answer is
 * the client's already. */
bool osb_ajp_talk_gives_away(struct osb_ajp_talk *talk, enum osb_trouble trouble,
                             enum osb_proof proof);

/* Whether the member went out and the request goes to another one. A member that went out may
 * answer yet, if nobody else can take the request. */
bool osb_ajp_talk_leaves_member(struct osb_ajp_talk *talk);

/* Gets a connection that the request can be sent on; URI is what is asked for. OK, or what is to be
 * returned. */
int osb_ajp_talk_connect(struct osb_ajp_talk *talk, apr_uri_t *uri);

/* Sends all of them. */
apr_status_t osb_ajp_talk_send(struct osb_ajp_talk *talk, const apr_byte_t *bytes,
                               apr_size_t length);

/* Whether AJP can carry the request's body. */
bool osb_ajp_body_can_go(const request_rec *r);

/* Sends the first piece of the request's body, if it has one. OK, even if the member doesn't take
 * it: `why` tells that; else what is to be returned. */
int osb_ajp_body_begin(struct osb_ajp_talk *talk);

/* Sends the piece that the container asks for, WANTED bytes at most. */
enum osb_ajp_step osb_ajp_body_go_on(struct osb_ajp_talk *talk, apr_size_t wanted);

/* Whether httpd's own page takes the place of the answer: ProxyErrorOverride. */
bool osb_ajp_talk_is_overridden(const struct osb_ajp_talk *talk);

/* Whether the connection has bytes, or its end, to be read within WAIT microseconds. */
bool osb_ajp_talk_has_bytes(const struct osb_ajp_talk *talk, apr_interval_time_t wait);

/* Passes `out` to the client. OSB_STEP_ON or OSB_STEP_CLIENT. */
enum osb_ajp_step osb_ajp_talk_pass_on(struct osb_ajp_talk *talk);

/* Takes the answer to what was asked, and passes it on unless it is given away. Never OSB_STEP_ON.
 */
enum osb_ajp_step osb_ajp_talk_take_answer(struct osb_ajp_talk *talk);

#endif
