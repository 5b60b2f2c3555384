/* SPDX-License-Identifier: Apache-2.0 */
#include "console.h"
#include "problem.h"
#include "report.h"
#include "base/exit.h"
#include "base/text.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int osg_print(const struct osg_text *text)
{
    errno = 0;
    if (fwrite(text->bytes, 1, text->length, stdout) == text->length && fflush(stdout) == 0)
        return OSG_EXIT_DONE;
    osg_say("standard output can't be written: %s", strerror(errno));
    return OSG_EXIT_INPUT;
}

void osg_say(const char *format, ...)
{
    struct osg_text text = {0};
    char message[1024];
    va_list args;

    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    osg_report_clean(&text, message);
    fprintf(stderr, "osgen: %s\n", text.bytes != NULL ? text.bytes : "");
    osg_text_free(&text);
}

/* "2 errors", "1 warning" */
static void add_count(struct osg_text *text, size_t count, const char *what)
{
    osg_text_printf(text, "%s%zu %s%s", text->length > 0 ? " and " : "", count, what,
                    count == 1 ? "" : "s");
}

bool osg_wants_colour(int file)
{
    const char *no_color = getenv("NO_COLOR"), *terminal = getenv("TERM");

    return isatty(file) && (no_color == NULL || no_color[0] == '\0') &&
           (terminal == NULL || strcmp(terminal, "dumb") != 0);
}

void osg_show_problems(struct osg_problems *problems, const struct osg_source *source)
{
    struct osg_text text = {0}, counts = {0};

    if (problems->count == 0)
        return;
    osg_report(&text, problems, source, osg_wants_colour(STDERR_FILENO));
    if (problems->errors > 0)
        add_count(&counts, problems->errors, "error");
    if (problems->count > problems->errors)
        add_count(&counts, problems->count - problems->errors, "warning");
    fprintf(stderr, "%s%s\n", text.bytes, counts.bytes);
    osg_text_free(&counts);
    osg_text_free(&text);
}
