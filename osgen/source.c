/* SPDX-License-Identifier: Apache-2.0 */
#include "source.h"
#include "arena.h"
#include "file.h"
#include "problem.h"
#include "text.h"
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
        return osb_refuse(why, "is larger than %d bytes, which no topology is", OSG_SOURCE_MAX);
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

/* A line that has a secret, or just the word, isn't shown: nobody knows yet where the secret ends.
 */
static void hide_line(const struct osg_source *source, size_t offset, struct osg_place place,
                      struct osg_problems *problems)
{
    size_t start = offset;

    while (start > 0 && source->text[start - 1] != '\n')
        start--;
    if (memmem(source->text + start, offset - start, "secret", 6) != NULL)
        osg_problems_hide(
            problems, (struct osg_place){.line = place.line, .column = 1, .file = place.file},
            (struct osg_place){.line = place.line + 1, .column = 1, .file = place.file});
}

bool osg_source_check(const struct osg_source *source, struct osg_problems *problems)
{
    struct osg_place place = {.line = 1, .column = 1, .file = source->number};
    uint32_t code = 0;
    size_t length;

    for (size_t i = 0; i < source->length; i += length) {
        const char *fault;

        length = osb_utf8_read(source->text + i, source->length - i, &code);
        fault = length > 0 ? fault_of(code) : NULL;
        if (length > 0 && fault == NULL) {
            place = after(place, code);
            continue;
        }
        hide_line(source, i, place, problems);
        if (fault != NULL)
            return osg_error(problems, place, "%s", fault);
        return osg_error(problems, place,
                         "the byte 0x%02x is not UTF-8 here: save the file as UTF-8",
                         (unsigned char)source->text[i]);
    }
    return true;
}
