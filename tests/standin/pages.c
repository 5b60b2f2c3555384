/* SPDX-License-Identifier: Apache-2.0 */
#include "pages.h"
#include "answer.h"

#include <stddef.h>

static const struct phrase {
    unsigned status;  /* of the answer */
    const char *text; /* its name in the standard */
} phrases[] = {
    {400, "Bad Request"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {500, "Internal Server Error"},
    {505, "HTTP Version Not Supported"},
};

static const char *phrase_of(unsigned status)
{
    for (size_t i = 0; i < sizeof phrases / sizeof *phrases; i++) {
        if (phrases[i].status == status)
            return phrases[i].text;
    }
    return "Error";
}

/* The dash is U+2013. */
void page_stock(struct answer *answer, unsigned status)
{
    const char *phrase = phrase_of(status);

    answer->status = status;
    answer_header(answer, "Content-Type", "text/html;charset=utf-8");
    answer_header(answer, "Content-Language", "en");
    buffer_format(&answer->body,
                  "<!doctype html><html lang=\"en\"><head><title>HTTP Status %u \xe2\x80\x93 "
                  "%s</title></head><body><h1>HTTP Status %u \xe2\x80\x93 %s</h1>",
                  status, phrase, status, phrase);
    buffer_text(&answer->body, "<p>A stand-in for Tomcat says this: no webapp was asked.</p>"
                               "</body></html>");
}

static void start_page(struct answer *answer, unsigned status)
{
    answer->status = status;
    answer->flushed = true;
    answer_header(answer, "Content-Type", "text/html;charset=UTF-8");
    buffer_text(&answer->body, "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
                               "<title>OpenSpecimen</title>");
}

void page_own(struct answer *answer, unsigned status, const char *text)
{
    start_page(answer, status);
    buffer_text(&answer->body, "</head>\n<body><h1>OpenSpecimen</h1><p>");
    buffer_html(&answer->body, text);
    buffer_text(&answer->body, "</p></body></html>\n");
}

/* Some angle on the colour wheel: alike for the same name, mostly far apart for others. */
static unsigned hue_of(const char *name)
{
    unsigned hue = 0;

    for (; *name != '\0'; name++)
        hue = (hue * 31 + (unsigned char)*name * 67) % 360;
    return hue;
}

void page_ui(struct answer *answer, const char *node, const char *build)
{
    struct buffer *body = &answer->body;

    start_page(answer, 200);
    buffer_format(body,
                  "<style>body{margin:0;font:1.2em sans-serif}header{padding:2em;color:#fff;"
                  "background:hsl(%u,55%%,35%%)}p{margin:2em}</style></head>\n",
                  hue_of(node));
    buffer_text(body, "<body><header><h1>OpenSpecimen (stand-in) on ");
    buffer_html(body, node);
    buffer_text(body, "</h1></header>\n<p>This page was answered by node <strong>");
    buffer_html(body, node);
    buffer_text(body, "</strong>, build ");
    buffer_html(body, build);
    buffer_text(body, ".</p>\n<p>Reload it to be balanced again.</p></body></html>\n");
}
