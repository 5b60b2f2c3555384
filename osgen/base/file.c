/* SPDX-License-Identifier: Apache-2.0 */
#include "file.h"
#include "text.h"

#include "core/message.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct osg_file_id osg_file_id_of(const struct stat *about)
{
    return (struct osg_file_id){.device = about->st_dev, .inode = about->st_ino};
}

struct osg_file_id osg_file_id_at(const char *path)
{
    struct stat about;

    return stat(path, &about) == 0 ? osg_file_id_of(&about) : (struct osg_file_id){0};
}

bool osg_file_id_equal(struct osg_file_id one, struct osg_file_id other)
{
    return one.inode != 0 && one.inode == other.inode && one.device == other.device;
}

static bool is_regular(int file, struct stat *about, struct osb_message *why)
{
    if (fstat(file, about) != 0)
        return osb_refuse(why, "%s", strerror(errno));
    if (S_ISDIR(about->st_mode))
        return osb_refuse(why, "it is a directory");
    return S_ISREG(about->st_mode) || osb_refuse(why, "it is not a regular file");
}

/* O_NONBLOCK, so that opening a pipe that nobody writes to doesn't wait. */
int osg_file_open(const char *path, struct stat *about, struct osb_message *why)
{
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

    if (file < 0) {
        osb_refuse(why, "%s", strerror(errno));
        return -1;
    }
    if (is_regular(file, about, why))
        return file;
    close(file);
    return -1;
}

bool osg_file_read(int file, size_t most, struct osg_text *text, struct osb_message *why)
{
    char bytes[16384];
    ssize_t length;

    do {
        length = read(file, bytes, sizeof bytes);
        if (length < 0 && errno != EINTR)
            return osb_refuse(why, "%s", strerror(errno));
        if (length > 0)
            osg_text_add(text, bytes, (size_t)length);
    } while (length != 0 && text->length <= most);
    return true;
}
