/* SPDX-License-Identifier: Apache-2.0 */
#include "finding.h"

#include <stdio.h>

static const char *const unreachable_words[OSB_OUTCOMES] = {
    [OSB_NOT_ASKED] = "it was not asked",
    [OSB_SILENT] = "no connection within the time limit",
    [OSB_REFUSED] = "the connection is refused, nobody listens on its port",
    [OSB_NO_ROUTE] = "the network has no route to its host",
    [OSB_UNKNOWN_NAME] = "its host name has no address",
    [OSB_UNTRUSTED] = "its TLS certificate or handshake is not accepted",
    [OSB_CLOSED] = "it closes connections without an answer",
};

static const char *const foreign_words[OSB_OUTCOMES] = {
    [OSB_GARBLED] = "it answers bytes that are not the protocol's",
    [OSB_OVERSIZED] = "it answers more than any OpenSpecimen would",
};

static void write_failing(const struct osb_finding *finding, char *buffer, size_t size)
{
    if (finding->outcome == OSB_CLOSED)
        snprintf(buffer, size, "it closed the connection in the middle of its answer");
    else
        snprintf(buffer, size, "it answers %u%s%s", finding->status, finding->code[0] ? " " : "",
                 finding->code);
}

static void write_foreign(const struct osb_finding *finding, char *buffer, size_t size)
{
    const char *words = foreign_words[finding->outcome];

    if (words != NULL)
        snprintf(buffer, size, "%s", words);
    else
        snprintf(buffer, size, "it answers %u, but not as OpenSpecimen does", finding->status);
}

static const char *silent_words(const struct osb_finding *finding)
{
    return finding->rung == OSB_ASK_CONNECTOR ? "it accepts connections, but not even CPING is "
                                                "answered"
                                              : "it accepts connections, but answers no request";
}

char *osb_finding_words(const struct osb_finding *finding, char *buffer, size_t size)
{
    const char *words = "";

    switch (finding->seen) {
    case OSB_SEEN_HEALTHY:
        words = "OpenSpecimen answers";
        break;
    case OSB_SEEN_SILENT:
        words = silent_words(finding);
        break;
    case OSB_SEEN_STALLED:
        words = "OpenSpecimen answers, but not where it needs its database";
        break;
    case OSB_SEEN_NOT_DEPLOYED:
        words = "Tomcat answers, but OpenSpecimen is not deployed or failed to start";
        break;
    case OSB_SEEN_DATABASE_DOWN:
        words = "OpenSpecimen gets no connection to its database";
        break;
    case OSB_SEEN_UNREACHABLE:
        words = unreachable_words[finding->outcome];
        break;
    case OSB_SEEN_FORBIDDEN:
        words = "it answers 403: the AJP secret is wrong or missing, or an access rule refuses us";
        break;
    case OSB_SEEN_FAILING:
        write_failing(finding, buffer, size);
        return buffer;
    case OSB_SEEN_FOREIGN:
        write_foreign(finding, buffer, size);
        return buffer;
    case OSB_SEEN_KINDS:
        break;
    }
    snprintf(buffer, size, "%s", words != NULL ? words : "");
    return buffer;
}
