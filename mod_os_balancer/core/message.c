/* SPDX-License-Identifier: Apache-2.0 */
#include "message.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>

bool osb_refuse(struct osb_message *why, const char *format, ...)
{
    va_list args;

    if (why == NULL)
        return false;
    va_start(args, format);
    vsnprintf(why->text, sizeof why->text, format, args);
    va_end(args);
    return false;
}
