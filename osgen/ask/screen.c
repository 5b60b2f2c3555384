/* SPDX-License-Identifier: Apache-2.0 */
#include "screen.h"
#include "base/exit.h"
#include "base/text.h"
#include "problem/console.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define ESCAPE '\033'

bool osg_screen_is_there(void)
{
    const char *kind = getenv("TERM");

    return isatty(STDOUT_FILENO) && kind != NULL && strcmp(kind, "dumb") != 0;
}

/* The length of the colour that TEXT begins with, "ESC [ 1 ; 3 2 m"; 0: none. */
static size_t colour_length(const char *text)
{
    return text[0] == ESCAPE && text[1] == '[' ? strcspn(text, "m") + 1 : 0;
}

static bool begins_character(char byte)
{
    return ((unsigned char)byte & 0xc0) != 0x80;
}

size_t osg_screen_rows(const char *text, size_t width)
{
    size_t rows = 0, column = 0;

    while (*text != '\0') {
        size_t colour = colour_length(text);

        if (*text == '\n') {
            rows += column > width ? (column + width - 1) / width : 1;
            column = 0;
        } else if (colour == 0) {
            column += begins_character(*text);
        }
        text += colour > 0 ? colour : 1;
    }
    return rows;
}

static struct winsize size_of_terminal(void)
{
    struct winsize size = {0};

    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0 || size.ws_row == 0)
        size = (struct winsize){.ws_col = 80, .ws_row = 24};
    return size;
}

int osg_screen_draw(struct osg_screen *screen, const struct osg_text *text, bool last)
{
    struct winsize size = size_of_terminal();
    size_t rows = osg_screen_rows(text->bytes, size.ws_col);
    bool fits = rows < size.ws_row;
    struct osg_text whole = {0};
    int code;

    if (!fits && !last)
        return OSG_EXIT_DONE;
    if (screen->rows > 0)
        osg_text_printf(&whole, "\033[%zuA\r\033[J", screen->rows);
    osg_text_add(&whole, text->bytes, text->length);
    screen->rows = fits ? rows : 0;
    code = osg_print(&whole);
    osg_text_free(&whole);
    return code;
}
