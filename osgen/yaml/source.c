/* SPDX-License-Identifier: Apache-2.0 */
#include "source.h"
#include "lines.h"
#include "base/arena.h"
#include "base/file.h"
#include "base/text.h"
#include "problem/problem.h"
#include "core/utf8.h"

#include "core/message.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool read_all(int file, struct osg_text *text, struct osb_message *why)
{
    struct osb_message fault = {""};

    if (!osg_file_read(file, OSG_SOURCE_MAX, text, &fault))
        return osb_refuse(why, "can't be read: %s", fault.text);
    if (text->length > OSG_SOURCE_MAX)
        return osb_refuse(why, "is larger than %d bytes, the most that is read", OSG_SOURCE_MAX);
    return true;
}

static int open_source(const char *path, struct stat *about, struct osb_message *why)
{
    struct osb_message fault = {""};
    int file = osg_file_open(path, about, &fault);

    if (file < 0)
        osb_refuse(why, "can't be read: %s", fault.text);
    return file;
}

bool osg_source_read(struct osg_arena *arena, const char *path, struct osg_source *source,
                     struct osb_message *why)
{
    bool is_stdin = strcmp(path, "-") == 0;
    struct osg_text text = {0};
    struct stat about = {0};
    int file = is_stdin ? STDIN_FILENO : open_source(path, &about, why);
    bool done;

    if (file < 0)
        return false;
    if (is_stdin)
        (void)fstat(file, &about);
    done = read_all(file, &text, why);
    if (!is_stdin)
        close(file);
    if (done)
        *source = (struct osg_source){
            .name = is_stdin ? "<stdin>" : path,
            .text = osg_arena_copy(arena, text.bytes != NULL ? text.bytes : "", text.length),
            .length = text.length,
            .id = osg_file_id_of(&about),
            .is_open = S_ISREG(about.st_mode) && (about.st_mode & S_IROTH) != 0,
            .directory = osg_directory_of(arena, is_stdin ? "" : path)};
    osg_text_free(&text);
    return done;
}

/* What YAML has no place for, in words; NULL if CODE may stand in a topology. */
static const char *fault_of(uint32_t code)
{
    if (code == 0)
        return "a NUL byte: this is not a text file, or it is UTF-16 and has to be saved as UTF-8";
    if ((code < 0x20 && code != '\t' && code != '\n' && code != '\r') ||
        (code >= 0x7f && code < 0xa0 && code != 0x85) || code == 0xfffe || code == 0xffff)
        return "a control character, which a topology can't hold";
    return NULL;
}

/* Where reading goes on after a character. */
static struct osg_place after(struct osg_place place, uint32_t code)
{
    if (code == '\n')
        return (struct osg_place){.line = place.line + 1, .column = 1, .file = place.file};
    return (struct osg_place){.line = place.line, .column = place.column + 1, .file = place.file};
}

/* Has the line the word, so that there is something to hide? */
static bool tells_of_secret(const struct osg_source_line *line)
{
    return memmem(line->text, line->length, "secret", 6) != NULL;
}

void osg_source_hide(const struct osg_source *source, struct osg_place from,
                     struct osg_problems *problems)
{
    struct osg_place end = {.line = from.line + 1, .column = 1, .file = from.file};
    const struct osg_hidden *last =
        problems->hidden_count > 0 ? &problems->hidden[problems->hidden_count - 1] : NULL;
    struct osg_source_line line = osg_lines_get(source, from.line);
    struct osg_source_line above = osg_lines_above(source, from.line);

    if (last != NULL && osg_place_compare(from, last->to) < 0)
        from = last->to;
    if ((tells_of_secret(&line) || tells_of_secret(&above)) && osg_place_compare(from, end) < 0)
        osg_problems_hide(problems, from, end);
}

/* How many characters of ASCII TEXT begins with, none of them a control: most of every topology. */
static size_t plain_run(const char *text)
{
    size_t length = 0;

    while (text[length] >= 0x20 && text[length] < 0x7f)
        length++;
    return length;
}

bool osg_source_check(const struct osg_source *source, struct osg_problems *problems)
{
    struct osg_place place = {.line = 1, .column = 1, .file = source->number};
    uint32_t code = 0;
    size_t length;

    for (size_t i = 0; i < source->length; i += length) {
        const char *fault;

        length = plain_run(source->text + i);
        place.column += (uint32_t)length;
        if (length > 0)
            continue;
        length = osb_utf8_read(source->text + i, source->length - i, &code);
        fault = length > 0 ? fault_of(code) : NULL;
        if (length > 0 && fault == NULL) {
            place = after(place, code);
            continue;
        }
        osg_source_hide(source, (struct osg_place){place.line, 1, place.file}, problems);
        if (fault != NULL)
            return osg_error(problems, OSG_NOT_TEXT, place, "%s", fault);
        return osg_error(problems, OSG_NOT_TEXT, place,
                         "the byte 0x%02x is not UTF-8 here: save the file as UTF-8",
                         (unsigned char)source->text[i]);
    }
    return true;
}
