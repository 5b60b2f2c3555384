/* SPDX-License-Identifier: Apache-2.0 */
/* Every HTML page, the container's and the webapp's. */
#ifndef STANDIN_PAGES_H
#define STANDIN_PAGES_H

struct answer;

/* The container's own page for an error. Its doctype, language and title are those of Tomcat's,
 * for that is how a checker tells "no such webapp" from a page of the webapp. */
void page_stock(struct answer *answer, unsigned status);

/* The webapp's own page, which says TEXT. */
void page_own(struct answer *answer, unsigned status, const char *text);

/* What a person in a browser sees: which NODE of which BUILD answered, in a colour of its own. */
void page_ui(struct answer *answer, const char *node, const char *build);

#endif
