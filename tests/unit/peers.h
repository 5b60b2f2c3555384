/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Peers for the prober: servers on the loopback interface that follow a script, all in one thread
 * of the test. A request is told by its path, or by being a CPING or OPTIONS *; what has no reply
 * in the script is met with silence.
 */
#ifndef PEERS_H
#define PEERS_H

#include "unit.h"

#include "core/observation.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define PEERS_MAX 128
#define LINKS_MAX 512
#define DRIP_MS   50
/* A repeater fills what the kernel gives it, piece by piece: little is enough. */
#define SEND_ROOM 16384

enum peer_then {
    PEER_STAYS,    /* and listens for the next request */
    PEER_CLOSES,   /* the connection */
    PEER_REPEATS,  /* the bytes without end, from the second time on those after `once` */
    PEER_DRIBBLES, /* the bytes one by one, and stays */
    PEER_DRIPS     /* one byte each 50 ms, without end, repeated as above */
};

struct peer_reply {
    const char *bytes; /* NULL: silence */
    size_t length;     /* of bytes */
    enum peer_then then;
    size_t once; /* how many of the bytes aren't repeated */
};

struct peer_script {
    struct peer_reply greeting;               /* before any request */
    struct peer_reply replies[OSB_QUESTIONS]; /* to CPING or OPTIONS *, and the GETs */
    bool late;        /* the database's question is answered when the webapp's was asked */
    unsigned answers; /* after so many it hangs: silence; 0: never */
    bool once;        /* the database's question is answered once */
};

struct peer {
    const struct peer_script *script;
    int listener;
    unsigned port;
    unsigned accepted;              /* connections so far; to be read when the peers have ended */
    unsigned asked, asked_database; /* so far */
    bool webapp_asked;              /* so far */
    char request[2048];             /* the latest one of the database's questions */
    size_t request_length;
};

struct peer_link {
    struct peer *peer; /* NULL: this place is free */
    int fd;
    char in[2048]; /* received, up to one request */
    size_t in_used;
    const struct peer_reply *out; /* what is being sent, or NULL */
    size_t out_at;                /* how much of it is sent */
    uint64_t drip_at;             /* ms; when the next byte of a PEER_DRIPS is sent */
};

struct peers {
    struct peer peers[PEERS_MAX];
    size_t count;
    struct peer_link links[LINKS_MAX];
    int stop[2]; /* a pipe; closing its writing end ends the thread */
    pthread_t thread;
};

static inline int peers_listen(int backlog, unsigned *port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t size = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

    assert_true(fd >= 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, size), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &size), 0);
    if (backlog >= 0)
        assert_int_equal(listen(fd, backlog), 0);
    *port = ntohs(address.sin_port);
    return fd;
}

/* SCRIPT must outlive the peers. */
static inline struct peer *peers_add(struct peers *peers, const struct peer_script *script)
{
    struct peer *peer = &peers->peers[peers->count++];

    assert_in_range(peers->count, 1, PEERS_MAX);
    *peer = (struct peer){.script = script};
    peer->listener = peers_listen(LINKS_MAX, &peer->port);
    return peer;
}

static inline void peer_hang_up(struct peer_link *link)
{
    close(link->fd);
    *link = (struct peer_link){.peer = NULL};
}

static inline void peer_begin(struct peer_link *link, const struct peer_reply *reply)
{
    link->out = reply->bytes != NULL || reply->then == PEER_CLOSES ? reply : NULL;
    link->out_at = 0;
}

