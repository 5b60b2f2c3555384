/* SPDX-License-Identifier: Apache-2.0 */
#include "failover.h"

#include <string.h>

/* How the page begins that Tomcat makes itself (ErrorReportValve, from 9 to 11). Its words are in
 * the language that the user's browser or the server's locale asks for; the number is not. */
#define STOCK_BEGINNING "<!doctype html><html lang=\""
#define TITLE_BEGINNING "<title>"
#define TITLE_END       "</title>"
#define STOCK_NUMBER    "404"

/* OpenSpecimen's error body is an array of {code, message}; CommonErrorCode in its source. */
#define DATABASE_CODE "\"code\":\"COMMON_DB_CONN_ERROR\""

static const char *find(const char *from, const char *end, const char *text)
{
    return memmem(from, (size_t)(end - from), text, strlen(text));
}

static bool is_stock_page(const struct osb_beginning *beginning)
{
    const char *end = beginning->body + beginning->length;
    const char *title, *title_end;

    if (beginning->length < strlen(STOCK_BEGINNING) ||
        memcmp(beginning->body, STOCK_BEGINNING, strlen(STOCK_BEGINNING)) != 0)
        return false;
    title = find(beginning->body, end, TITLE_BEGINNING);
    title_end = title != NULL ? find(title, end, TITLE_END) : NULL;
    return title_end != NULL && find(title, title_end, STOCK_NUMBER) != NULL;
}

static bool is_database_error(const struct osb_beginning *beginning)
{
    return beginning->length > 0 &&
           find(beginning->body, beginning->body + beginning->length, DATABASE_CODE) != NULL;
}

/* A body that doesn't show its signature yet may do so with more bytes. */
static enum osb_proof judge_body(const struct osb_beginning *beginning, bool has_signature,
                                 enum osb_proof proof)
{
    if (has_signature)
        return proof;
    return beginning->is_whole || beginning->length >= OSB_PROOF_LENGTH ? OSB_PROOF_NONE
                                                                        : OSB_PROOF_OPEN;
}

enum osb_proof osb_proof_find(const struct osb_beginning *beginning)
{
    switch (beginning->status) {
    case 502:
    case 503:
    case 504:
        return OSB_PROOF_STATUS;
    case 404:
        if (!beginning->is_localised)
            return OSB_PROOF_NONE;
        if (beginning->is_head)
            return OSB_PROOF_NOT_DEPLOYED;
        return judge_body(beginning, is_stock_page(beginning), OSB_PROOF_NOT_DEPLOYED);
    case 500:
        return judge_body(beginning, is_database_error(beginning), OSB_PROOF_DATABASE);
    default:
        return OSB_PROOF_NONE;
    }
}

const char *osb_proof_name(enum osb_proof proof)
{
    static const char *const names[] = {
        [OSB_PROOF_NONE] = "none",         [OSB_PROOF_OPEN] = "open",
        [OSB_PROOF_STATUS] = "status",     [OSB_PROOF_NOT_DEPLOYED] = "not-deployed",
        [OSB_PROOF_DATABASE] = "database",
    };

    return names[proof];
}
