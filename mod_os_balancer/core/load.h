/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How long a user has to wait at a member, as its own requests tell: what lbmethod=os_least_time
 * compares.
 *
 *   cost = latency x (in flight + 1) / weight
 *
 * The latency is a moving average that is sensitive to peaks: an answer that takes longer than it
 * replaces it, a quicker one pulls it down, by so much as e^(-t/10 s) says of the time t since the
 * one before. Without answers it fades in the same way, so that a member that was slow is tried
 * again. If requests wait for their answers and none has begun for longer than the average, that
 * silence stands in its place: one of them has waited as long already.
 *
 * Worked example. Members A and B take 50 ms, C takes 500. Idle, they cost 50, 50 and 500: A and B
 * take turns. With one in flight at A and none at B it is 100, 50 and 500. C gets its first request
 * when A and B have eight each: 450 and 500 are a tie. Alone, one after the other, requests find C
 * when its 500 ms have faded to 56, which takes 10 s x ln 8.9 = 22 s. If A hangs while three
 * requests wait there, it costs 4 x 50 at first, and a second later 4 x 1000: none goes there. If C
 * is mended and answers in 50 ms from now on, its average is 216 ms after ten seconds of answers
 * and 111 after twenty.
 *
 * A failure is no quick answer: it counts twice the average or as long as it took, whichever is
 * more, so that one costs a member little and a member that does nothing else loses its users after
 * a few. A latency counts for OSB_LOAD_MOST_MS at most, since what a user calls slow isn't any
 * slower then but would take minutes to fade; and for OSB_LOAD_LEAST_MS at least, below which it is
 * this host that makes the difference. So a member of which nothing is known is tried, and its
 * first request's silence says whether to go on.
 *
 * In flight are the requests that began in this minute or the one before: a killed child's, which
 * nobody ends, are forgotten with their minute. Silence longer than OSB_LOAD_SILENCE_MS may be a
 * killed child's too, so it counts for nothing, and the next request asks anew.
 *
 * All of it is in words that any child changes by compare-and-swap. NOW and BEGUN are ms on one
 * clock that all children share and that doesn't jump.
 */
#ifndef OSB_LOAD_H
#define OSB_LOAD_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#define OSB_LOAD_FADE_MS    10000 /* the time constant of the average */
#define OSB_LOAD_LEAST_MS   5
#define OSB_LOAD_MOST_MS    10000
#define OSB_LOAD_SILENCE_MS 10000

/* All zero at first. */
struct osb_load {
    _Atomic uint64_t average; /* when it changed last, ms, 32 bits; latency, ms / 2^16, 32 bits */
    _Atomic uint64_t minutes[2]; /* of the requests that began in an even and in an odd minute: the
                                  * minute, 24 bits; in flight, 20 bits; waiting, 20 bits */
    _Atomic uint64_t sign;       /* ms when an answer last began, or the first of those waiting */
};

/* What became of a request. */
enum osb_attempt_result {
    OSB_ATTEMPT_ANSWERED, /* the answer's beginning was seen, and it is no failure */
    OSB_ATTEMPT_FAILED,   /* in a way that speaks against the member */
    OSB_ATTEMPT_UNKNOWN   /* it says nothing: the client broke off, or the protocol was switched */
};

/* A request, from where it begins to where it ends; its owner's alone. */
struct osb_attempt {
    uint64_t begun;    /* ms */
    uint64_t answered; /* ms when the answer began; 0: it hasn't */
    uint64_t upload;   /* ms of the time before that in which the member waited for the client */
};

void osb_load_begin(struct osb_load *load, struct osb_attempt *attempt, uint64_t now);
/* Its answer begins. Only the first call counts. */
void osb_load_answer(struct osb_load *load, struct osb_attempt *attempt, uint64_t now);
void osb_load_end(struct osb_load *load, const struct osb_attempt *attempt,
                  enum osb_attempt_result outcome, uint64_t now);

/* Requests under way, and those of them whose answer hasn't begun. */
uint32_t osb_load_in_flight(const struct osb_load *load, uint64_t now);
uint32_t osb_load_waiting(const struct osb_load *load, uint64_t now);

/* Milliseconds: latency x (in flight + 1). */
double osb_load_wait(const struct osb_load *load, uint64_t now);

/* The share of its weight that a member has which has been up for UP_MS, with a slow start over
 * SLOWSTART_MS: from a tenth to 1 in a straight line. */
double osb_load_share(uint64_t up_ms, uint32_t slowstart_ms);

/*
 * The choice among members that are offered one after the other. Costs of which the greater is
 * within an eighth of the lesser are a tie, and a tie goes to the member that was chosen longest
 * ago. TURN is the number of the choice that fell on a member last, whichever child made it.
 */
struct osb_choice {
    bool made;    /* somebody was offered */
    double cost;  /* of the best so far */
    double least; /* of all so far */
    int turn;     /* of the best so far */
};

/* Whether the member is better than the best so far, whose place it then takes. */
bool osb_choice_offer(struct osb_choice *choice, double cost, int turn);

#endif
