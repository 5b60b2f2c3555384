/* SPDX-License-Identifier: Apache-2.0 */
#include "notifier.h"
#include "board.h"
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
/* So long a leader that ends waits for its run. Over a reload it is then its successor's; where
 * the server may be about to stop, and nobody follows, it is killed. */
#define LAST_WAIT_MS 500

struct osb_notifier {
    const char *program; /* NULL: nobody is told */
    server_rec *main;
    struct osb_board *board;
    char host[256]; /* the server's name, as clean as an event's texts */
    pid_t own;      /* the run under way, if it is this process's child; else 0 */
};

struct osb_notifier *osb_notifier_make(const char *program, server_rec *main,
                                       struct osb_board *board)
{
    struct osb_notifier *notifier = calloc(1, sizeof *notifier);

    if (notifier == NULL)
        return NULL;
    *notifier = (struct osb_notifier){.program = program, .main = main, .board = board};
    osb_text_copy(notifier->host, sizeof notifier->host,
                  main->server_hostname != NULL ? main->server_hostname : "");
    return notifier;
}

/* One line about the event that the program was told last. */
static void complain(const struct osb_notifier *notifier, const char *what, int number)
{
    ap_log_error(APLOG_MARK, APLOG_WARNING, 0, notifier->main,
                 "os_balancer: event %" APR_UINT64_T_FMT ": %s %s %d",
                 osb_board_notified(notifier->board), notifier->program, what, number);
}

static void start_run(struct osb_notifier *notifier, const struct osb_event *event)
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
    if (error != 0) {
        notifier->own = 0;
        ap_log_error(APLOG_MARK, APLOG_ERR, APR_FROM_OS_ERROR(error), notifier->main,
                     "os_balancer: event %" APR_UINT64_T_FMT ": %s can't be run", event->number,
                     notifier->program);
        return;
    }
    osb_board_set_run(notifier->board,
                      (struct osb_run){.pid = notifier->own, .until = osb_prober_now() + LIMIT_MS});
}

/* Whether the run is over. One of our own is also reaped, and logged if it failed; a predecessor's
 * is over when its process group is gone. */
static bool is_over(struct osb_notifier *notifier, const struct osb_run *run)
{
    int status = 0;

    if (notifier->own == 0)
        return kill(-run->pid, 0) != 0;
    if (waitpid(notifier->own, &status, WNOHANG) == 0)
        return false;
    notifier->own = 0;
    if (WIFSIGNALED(status))
        complain(notifier, "was ended by signal", WTERMSIG(status));
    else if (WEXITSTATUS(status) != 0)
        complain(notifier, "failed with exit code", WEXITSTATUS(status));
    return true;
}

static void kill_run(const struct osb_notifier *notifier, pid_t pid, const char *why)
{
    ap_log_error(APLOG_MARK, APLOG_WARNING, 0, notifier->main,
                 "os_balancer: event %" APR_UINT64_T_FMT ": %s is killed, %s",
                 osb_board_notified(notifier->board), notifier->program, why);
    kill(-pid, SIGKILL);
}

/* Looks after the run under way. True while there is one. */
static bool tend_run(struct osb_notifier *notifier)
{
    struct osb_run run = osb_board_run(notifier->board);

    if (run.pid == 0)
        return false;
    if (!is_over(notifier, &run)) {
        if (osb_prober_now() < run.until)
            return true;
        kill_run(notifier, run.pid, "it takes too long");
        /* A predecessor's may stay behind as a zombie until that process ends. */
        if (notifier->own != 0) {
            run.until += LIMIT_MS;
            osb_board_set_run(notifier->board, run);
            return true;
        }
    }
    osb_board_set_run(notifier->board, (struct osb_run){.pid = 0});
    return false;
}

/* The next event to tell. False: there is none. What the journal no longer has is dropped. */
static bool next_event(struct osb_notifier *notifier, struct osb_event *event)
{
    uint64_t last = osb_board_last_event(notifier->board);
    uint64_t next = osb_board_notified(notifier->board) + 1;
    uint64_t oldest = last >= OSB_JOURNAL_LENGTH ? last - OSB_JOURNAL_LENGTH + 1 : 1;

    if (next < oldest) {
        ap_log_error(APLOG_MARK, APLOG_WARNING, 0, notifier->main,
                     "os_balancer: %" APR_UINT64_T_FMT " events are dropped: %s is told of them "
                     "more slowly than they come",
                     oldest - next, notifier->program);
        next = oldest;
    }
    while (next <= last && !osb_board_event(notifier->board, next, event))
        next++;
    osb_board_set_notified(notifier->board, next <= last ? next : last);
    return next <= last;
}

void osb_notifier_turn(struct osb_notifier *notifier)
{
    struct osb_event event;

    if (notifier->program == NULL)
        osb_board_set_notified(notifier->board, osb_board_last_event(notifier->board));
    else if (!tend_run(notifier) && next_event(notifier, &event))
        start_run(notifier, &event);
}

void osb_notifier_free(struct osb_notifier *notifier)
{
    uint64_t until = osb_prober_now() + LAST_WAIT_MS;

    if (notifier == NULL)
        return;
    while (notifier->own != 0 && tend_run(notifier) && osb_prober_now() < until)
        apr_sleep(apr_time_from_msec(5));
    if (notifier->own != 0 && !osb_board_is_retired(notifier->board)) {
        kill_run(notifier, notifier->own, "since this child ends");
        waitpid(notifier->own, NULL, 0);
        osb_board_set_run(notifier->board, (struct osb_run){.pid = 0});
    }
    free(notifier);
}
