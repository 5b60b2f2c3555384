/* SPDX-License-Identifier: Apache-2.0 */
#include "included.h"
#include "control.h"
#include "base/file.h"
#include "base/text.h"
#include "topology/load.h"

#include "core/message.h"

#include <string.h>

/* What httpd -t -D DUMP_INCLUDES says:
 *
 *     Included configuration files:
 *       (*) /etc/apache2/apache2.conf
 *         (146) /etc/apache2/mods-enabled/alias.load
 */
#define TITLE "Included configuration files:\n"

static const char *entry_of(const char *line)
{
    const char *name = strstr(line, ") ");

    return line[strspn(line, " ")] == '(' && name != NULL ? name + 2 : NULL;
}

/* What the list says of two files. Of files that aren't there, as those of an httpd in a container,
 * nothing can be told. */
struct listing {
    bool tells; /* is there an entry, and each of a file that is there? */
    bool file;  /* is there one of the file? */
    bool other; /* and of the other one? */
};

static struct listing look_up(char *list, struct osg_file_id file, struct osg_file_id other)
{
    struct listing listing = {.tells = false};
    bool foreign = false;

    for (char *line; (line = strsep(&list, "\n")) != NULL;) {
        const char *entry = entry_of(line);
        struct osg_file_id id = {0};

        if (entry == NULL)
            continue;
        id = osg_file_id_at(entry);
        foreign = foreign || id.inode == 0;
        listing.file = listing.file || osg_file_id_equal(id, file);
        listing.other = listing.other || osg_file_id_equal(id, other);
        listing.tells = true;
    }
    listing.tells = listing.tells && !foreign;
    return listing;
}

/* Debian's own commands, each for the files of one directory. */
static const struct place {
    const char *directory;
    const char *program;
} places[] = {{"sites-available", "a2ensite"}, {"conf-available", "a2enconf"}};

static bool is_in(const char *path, const char *directory)
{
    size_t length = strlen(directory), before = (size_t)(osg_base_name(path) - path);

    return before > length + 1 && path[before - length - 2] == '/' &&
           strncmp(path + before - length - 1, directory, length) == 0;
}

static bool refuse(const char *path, bool existed, struct osb_message *why)
{
    const char *base = osg_base_name(path), *dot = strrchr(base, '.');

    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        if (is_in(path, places[i].directory))
            return osb_refuse(why, "httpd doesn't include %s: %s%s %.*s", path,
                              existed ? "" : "osgen render -o it first, then ", places[i].program,
                              dot != NULL ? (int)(dot - base) : (int)strlen(base), base);
    }
    return osb_refuse(why, "httpd doesn't include %s: its configuration lacks an Include of it",
                      path);
}

bool osg_is_included(const struct osg_control *control, const char *path, const char *beside,
                     bool existed, struct osb_message *why)
{
    struct osg_text said = {0};
    bool answered = osg_control_hear(control, OSG_CONTROL_INCLUDES, &said) && said.length > 0;
    char *list = answered ? strstr(said.bytes, TITLE) : NULL;
    struct listing listing = {.tells = false};

    if (list != NULL)
        listing = look_up(list + sizeof TITLE - 1, osg_file_id_at(path), osg_file_id_at(beside));
    osg_text_free(&said);
    if (listing.other)
        return osb_refuse(
            why,
            "httpd includes %s too, where the old file is meanwhile: have its Include "
            "name %.*s*.conf",
            beside, (int)(osg_base_name(path) - path), path);
    return !listing.tells || listing.file || refuse(path, existed, why);
}
