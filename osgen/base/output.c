/* SPDX-License-Identifier: Apache-2.0 */
#include "output.h"
#include "file.h"
#include "text.h"

#include "core/message.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A file on its way to being replaced. */
struct target {
    char path[PATH_MAX];          /* the file itself, behind all symbolic links */
    char directory[PATH_MAX];     /* where it is */
    char temporary[PATH_MAX + 9]; /* the name of the new file before it is renamed */
    bool exists;                  /* is there something to keep? */
    struct stat about;            /* what is there, if it exists */
    mode_t mode;                  /* what it will have */
    bool is_new;                  /* must nothing be there before? */
    struct osb_message *why;      /* for what goes wrong */
};

static bool failed(const struct target *target, const char *doing)
{
    return osb_refuse(target->why, "%s can't be %s: %s", target->path, doing, strerror(errno));
}

static mode_t current_umask(void)
{
    mode_t mask = umask(0);

    umask(mask);
    return mask;
}

/* The path behind symbolic links; a link to nothing has none. */
static bool follow(struct target *target, const char *path)
{
    size_t length = strlen(path);
    struct stat link;

    if (lstat(path, &link) == 0 && S_ISLNK(link.st_mode))
        return realpath(path, target->path) != NULL;
    if (length < sizeof target->path) {
        memcpy(target->path, path, length + 1);
        return true;
    }
    errno = ENAMETOOLONG;
    return false;
}

/* Finds out what is there; MODE is for a new file. */
static bool look(struct target *target, const char *path, mode_t mode)
{
    if (!follow(target, path))
        return osb_refuse(target->why, "%s can't be followed: %s", path, strerror(errno));
    target->exists = stat(target->path, &target->about) == 0;
    if (!target->exists && errno != ENOENT)
        return failed(target, "written");
    if (target->exists && S_ISDIR(target->about.st_mode))
        return osb_refuse(target->why, "%s is a directory", path);
    if (target->exists && !S_ISREG(target->about.st_mode))
        return osb_refuse(target->why, "%s is not a regular file; for standard output leave -o out",
                          path);
    target->mode = target->exists ? target->about.st_mode & 07777 : mode & ~current_umask();
    return true;
}

/* "/etc/httpd/.site.conf.XXXXXX" for "/etc/httpd/site.conf". */
static void name_temporary(struct target *target)
{
    const char *slash = strrchr(target->path, '/');
    int length = slash != NULL ? (int)(slash - target->path) + 1 : 0;

    snprintf(target->directory, sizeof target->directory, "%.*s", length > 0 ? length : 1,
             length > 0 ? target->path : ".");
    snprintf(target->temporary, sizeof target->temporary, "%.*s.%s.XXXXXX", length, target->path,
             target->path + length);
}

/* Does the file hold just TEXT? One that can't be read is taken as different. */
static bool is_same(const struct target *target, const struct osg_text *text)
{
    FILE *file;
    char *bytes;
    bool same;

    if (!target->exists || (size_t)target->about.st_size != text->length)
        return false;
    file = fopen(target->path, "re");
    if (file == NULL)
        return false;
    bytes = malloc(text->length + 1);
    same = bytes != NULL && fread(bytes, 1, text->length + 1, file) == text->length &&
           memcmp(bytes, text->bytes, text->length) == 0;
    free(bytes);
    fclose(file);
    return same;
}

static bool write_all(int file, const struct osg_text *text)
{
    size_t done = 0;

    while (done < text->length) {
        ssize_t length = write(file, text->bytes + done, text->length - done);

        if (length < 0 && errno != EINTR)
            return false;
        done += length > 0 ? (size_t)length : 0;
    }
    return true;
}

/* Gives the new file what the old one has. chown comes first, since it clears mode bits. */
static bool dress(const struct target *target, int file)
{
    struct stat own;

    if (target->exists && fstat(file, &own) == 0 &&
        (own.st_uid != target->about.st_uid || own.st_gid != target->about.st_gid) &&
        fchown(file, target->about.st_uid, target->about.st_gid) != 0)
        return failed(target, "replaced with its owner kept");
    if (fchmod(file, target->mode) != 0)
        return failed(target, "replaced with its mode kept");
    return true;
}

/* Without this the new name may be lost in a power cut; the file is whole all the same. */
void osg_output_sync(const char *directory)
{
    int file = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (file < 0)
        return;
    fsync(file);
    close(file);
}

/* A link is never made over what somebody else has put there meanwhile. */
static bool put_in_place(const struct target *target)
{
    if (!target->is_new)
        return rename(target->temporary, target->path) == 0 || failed(target, "replaced");
    if (link(target->temporary, target->path) != 0)
        return failed(target, "written");
    unlink(target->temporary);
    return true;
}

static bool replace(struct target *target, const struct osg_text *text)
{
    int file = mkostemp(target->temporary, O_CLOEXEC);
    bool done;

    if (file < 0)
        return failed(target, "written");
    done = dress(target, file);
    if (done && (!write_all(file, text) || fsync(file) != 0))
        done = failed(target, "written");
    if (close(file) != 0 && done)
        done = failed(target, "written");
    done = done && put_in_place(target);
    if (done)
        osg_output_sync(target->directory);
    else
        unlink(target->temporary);
    return done;
}

static enum osg_written bring(struct target *target, const struct osg_text *text)
{
    name_temporary(target);
    if (is_same(target, text))
        return OSG_UNCHANGED;
    if (target->exists && target->is_new) {
        osb_refuse(target->why, "%s exists, with other text, and is not written over",
                   target->path);
        return OSG_FAILED;
    }
    return replace(target, text) ? OSG_WRITTEN : OSG_FAILED;
}

enum osg_written osg_output_write(const char *path, const struct osg_text *text, bool holds_secret,
                                  bool *world_readable, struct osb_message *why)
{
    struct target target = {.why = why};
    enum osg_written result = OSG_FAILED;

    if (look(&target, path, holds_secret ? 0640 : 0644)) {
        result = bring(&target, text);
        *world_readable = (target.mode & S_IROTH) != 0;
    }
    return result;
}

bool osg_output_copy(const char *from, const char *to, struct osb_message *why)
{
    struct target target = {.exists = true, .why = why};
    struct osg_text text = {0};
    struct osb_message reason = {""};
    int file = osg_file_open(from, &target.about, &reason);
    bool done = file >= 0 && osg_file_read(file, SIZE_MAX, &text, &reason);

    if (file >= 0)
        close(file);
    if (!done) {
        osb_refuse(why, "%s can't be read: %s", from, reason.text);
    } else {
        snprintf(target.path, sizeof target.path, "%s", to);
        target.mode = target.about.st_mode & 07777;
        name_temporary(&target);
        done = replace(&target, &text);
    }
    osg_text_free(&text);
    return done;
}

bool osg_output_find(const char *path, char file[PATH_MAX], struct osb_message *why)
{
    struct target target = {.why = why};

    if (!look(&target, path, false))
        return false;
    memcpy(file, target.path, PATH_MAX);
    return true;
}

enum osg_written osg_output_create(const char *path, const struct osg_text *text, mode_t mode,
                                   struct osb_message *why)
{
    struct target target = {.is_new = true, .why = why};

    return look(&target, path, mode) ? bring(&target, text) : OSG_FAILED;
}

bool osg_output_stdout_is_open(void)
{
    struct stat about;

    return fstat(STDOUT_FILENO, &about) == 0 && S_ISREG(about.st_mode) &&
           (about.st_mode & S_IROTH) != 0;
}
