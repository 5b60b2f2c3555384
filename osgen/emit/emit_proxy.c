/* SPDX-License-Identifier: Apache-2.0 */
/* The balancer and its members. */
#include "emit.h"
#include "base/text.h"
#include "topology/method.h"
#include "topology/quote.h"
#include "topology/topology.h"

#include "core/vocabulary.h"

#include <string.h>

static void emit_instance_comment(struct osg_text *text, const struct osg_instance *instance,
                                  size_t number)
{
    osg_text_put(text, "\n        # OpenSpecimen instance ");
    osg_text_put_number(text, number);
    if (instance->name.text != NULL) {
        osg_text_put(text, ", ");
        osg_text_put(text, instance->name.text);
    }
    if (instance->standby)
        osg_text_put(text, "; on standby until no other can serve");
    if (instance->disabled)
        osg_text_put(text, "; disabled");
    osg_text_put(text, "\n");
}

static void emit_duration(struct osg_text *text, const char *key, uint32_t ms)
{
    bool whole = ms % 1000 == 0;

    osg_text_put(text, key);
    osg_text_put_number(text, whole ? ms / 1000 : ms);
    osg_text_put(text, whole ? "" : "ms");
}

/* Until the checks have surely said whether it is the member that is bad. From then on they alone
 * decide, and a member that only hiccuped serves again instead of waiting httpd's usual minute. */
uint32_t osg_retry_of(const struct osb_health *health)
{
    uint64_t ms = (uint64_t)health->fall * health->interval_ms + health->timeout_ms;

    return (uint32_t)((ms + 999) / 1000);
}

static void emit_number(struct osg_text *text, const char *key, uint32_t number)
{
    osg_text_put(text, key);
    osg_text_put_number(text, number);
}

/* How long a member is left alone that couldn't be reached, in seconds. False: as httpd has it. */
static bool has_retry(const struct osg_balance *balance, uint32_t *seconds)
{
    bool given = balance->retry_ms.place.line > 0;

    *seconds = given                ? balance->retry_ms.number / 1000
               : balance->health.on ? osg_retry_of(&balance->health.settings)
                                    : 0;
    return given || balance->health.on;
}

static void emit_member(struct osg_text *text, const struct osg_instance *instance,
                        const struct osg_balance *balance)
{
    uint32_t retry;

    osg_text_put(text, "        BalancerMember ");
    osg_url_put(text, &instance->url);
    emit_duration(text, " timeout=", balance->timeout_ms);
    emit_duration(text, " connectiontimeout=", balance->connect_timeout_ms);
    if (has_retry(balance, &retry))
        emit_number(text, " retry=", retry);
    if (instance->weight != 1)
        emit_number(text, " loadfactor=", instance->weight);
    if (instance->route != NULL) {
        osg_text_put(text, " route=");
        osg_text_put(text, instance->route);
    }
    if (instance->lbset > 0)
        emit_number(text, " lbset=", instance->lbset);
    if (instance->standby || instance->disabled)
        osg_text_printf(text, " status=%s%s", instance->standby ? "+H" : "",
                        instance->disabled ? "+D" : "");
    if (instance->secret.value.text != NULL) {
        osg_text_put(text, " ");
        osg_quote(text, "secret", instance->secret.value.text);
    }
    osg_text_put(text, "\n");
}

static bool lacks_secret(const struct osg_instances *instances)
{
    for (size_t i = 0; i < instances->count; i++) {
        if (strcmp(instances->items[i].url.scheme->name, "ajp") == 0 &&
            instances->items[i].secret.value.text == NULL)
            return true;
    }
    return false;
}

static void emit_members_comment(struct osg_text *text, const struct osg_topology *topology)
{
    uint32_t retry;

    osg_text_put(text,
                 "        # timeout: how long an instance may be silent during a request; exports "
                 "take minutes\n"
                 "        # connectiontimeout: how long it may take to accept a connection\n");
    if (has_retry(&topology->balance, &retry))
        osg_text_printf(text, "        # retry: how long it is left alone after a failure%s\n",
                        topology->balance.health.on &&
                                retry == osg_retry_of(&topology->balance.health.settings)
                            ? "; by then the checks have judged it"
                            : "");
    if (lacks_secret(&topology->instances))
        osg_text_put(text, "        #\n"
                           "        # Without a secret, Tomcat 8.5.51, 9.0.31 and later want "
                           "secretRequired=\"false\" on\n"
                           "        # their AJP connector\n");
}

/* Only what the topology says: the module has its own defaults. */
static void emit_settings(struct osg_text *text, const struct osb_setting *rows, size_t count,
                          const struct osg_word *given)
{
    for (size_t i = 0; i < count; i++) {
        if (given[i].text == NULL)
            continue;
        osg_text_put(text, " ");
        osg_quote(text, rows[i].key, given[i].text);
    }
    osg_text_put(text, "\n");
}

