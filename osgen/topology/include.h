/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files that a topology includes. What they say holds where the file that includes them says
 * nothing: mappings are put together key by key, a bare value counts as its mapping's first key,
 * and of everything else, lists too, there is only the including file's. Of two included files the
 * later one is before the other.
 *
 *   os.yaml:      include: common.yaml       common.yaml:  site: {tls: {certificate: /etc/a.pem}}
 *                 site: os.example.org                     balance: least-time
 *                 balance: {sticky: on}
 *
 * is a site of that name, with TLS, whose balance has both a method and sticky.
 */
#ifndef OSG_INCLUDE_H
#define OSG_INCLUDE_H

struct osg_node;
struct osg_reader;

#define OSG_INCLUDE_DEPTH 8  /* files inside one another */
#define OSG_INCLUDE_FILES 32 /* files in all */

/* What ROOT and the files that it includes say together, with the sources put behind the reader's.
 * Returns NULL if one of them can't be read to its end, with a problem told. */
const struct osg_node *osg_include(struct osg_reader *reader, const struct osg_node *root);

#endif
