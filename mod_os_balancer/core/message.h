/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OSB_MESSAGE_H
#define OSB_MESSAGE_H

#define OSB_MESSAGE_MAX 512

/* Why something was refused, in words for the person who wrote it. Errors travel up as values;
 * only the top (httpd's configuration reader, osgen's diagnostics) shows them. */
struct osb_message {
    char text[OSB_MESSAGE_MAX]; /* a sentence without a full stop, cut at the end if too long */
};

/* Sets the text as printf would. WHY may be NULL: then nobody wants to know. Returns false, so
 * that a function that fails can say why and return in one statement. */
__attribute__((format(printf, 2, 3))) _Bool osb_refuse(struct osb_message *why, const char *format,
                                                       ...);

#endif