static void emit_health(struct osg_text *text, const struct osg_checks *health)
{
    if (!health->on)
        return;
    osg_text_put(text,
                 "\n"
                 "        # Ask OpenSpecimen itself how it is, and send nobody to an instance "
                 "that can't serve\n"
                 "        " OSB_DIRECTIVE_HEALTH " On");
    emit_settings(text, osb_health_settings, osb_health_settings_count, health->given);
}

static void emit_failover(struct osg_text *text, const struct osg_failover *failover)
{
    if (!failover->on)
        return;
    osg_text_put(text,
                 "\n"
                 "        # What an instance can't serve goes to another one, if it may be sent "
                 "twice\n"
                 "        " OSB_DIRECTIVE_FAILOVER " On");
    emit_settings(text, osb_failover_settings, osb_failover_settings_count, failover->given);
}

static void emit_skew(struct osg_text *text, const struct osg_word *skew)
{
    if (skew->text == NULL)
        return;
    osg_text_printf(text,
                    "\n"
                    "        # What is done about an instance that runs another build than most\n"
                    "        " OSB_DIRECTIVE_SKEW " %s\n",
                    skew->text);
}

/* Is nobody asked for anything, whether it says so or not? */
static bool is_open(const struct osg_access *access)
{
    return access->users.text == NULL &&
           (access->allow.count == 0 ||
            (access->allow.count == 1 && access->allow.items[0].type == OSG_ADMIT_ALL));
}

/* A section for the balancer holds whatever way a URL leads to it. OpenSpecimen knows Basic sign-in
 * too, and would take httpd's password for a wrong one of its own. */
static void emit_access(struct osg_text *text, const struct osg_access *access)
{
    if (is_open(access)) {
        osg_text_put(text,
                     "\n"
                     "        # OpenSpecimen has its own sign-in: everybody may come this far\n"
                     "        Require all granted\n");
        return;
    }
    osg_text_put(text, "\n        # Who may come as far as OpenSpecimen's own sign-in\n");
    osg_emit_access(text, access, "OpenSpecimen");
    if (access->users.text != NULL)
        osg_text_put(text, "        " OSG_COMMENT_PASSWORD "\n"
                           "        RequestHeader unset Authorization\n");
}

/* What comes back from a SAML provider comes from another site, and a browser sends such a request
 * only cookies that have both of SameSite=None and Secure. */
static void emit_cookie(struct osg_text *text, const struct osg_topology *topology)
{
    bool saml = topology->site.saml.text != NULL;

    if (topology->balance.sticky.text == NULL)
        return;
    osg_text_printf(
        text,
        "\n"
        "    # The cookie that names a user's instance\n"
        "    Header add Set-Cookie \"%s=.%%{BALANCER_WORKER_ROUTE}e; Path=%s; HttpOnly%s; "
        "SameSite=%s\" env=BALANCER_ROUTE_CHANGED\n",
        topology->balance.sticky.text, topology->site.context.text,
        saml || topology->site.tls.on ? "; Secure" : "", saml ? "None" : "Lax");
}

static void emit_limits(struct osg_text *text, const struct osg_balance *balance)
{
    if (balance->nofailover.text != NULL)
        osg_text_put(text, "\n"
                           "        # And has an error while that one can't\n"
                           "        ProxySet nofailover=On\n");
    if (balance->max_attempts.place.line > 0)
        osg_text_printf(text,
                        "\n"
                        "        # How many other instances a request may be given to\n"
                        "        ProxySet maxattempts=%u\n",
                        balance->max_attempts.number);
    if (balance->growth.place.line > 0)
        osg_text_printf(text,
                        "\n"
                        "        # How many instances can be added while httpd runs\n"
                        "        ProxySet growth=%u\n",
                        balance->growth.number);
}

void osg_emit_proxy(struct osg_text *text, const struct osg_topology *topology)
{
    const struct osg_balance *balance = &topology->balance;
    const struct osg_method *method = osg_method_find(balance->method.text);

    osg_text_printf(text, "\n    <Proxy balancer://%s>\n", balance->name.text);
    emit_members_comment(text, topology);
    for (size_t i = 0; i < topology->instances.count; i++) {
        emit_instance_comment(text, &topology->instances.items[i], i + 1);
        emit_member(text, &topology->instances.items[i], balance);
    }
    emit_access(text, &topology->site.access);
    osg_text_printf(text,
                    "\n"
                    "        # Deal requests out %s\n"
                    "        ProxySet lbmethod=%s\n",
                    method->comment, method->lbmethod);
    if (balance->sticky.text != NULL)
        osg_text_printf(text,
                        "\n"
                        "        # But a user stays with an instance as long as it can serve\n"
                        "        ProxySet stickysession=%s\n",
                        balance->sticky.text);
    emit_limits(text, balance);
    emit_health(text, &balance->health);
    emit_failover(text, &balance->failover);
    emit_skew(text, &balance->skew);
    osg_text_put(text, "    </Proxy>\n");
    emit_cookie(text, topology);
}
