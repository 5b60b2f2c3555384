/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OSG_SCHEMA_H
#define OSG_SCHEMA_H

struct osg_text;

/* Adds a JSON Schema (draft 7, which editors know best) of the topology, made from the tables of
 * grammar.h and core's settings. What osgen accepts it accepts; the reverse doesn't hold, since
 * what follows from several values at once only osgen sees. */
void osg_schema(struct osg_text *text);

#endif
