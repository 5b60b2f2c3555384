/* SPDX-License-Identifier: Apache-2.0 */
#include "inplace.h"
#include "kind.h"
#include "base/file.h"
#include "base/text.h"
#include "problem/report.h"

#include "core/message.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

bool osg_inplace_read(const char *path, struct osg_text *text, bool *exists,
                      struct osb_message *why)
{
    struct osb_message reason = {""};
    struct stat about;
    int file;
    bool done;

    *exists = lstat(path, &about) == 0 || errno != ENOENT;
    if (!*exists)
        return true;
    file = osg_file_open(path, &about, &reason);
    if (file < 0)
        return osb_refuse(why, "%s can't be read: %s", path, reason.text);
    done = osg_file_read(file, OSG_INPLACE_MAX, text, &reason);
    close(file);
    if (!done)
        return osb_refuse(why, "%s can't be read: %s", path, reason.text);
    if (text->length > OSG_INPLACE_MAX)
        return osb_refuse(why, "%s is larger than %d bytes", path, OSG_INPLACE_MAX);
    return osg_is_configuration(text) || osb_refuse(why, "%s is no configuration of httpd's", path);
}

const char *osg_text_bytes(const struct osg_text *text)
{
    return text->bytes != NULL ? text->bytes : "";
}

void osg_put_lines(struct osg_text *text, const char *lead, const struct osg_text *lines)
{
    const char *at = osg_text_bytes(lines);

    while (*at != '\0') {
        size_t length = strcspn(at, "\n");
        struct osg_text line = {0};

        osg_text_add(&line, at, length);
        osg_text_put(text, lead);
        osg_report_clean(text, line.bytes);
        osg_text_put(text, "\n");
        osg_text_free(&line);
        at += length + (at[length] == '\n');
    }
}
