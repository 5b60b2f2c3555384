/* SPDX-License-Identifier: Apache-2.0 */
#include "secret.h"
#include "quote.h"
#include "topology.h"
#include "base/arena.h"
#include "base/file.h"
#include "base/text.h"
#include "problem/problem.h"

#include "core/message.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Tomcat reads the AJP attribute as ISO 8859-1 and its own configuration as UTF-8, so that only
 * ASCII is the same on both sides. */
bool osg_secret_check(const char *secret, size_t length, struct osb_message *why)
{
    if (length == 0)
        return osb_refuse(why, "the secret is empty");
    if (length > OSG_SECRET_MAX)
        return osb_refuse(why, "the secret is longer than %d bytes, the most that httpd takes",
                          OSG_SECRET_MAX);
    for (size_t i = 0; i < length; i++) {
        if (secret[i] < 0x20 || secret[i] > 0x7e)
            return osb_refuse(why, "the secret holds a character that is not printable ASCII");
    }
    return osg_quotable(secret, why);
}

/* The variable that TEXT is and nothing else, "${NAME}"; NULL: it is none. */
static const char *variable_of(struct osg_arena *arena, const char *text)
{
    static const char accepted[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_"
                                   "0123456789";
    size_t length = strncmp(text, "${", 2) == 0 ? strspn(text + 2, accepted) : 0;

    if (length == 0 || strcmp(text + 2 + length, "}") != 0 || strchr("0123456789", text[2]) != NULL)
        return NULL;
    return osg_arena_copy(arena, text + 2, length);
}

static void take_variable(struct osg_reader *reader, const char *name, struct osg_place place,
                          struct osg_word *secret)
{
    const char *text = getenv(name);
    struct osb_message why;

    if (text == NULL || text[0] == '\0')
        osg_error(reader->problems, OSG_NO_VARIABLE, place,
                  "the secret is to be that of the environment's variable %.80s, which is %s", name,
                  text == NULL ? "not set" : "empty");
    else if (!osg_secret_check(text, strlen(text), &why))
        osg_error(reader->problems, OSG_BAD_SECRET, place, "the variable %.80s: %s", name,
                  why.text);
    else
        *secret = (struct osg_word){.text = osg_arena_copy(reader->arena, text, strlen(text)),
                                    .place = place};
}

/* Once for each file. */
static void warn_if_open(struct osg_reader *reader, struct osg_place place)
{
    const uint64_t bit = UINT64_C(1) << place.file;

    if (!osg_source_find(reader->source, place.file)->is_open || (reader->warned & bit) != 0)
        return;
    reader->warned |= bit;
    osg_warning(reader->problems, OSG_READABLE_SECRET, place,
                "a secret stands here and everybody can read this file: chmod o-r, or secret_file "
                "instead");
}

void osg_read_secret(struct osg_reader *reader, const struct osg_key *key,
                     const struct osg_node *value, void *field)
{
    const char *variable = variable_of(reader->arena, value->text);
    struct osb_message why;

    if (!osg_is_word(reader, key, value))
        return;
    if (variable != NULL) {
        take_variable(reader, variable, value->place, field);
    } else if (osg_secret_check(value->text, strlen(value->text), &why)) {
        *(struct osg_word *)field = (struct osg_word){.text = value->text, .place = value->place};
        warn_if_open(reader, value->place);
    } else {
        osg_error(reader->problems, OSG_BAD_SECRET, value->place, "%s", why.text);
    }
}

/* The newline at the end is an editor's, not the secret's. */
static size_t without_newline(const char *bytes, size_t length)
{
    if (length > 0 && bytes[length - 1] == '\n')
        length--;
    if (length > 0 && bytes[length - 1] == '\r')
        length--;
    return length;
}

static void take_secret(struct osg_reader *reader, struct osg_secret *secret, const char *bytes,
                        size_t length, const char *path)
{
    struct osb_message why;
    const char *text;

    length = without_newline(bytes, length);
    text = osg_arena_copy(reader->arena, bytes, length);
    if (memchr(bytes, '\n', length) != NULL)
        osg_error(reader->problems, OSG_BAD_SECRET, secret->file.place,
                  "\"%s\" has more than one line; the secret is the only one", path);
    else if (!osg_secret_check(text, length, &why))
        osg_error(reader->problems, OSG_BAD_SECRET, secret->file.place, "\"%s\": %s", path,
                  why.text);
    else
        secret->value = (struct osg_word){.text = text, .place = secret->file.place};
}

/* Adds what PATH holds to TEXT, as far as a secret can reach, and fills ABOUT, with zeros if
 * nothing is read. */
static bool read_secret(const char *path, struct osg_text *text, struct stat *about,
                        struct osb_message *why)
{
    int file = osg_file_open(path, about, why);
    bool done;

    if (file < 0) {
        *about = (struct stat){0};
        return false;
    }
    done = osg_file_read(file, OSG_SECRET_MAX + 2, text, why);
    close(file);
    return done;
}

void osg_secret_load(struct osg_reader *reader, struct osg_secret *secret)
{
    const struct osg_word *name = &secret->file;
    struct osg_text text = {0};
    struct osb_message why;
    struct stat about = {0};
    const char *path;

    path = name->text != NULL
               ? osg_path_from(reader->arena, reader->source, name->place, name->text)
               : NULL;
    if (path == NULL)
        return;
    if (read_secret(path, &text, &about, &why))
        take_secret(reader, secret, text.bytes != NULL ? text.bytes : "", text.length, path);
    else
        osg_error(reader->problems, OSG_UNREADABLE_SECRET, name->place,
                  "the secret can't be read from \"%s\": %s", path, why.text);
    secret->id = osg_file_id_of(&about);
    if ((about.st_mode & S_IROTH) != 0)
        osg_warning(reader->problems, OSG_READABLE_SECRET, name->place,
                    "\"%s\" holds a secret and everybody can read it: chmod o-r", path);
    osg_text_free(&text);
}
