/* SPDX-License-Identifier: Apache-2.0 */
/* What every unit test includes first: cmocka with the headers that it asks for, and tables. */
#ifndef UNIT_H
#define UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* Walks a table whose rows begin with a sentence, "says". The sentence is printed before its row
 * runs, so that the last one on the screen is the one that failed. */
#define FOR_EACH_ROW(row, table)                                                                   \
    for (const __typeof__(*(table)) *row = (table), *end_ = (table) + sizeof(table) / sizeof *row; \
         row < end_ && print_row(row->says); row++)

static inline bool print_row(const char *says)
{
    print_message("           - %s\n", says);
    return true;
}

#endif
