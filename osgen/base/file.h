/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OSG_FILE_H
#define OSG_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct osb_message;
struct osg_text;
struct stat;

/* Which file it is, under whatever name. */
struct osg_file_id {
    dev_t device; /* the file system */
    ino_t inode;  /* the file there; 0: no file */
};

/* The file that stat told ABOUT. */
struct osg_file_id osg_file_id_of(const struct stat *about);

/* The file that PATH leads to, behind all symbolic links; no file if there is none. */
struct osg_file_id osg_file_id_at(const char *path);

/* Are they the same file? Never if one of them is no file. */
bool osg_file_id_equal(struct osg_file_id one, struct osg_file_id other);

/* Opens the regular file PATH for reading and fills ABOUT. Returns its descriptor, or -1 with WHY
 * if there is none, it may not be read, or it is a directory, a device or a pipe. Never waits. */
int osg_file_open(const char *path, struct stat *about, struct osb_message *why);

/* Adds what FILE holds to TEXT, up to its end or until there are more than MOST bytes. Returns
 * false with WHY if reading fails. */
bool osg_file_read(int file, size_t most, struct osg_text *text, struct osb_message *why);

#endif