static inline void peer_accept(struct peers *peers, struct peer *peer)
{
    const int room = SEND_ROOM;
    int fd;

    while ((fd = accept4(peer->listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) {
        struct peer_link *link = peers->links;

        while (link->peer != NULL)
            link++;
        setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &room, sizeof room);
        *link = (struct peer_link){.peer = peer, .fd = fd};
        peer_begin(link, &peer->script->greeting);
        peer->accepted++;
    }
}

/* The length of the whole request at the start of what came in, or 0. */
static inline size_t peer_request_length(const struct peer_link *link)
{
    const uint8_t *in = (const uint8_t *)link->in;
    const char *end;
    size_t length;

    if (link->in_used >= 4 && in[0] == 0x12) {
        length = 4 + ((size_t)in[2] << 8 | in[3]);
        return length <= link->in_used ? length : 0;
    }
    end = memmem(link->in, link->in_used, "\r\n\r\n", 4);
    return end != NULL ? (size_t)(end - link->in) + 4 : 0;
}

static inline enum osb_question peer_question(const char *request, size_t length)
{
    static const char *const paths[OSB_QUESTIONS] = {
        [OSB_ASK_CONNECTOR] = "\x12\x34",
        [OSB_ASK_WEBAPP] = "/openspecimen/rest/ng/config-settings/password",
        [OSB_ASK_DATABASE] = "/openspecimen/rest/ng/config-settings/locale",
        [OSB_ASK_IDENTITY] = "/openspecimen/rest/ng/config-settings/app-props",
    };

    for (int question = OSB_ASK_IDENTITY; question > 0; question--) {
        if (memmem(request, length, paths[question], strlen(paths[question])) != NULL)
            return (enum osb_question)question;
    }
    if (memmem(request, length, "OPTIONS * HTTP/1.1\r\n", 20) == request)
        return OSB_ASK_CONNECTOR;
    return OSB_ASK_CONNECT;
}

/* Whether this request, which is counted already, is answered at once. */
static inline bool peer_answers(const struct peer *peer, enum osb_question question)
{
    const struct peer_script *script = peer->script;

    if (script->answers > 0 && peer->asked > script->answers)
        return false;
    return question != OSB_ASK_DATABASE ||
           !(script->late || (script->once && peer->asked_database > 1));
}

static inline void peer_take_request(struct peers *peers, struct peer_link *link, size_t length)
{
    struct peer *peer = link->peer;
    enum osb_question question = peer_question(link->in, length);

    peer->asked++;
    if (question == OSB_ASK_DATABASE) {
        memcpy(peer->request, link->in, length);
        peer->request_length = length;
        peer->asked_database++;
    }
    peer->webapp_asked |= question == OSB_ASK_WEBAPP;
    if (peer_answers(peer, question))
        peer_begin(link, &peer->script->replies[question]);
    for (struct peer_link *other = peers->links; other < peers->links + LINKS_MAX; other++) {
        if (other->peer == peer && other != link && question == OSB_ASK_WEBAPP &&
            peer->script->late)
            peer_begin(other, &peer->script->replies[OSB_ASK_DATABASE]);
    }
    link->in_used -= length;
    memmove(link->in, link->in + length, link->in_used);
}

static inline void peer_receive(struct peers *peers, struct peer_link *link)
{
    ssize_t got = recv(link->fd, link->in + link->in_used, sizeof link->in - link->in_used, 0);
    size_t length;

    if (got == 0 || (got < 0 && errno != EAGAIN)) {
        peer_hang_up(link);
        return;
    }
    if (got > 0)
        link->in_used += (size_t)got;
    while ((length = peer_request_length(link)) > 0)
        peer_take_request(peers, link, length);
}

static inline uint64_t peers_clock(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

/* Whether a link that drips has to wait for its next byte. */
static inline bool peer_waits(const struct peer_link *link)
{
    return link->out != NULL && link->out->then == PEER_DRIPS && peers_clock() < link->drip_at;
}

static inline void peer_send(struct peer_link *link)
{
    const struct peer_reply *reply = link->out;
    size_t left = reply->length - link->out_at;
    ssize_t sent = send(link->fd, reply->bytes + link->out_at,
                        reply->then >= PEER_DRIBBLES && left > 0 ? 1 : left, MSG_NOSIGNAL);

    link->drip_at = peers_clock() + DRIP_MS;
    if (sent > 0)
        link->out_at += (size_t)sent;
    if (sent < 0 && errno != EAGAIN) {
        peer_hang_up(link);
    } else if (link->out_at == reply->length) {
        link->out_at = reply->once;
        if (reply->then == PEER_CLOSES)
            peer_hang_up(link);
        else if (reply->then != PEER_REPEATS && reply->then != PEER_DRIPS)
            link->out = NULL;
    }
}

static inline void peers_serve(struct peers *peers, struct pollfd *polls)
{
    for (size_t i = 0; i < peers->count; i++) {
        if (polls[i].revents != 0)
            peer_accept(peers, &peers->peers[i]);
    }
    for (size_t i = 0; i < LINKS_MAX; i++) {
        struct peer_link *link = &peers->links[i];

        if (link->peer != NULL && polls[PEERS_MAX + i].revents & (POLLIN | POLLHUP | POLLERR))
            peer_receive(peers, link);
        /* A repeater sends more than a reader takes. */
        for (int sent = 0; link->out != NULL && sent < 200 && !peer_waits(link); sent++) {
            peer_send(link);
            if (link->out == NULL || link->out->then != PEER_REPEATS)
                break;
        }
    }
}

static inline void *peers_run(void *baton)
{
    static struct pollfd polls[PEERS_MAX + LINKS_MAX + 1];
    struct peers *peers = baton;
    struct pollfd *stop = &polls[PEERS_MAX + LINKS_MAX];

    for (;;) {
        bool any_drips = false;

        *stop = (struct pollfd){.fd = peers->stop[0], .events = POLLIN};
        for (size_t i = 0; i < PEERS_MAX; i++)
            polls[i] = (struct pollfd){.fd = i < peers->count ? peers->peers[i].listener : -1,
                                       .events = POLLIN};
        for (size_t i = 0; i < LINKS_MAX; i++) {
            struct peer_link *link = &peers->links[i];
            bool drips = link->out != NULL && link->out->then == PEER_DRIPS;
            short events = link->out != NULL && !drips ? POLLIN | POLLOUT : POLLIN;

            any_drips |= drips;
            polls[PEERS_MAX + i] =
                (struct pollfd){.fd = link->peer != NULL ? link->fd : -1, .events = events};
        }
        poll(polls, PEERS_MAX + LINKS_MAX + 1, any_drips ? DRIP_MS : -1);
        if (stop->revents != 0)
            return NULL;
        peers_serve(peers, polls);
    }
}

/* When all have been added. */
static inline void peers_start(struct peers *peers)
{
    assert_int_equal(pipe(peers->stop), 0);
    assert_int_equal(pthread_create(&peers->thread, NULL, peers_run, peers), 0);
}

/* Ends the thread and closes all. What a peer has counted may be read afterwards. */
static inline void peers_end(struct peers *peers)
{
    close(peers->stop[1]);
    pthread_join(peers->thread, NULL);
    close(peers->stop[0]);
    for (size_t i = 0; i < LINKS_MAX; i++) {
        if (peers->links[i].peer != NULL)
            peer_hang_up(&peers->links[i]);
    }
    for (size_t i = 0; i < peers->count; i++)
        close(peers->peers[i].listener);
    peers->count = 0;
}

#endif
