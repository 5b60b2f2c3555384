/* SPDX-License-Identifier: Apache-2.0 */
#include "notifier.h"
#include "config.h"
#include "program.h"
#include "core/text.h"
#include "probe/probe.h"

#include <http_log.h>

#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>

APLOG_USE_MODULE(os_balancer);

/* A run that takes longer is killed, with what it started. */
#define LIMIT_MS 10000
/* So long a server that stops waits for the run under way. */
#define LAST_WAIT_MS 500
/* Instead of the time until which it may take: it was killed. */
#define KILLED UINT64_MAX

struct osb_notifier {
    const char *program; /* NULL: nobody is told */
    server_rec *main;
    char host[256]; /* the server's name, as clean as an event's texts */
    pid_t own;      /* the latest run that this process began, until it is reaped; else 0 */
    pid_t reaped;   /* the latest that was */
    uint64_t event; /* the number of what it told */
};

struct osb_notifier *osb_notifier_make(const char *program, server_rec *main)
{
    struct osb_notifier *notifier = calloc(1, sizeof *notifier);

    if (notifier == NULL)
        return NULL;
    *notifier = (struct osb_notifier){.program = program, .main = main};
    osb_text_copy(notifier->host, sizeof notifier->host,
                  main->server_hostname != NULL ? main->server_hostname : "");
    return notifier;
}

static void complain(const struct osb_notifier *notifier, const char *what, int number)
{
    ap_log_error(APLOG_MARK, APLOG_WARNING, 0, notifier->main,
                 "os_balancer: event %" APR_UINT64_T_FMT ": %s %s %d", notifier->event,
                 notifier->program, what, number);
}

static void start_run(struct osb_notifier *notifier, const struct osb_term *term,
                      const struct osb_event *event)
{
    bool has_states = event->kind == OSB_EVENT_STATE;
    char *const argv[] = {(char *)notifier->program,
                          (char *)osb_event_name(event->kind),
                          (char *)event->balancer,
                          (char *)event->member,
                          (char *)(has_states ? osb_state_name(event->from) : ""),
                          (char *)(has_states ? osb_state_name(event->to) : ""),
                          NULL};
    struct osb_buffer document = {.length = 0};
    struct osb_sink sink = osb_buffer_sink(&document);
    int error;

    osb_event_write(event, notifier->host, &sink);
    error =
        osb_program_start(notifier->program, argv, document.bytes, document.length, &notifier->own);
    free(document.bytes);
    notifier->event = event->number;
    if (error != 0) {
        notifier->own = 0;
        ap_log_error(APLOG_MARK, APLOG_ERR, APR_FROM_OS_ERROR(error), notifier->main,
                     "os_balancer: event %" APR_UINT64_T_FMT ": %s can't be run", event->number,
                     notifier->program);
        return;
    }
    osb_board_set_run(term,
                      (struct osb_run){.pid = notifier->own, .until = osb_prober_now() + LIMIT_MS});
}

bool osb_notifier_reap(struct osb_notifier *notifier)
{
    int status = 0;

    if (notifier->own == 0)
        return false;
    if (waitpid(notifier->own, &status, WNOHANG) == 0)
        return true;
    notifier->reaped = notifier->own;
    notifier->own = 0;
    if (WIFSIGNALED(status))
        complain(notifier, "was ended by signal", WTERMSIG(status));
    else if (WEXITSTATUS(status) != 0)
        complain(notifier, "failed with exit code", WEXITSTATUS(status));
    return false;
}

/* A predecessor's may stay behind as a zombie, if that was stopped. */
static bool is_over(const struct osb_notifier *notifier, const struct osb_run *run)
{
    return run->pid == notifier->reaped || kill(run->pid, 0) != 0 ||
           (run->until == KILLED && run->pid != notifier->own);
}

static void kill_run(const struct osb_notifier *notifier, const struct osb_term *term,
                     const struct osb_run *run)
{
    kill(-run->pid, SIGKILL);
    osb_board_set_run(term, (struct osb_run){.pid = run->pid, .until = KILLED});
    ap_log_error(APLOG_MARK, APLOG_WARNING, 0, notifier->main,
                 "os_balancer: event %" APR_UINT64_T_FMT ": %s is killed, it takes too long",
                 osb_board_notified(term->board),
                 notifier->program != NULL ? notifier->program : "its program");
}

/* Looks after the run under way, which may be a predecessor's. True while there is one. */
static bool tend_run(const struct osb_notifier *notifier, const struct osb_term *term)
{
    struct osb_run run = osb_board_run(term->board);

    if (run.pid == 0)
        return false;
    if (is_over(notifier, &run)) {
        osb_board_set_run(term, (struct osb_run){.pid = 0});
        return false;
    }
    if (osb_prober_now() >= run.until && osb_term_lasts(term))
        kill_run(notifier, term, &run);
    return true;
}

/* The next event to tell. False: there is none. What the journal no longer has is dropped. */
static bool next_event(const struct osb_notifier *notifier, const struct osb_term *term,
                       struct osb_event *event)
{
    uint64_t last = osb_board_last_event(term->board);
    uint64_t next = osb_board_notified(term->board) + 1;
    uint64_t oldest = last >= OSB_JOURNAL_LENGTH ? last - OSB_JOURNAL_LENGTH + 1 : 1;

    if (next < oldest) {
        ap_log_error(APLOG_MARK, APLOG_WARNING, 0, notifier->main,
                     "os_balancer: %" APR_UINT64_T_FMT " events are dropped: %s is told of them "
                     "more slowly than they come",
                     oldest - next, notifier->program);
        next = oldest;
    }
    while (next <= last && !osb_board_event(term->board, next, event))
        next++;
    osb_board_set_notified(term, next <= last ? next : last);
    return next <= last;
}

void osb_notifier_turn(struct osb_notifier *notifier, const struct osb_term *term)
{
    bool has_own = osb_notifier_reap(notifier);
    struct osb_event event;

    if (tend_run(notifier, term) || has_own)
        return;
    if (notifier->program == NULL)
        osb_board_set_notified(term, osb_board_last_event(term->board));
    else if (next_event(notifier, term, &event) && osb_term_lasts(term))
        start_run(notifier, term, &event);
}

apr_status_t osb_notifier_end_run(void *board)
{
    struct osb_run run = osb_board_run(board);
    uint64_t now = osb_prober_now(), until = now + LAST_WAIT_MS;

    if (run.pid == 0 || now > run.until)
        return APR_SUCCESS;
    while (kill(run.pid, 0) == 0 && osb_prober_now() < until)
        apr_sleep(apr_time_from_msec(5));
    kill(-run.pid, SIGKILL);
    return APR_SUCCESS;
}
