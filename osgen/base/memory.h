/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OSG_MEMORY_H
#define OSG_MEMORY_H

#include <stddef.h>

/* As malloc and realloc, but they never return NULL: without memory the program says so and ends
 * with exit code 3. */
void *osg_alloc(size_t size);
void *osg_realloc(void *bytes, size_t size);

/* What another library's function has taken from them: BYTES, which are never NULL then. */
void *osg_or_end(void *bytes);

#endif
