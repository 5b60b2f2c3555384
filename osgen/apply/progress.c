/* SPDX-License-Identifier: Apache-2.0 */
#include "progress.h"
#include "base/text.h"
#include "change/inplace.h"
#include "change/mask.h"
#include "problem/console.h"

#include <poll.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <unistd.h>

#define PATIENCE_MS 1000
#define INDENT      "    "

/* Who has once kept us waiting isn't waited for again. */
static bool is_taken(void)
{
    static bool was_taken = true;
    struct pollfd file = {.fd = STDERR_FILENO, .events = POLLOUT};

    was_taken = poll(&file, 1, was_taken ? PATIENCE_MS : 0) > 0 && (file.revents & POLLOUT) != 0;
    return was_taken;
}

void osg_progress(const char *format, ...)
{
    char message[1024];
    va_list args;

    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    if (is_taken())
        osg_say("%s", message);
}

static void put(struct osg_text *text)
{
    if (text->length > 0 && is_taken())
        fputs(text->bytes, stderr);
    osg_text_free(text);
}

void osg_progress_lines(const struct osg_text *lines)
{
    struct osg_text text = {0};

    osg_put_lines(&text, INDENT, lines);
    put(&text);
}

void osg_progress_quote(const struct osg_text *said)
{
    struct osg_text text = {0};

    osg_mask(&text, osg_text_bytes(said), said->length, INDENT);
    put(&text);
}

void osg_progress_over(const char *format, ...)
{
    va_list args;

    if (!isatty(STDERR_FILENO) || !is_taken())
        return;
    fputs("\r\033[K", stderr);
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
}
