/* SPDX-License-Identifier: Apache-2.0 */
#include "settings.h"
#include "answer.h"
#include "node.h"
#include "pages.h"

#include <stddef.h>

/* Far over any bound that a check may have. */
#define HUGE_BODY (64u << 20)

#define BUILT  "1718000000000"
#define COMMIT "5b9e1a7c"

static void answer_text(struct answer *answer, const char *json)
{
    answer_json(answer, 200);
    buffer_text(&answer->body, json);
}

void settings_password(const struct node *node, const struct request *request,
                       struct answer *answer)
{
    (void)node;
    (void)request;
    answer_text(answer,
                "{\"pattern\":\"((?=.*\\\\d)(?=.*[a-z])(?=.*[A-Z]).{8,})\","
                "\"desc\":\"At least 8 characters: a digit, a small and a capital letter\"}");
}

void settings_site_assets(const struct node *node, const struct request *request,
                          struct answer *answer)
{
    (void)node;
    (void)request;
    answer_text(answer, "{\"siteLogo\":null,\"siteUrl\":null}");
}

void settings_auth_domains(const struct node *node, const struct request *request,
                           struct answer *answer)
{
    (void)node;
    (void)request;
    answer_text(answer, "[{\"name\":\"openspecimen\"}]");
}

void settings_metrics(const struct node *node, const struct request *request, struct answer *answer)
{
    (void)node;
    (void)request;
    answer_text(answer, "{\"requests\":0}");
}

static void keep(struct answer *answer)
{
    (void)answer;
}

/* The beginning is the end, but framed as if that were all. */
static void truncate_body(struct answer *answer)
{
    answer->body.length /= 2;
}

/* Well-formed to the end, for who reads that far. */
static void make_huge(struct answer *answer)
{
    answer->body.length--;
    buffer_text(&answer->body, ",\"padding\":\"");
    answer->filler = HUGE_BODY;
    answer->tail = "\"}";
}

/* Headers and half a body at once, the rest when the switch is turned. */
static void make_slow(struct answer *answer)
{
    answer->pause_at = answer->body.length / 2;
}

/* By enum body, for an answer that is written. HTML isn't made from it. */
static void (*const spoilers[])(struct answer *) = {
    [BODY_OK] = keep,        [BODY_HTML] = keep,      [BODY_TRUNCATED] = truncate_body,
    [BODY_HUGE] = make_huge, [BODY_SLOW] = make_slow,
};

static bool answer_html(const struct node *node, struct answer *answer)
{
    if (node->switches.body == BODY_HTML)
        page_own(answer, 200, "Please sign in.");
    return node->switches.body == BODY_HTML;
}

void settings_locale(const struct node *node, const struct request *request, struct answer *answer)
{
    (void)request;
    if (answer_html(node, answer))
        return;
    answer_text(answer, "{\"deBeDateFmt\":\"dd-MM-yyyy\",\"utcOffset\":0,"
                        "\"deFeDateFmt\":\"dd-mm-yyyy\",\"dateFmt\":\"dd MMM yyyy\","
                        "\"locale\":\"en_US\",\"timeFmt\":\"HH:mm\"}");
    spoilers[node->switches.body](answer);
}

void settings_app_props(const struct node *node, const struct request *request,
                        struct answer *answer)
{
    (void)request;
    if (answer_html(node, answer))
        return;
    answer_text(answer, "{\"plugins\":[\"sample-plugin\"],\"pluginsDetail\":["
                        "{\"os-plugin-name\":\"sample-plugin\",\"built-on\":\"" BUILT
                        "\",\"commit\":\"" COMMIT "\",\"version\":\"1.0\"}],\"build_version\":");
    buffer_json(&answer->body, node->switches.build);
    buffer_text(&answer->body,
                ",\"build_date\":\"" BUILT "\",\"build_commit_revision\":\"" COMMIT
                "\",\"deploy_env\":\"test\",\"default_domain\":\"openspecimen\","
                "\"not_specified\":null,\"cp_coding_enabled\":false,\"auto_empi_enabled\":false,"
                "\"uid_mandatory\":false,\"mrn_restriction_enabled\":false,"
                "\"feedback_enabled\":false,\"user_sign_up\":false,"
                "\"localAccountSignups\":false,\"forgot_password\":true,"
                "\"allowHtmlMarkup\":true,\"caseInsensitiveSearch\":true,"
                "\"toast_disp_time\":5,\"searchDelay\":1000,\"auditEnabled\":\"true\"}");
    spoilers[node->switches.body](answer);
}
