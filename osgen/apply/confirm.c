/* SPDX-License-Identifier: Apache-2.0 */
#include "confirm.h"
#include "keep.h"
#include "progress.h"
#include "base/interrupt.h"

#include "probe/wire.h"

#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>
#include <termios.h>
#include <unistd.h>

/* How often it is looked whether somebody else has confirmed. */
#define LOOK_MS 100

/* A terminal that can be asked, or -1. */
struct asked {
    int file;
    char line[64]; /* of its answer, so far */
    size_t length; /* more than the line has room for: it isn't a yes */
};

static bool is_yes(const struct asked *asked)
{
    static const char *const yes[] = {"", "y", "yes"};

    for (size_t i = 0; i < sizeof yes / sizeof *yes; i++) {
        if (asked->length == strlen(yes[i]) && strncasecmp(asked->line, yes[i], asked->length) == 0)
            return true;
    }
    return false;
}

/* Takes what was typed. A terminal that isn't ours to read, since we run in the background, is
 * asked no more. Returns SILENCE as long as there is no whole line. */
static enum osg_answer read_answer(struct asked *asked)
{
    char byte;
    ssize_t length = read(asked->file, &byte, 1);

    if (length == 0)
        return OSG_ANSWER_LOST;
    if (length < 0 && errno != EINTR && errno != EAGAIN)
        asked->file = -1;
    if (length < 0)
        return OSG_ANSWER_SILENCE;
    if (byte == '\n')
        return is_yes(asked) ? OSG_ANSWER_KEEP : OSG_ANSWER_BACK;
    if (asked->length < sizeof asked->line)
        asked->line[asked->length] = byte;
    asked->length++;
    return OSG_ANSWER_SILENCE;
}

static bool has_input(int file)
{
    struct pollfd input = {.fd = file, .events = POLLIN};

    return poll(&input, 1, 0) > 0;
}

/* What was typed before the question is no answer to it. */
static struct asked begin(uint32_t limit_ms)
{
    struct asked asked = {.file = isatty(STDIN_FILENO) ? STDIN_FILENO : -1};

    if (asked.file < 0)
        return asked;
    tcflush(asked.file, TCIFLUSH);
    osg_progress("press Enter to keep it; anything else, or nothing within %u s, takes it back",
                 (limit_ms + 999) / 1000);
    return asked;
}

enum osg_answer osg_confirm(const struct osg_keep *keep, uint32_t limit_ms)
{
    uint64_t end = osb_wire_now() + limit_ms;
    enum osg_answer answer = OSG_ANSWER_SILENCE;
    struct asked asked = begin(limit_ms);

    while (answer == OSG_ANSWER_SILENCE && osb_wire_now() < end) {
        osg_wait(asked.file, LOOK_MS);
        if (osg_interrupted() != NULL)
            answer = OSG_ANSWER_LOST;
        else if (osg_keep_state(keep) != OSG_KEEP_TRIAL)
            answer = OSG_ANSWER_KEEP;
        else if (asked.file >= 0 && has_input(asked.file))
            answer = read_answer(&asked);
    }
    return answer;
}
