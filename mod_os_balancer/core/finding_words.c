/* SPDX-License-Identifier: Apache-2.0 */
#include "finding.h"

#include <stdio.h>
#include <string.h>

typedef void write_words(const struct osb_finding *finding, char *buffer, size_t size);

static write_words write_silent, write_failing, write_unreachable, write_foreign;

static const struct row {
    const char *name;
    const char *words;  /* NULL: they depend on the evidence, */
    write_words *write; /* and this finds them */
} rows[OSB_SEEN_KINDS] = {
    [OSB_SEEN_HEALTHY] = {.name = "healthy", .words = "OpenSpecimen answers"},
    [OSB_SEEN_SILENT] = {.name = "silent", .write = write_silent},
    [OSB_SEEN_STALLED] = {.name = "stalled",
                          .words = "OpenSpecimen answers, but not where it needs its database"},
    [OSB_SEEN_NOT_DEPLOYED] = {.name = "not-deployed",
                               .words = "Tomcat answers, but OpenSpecimen is not deployed or "
                                        "failed to start"},
    [OSB_SEEN_DATABASE_DOWN] = {.name = "database-down",
                                .words = "OpenSpecimen gets no connection to its database"},
    [OSB_SEEN_FAILING] = {.name = "failing", .write = write_failing},
    [OSB_SEEN_UNREACHABLE] = {.name = "unreachable", .write = write_unreachable},
    [OSB_SEEN_FORBIDDEN] = {.name = "forbidden",
                            .words = "it answers 403: the AJP secret is wrong or missing, or an "
                                     "access rule refuses us"},
    [OSB_SEEN_FOREIGN] = {.name = "foreign", .write = write_foreign},
};

const char *osb_seen_name(enum osb_seen seen)
{
    return rows[seen].name;
}

char *osb_finding_words(const struct osb_finding *finding, char *buffer, size_t size)
{
    const struct row *row = &rows[finding->seen];

    if (row->words != NULL)
        snprintf(buffer, size, "%s", row->words);
    else
        row->write(finding, buffer, size);
    return buffer;
}

static void write_silent(const struct osb_finding *finding, char *buffer, size_t size)
{
    snprintf(buffer, size, "it accepts connections, but %s",
             finding->rung == OSB_ASK_CONNECTOR ? "not even its connector answers"
                                                : "answers no request");
}

static void write_failing(const struct osb_finding *finding, char *buffer, size_t size)
{
    if (finding->outcome == OSB_CLOSED)
        snprintf(buffer, size, "it closed the connection in the middle of its answer");
    else
        snprintf(buffer, size, "it answers %u%s%s%s", finding->status, finding->code[0] ? " " : "",
                 finding->code, finding->beside == 200 ? " where it needs its database" : "");
}

/* Adds what was said behind a colon: ASCII, no full stop at the end, and all of it or nothing. */
static void add_said(const char *said, char *buffer, size_t size)
{
    size_t length = strlen(said), used = strlen(buffer);

    while (length > 0 && strchr(" .", said[length - 1]) != NULL)
        length--;
    if (length == 0 || used + 2 + length >= size)
        return;
    buffer[used++] = ':';
    buffer[used++] = ' ';
    for (size_t i = 0; i < length; i++, used++) {
        buffer[used] = '?';
        if (said[i] >= ' ' && said[i] <= '~')
            buffer[used] = said[i];
    }
    buffer[used] = '\0';
}

static void write_unreachable(const struct osb_finding *finding, char *buffer, size_t size)
{
    static const char *const words[OSB_OUTCOMES] = {
        [OSB_NOT_ASKED] = "it was not asked",
        [OSB_SILENT] = "no connection within the time limit",
        [OSB_REFUSED] = "the connection is refused, nobody listens on its port",
        [OSB_NO_ROUTE] = "the network has no route to its host",
        [OSB_UNKNOWN_NAME] = "its host name has no address",
        [OSB_UNRESOLVED] = "the lookup of its host name does not end",
        [OSB_UNTRUSTED] = "its TLS certificate is not accepted",
        [OSB_NO_TLS] = "the TLS handshake fails",
        [OSB_CLOSED] = "it closes connections without an answer",
        [OSB_LOCAL] = "this host could not ask it",
    };

    snprintf(buffer, size, "%s", words[finding->outcome] != NULL ? words[finding->outcome] : "");
    if (finding->outcome == OSB_UNTRUSTED || finding->outcome == OSB_NO_TLS)
        add_said(finding->said, buffer, size);
}

static void write_foreign(const struct osb_finding *finding, char *buffer, size_t size)
{
    static const char *const words[OSB_OUTCOMES] = {
        [OSB_GARBLED] = "it answers bytes that are not the protocol's",
        [OSB_OVERSIZED] = "it answers more than any OpenSpecimen would",
    };

    if (words[finding->outcome] != NULL)
        snprintf(buffer, size, "%s", words[finding->outcome]);
    else
        snprintf(buffer, size, "it answers %u, but not as OpenSpecimen does", finding->status);
}
