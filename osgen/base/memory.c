/* SPDX-License-Identifier: Apache-2.0 */
#include "memory.h"
#include "exit.h"

#include <stdio.h>
#include <stdlib.h>

void *osg_or_end(void *bytes)
{
    if (bytes != NULL)
        return bytes;
    fputs("osgen: out of memory\n", stderr);
    exit(OSG_EXIT_INPUT);
}

void *osg_alloc(size_t size)
{
    return osg_or_end(malloc(size));
}

void *osg_realloc(void *bytes, size_t size)
{
    return osg_or_end(realloc(bytes, size));
}
