/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"
#include "core/message.h"
#include "core/parse.h"
#include "core/vocabulary.h"
#include "probe/probe.h"

#include <apr_strings.h>
#include <http_log.h>

APLOG_USE_MODULE(os_balancer);

#define BALANCER_SCHEME "balancer://"

void *osb_config_create(apr_pool_t *pool, server_rec *server)
{
    struct osb_server_config *config = apr_pcalloc(pool, sizeof *config);

    (void)server;
    config->balancers = apr_array_make(pool, 1, sizeof(struct osb_balancer_config));
    return config;
}

void *osb_config_merge(apr_pool_t *pool, void *base, void *overrides)
{
    struct osb_server_config *below = base, *above = overrides;
    struct osb_server_config *merged = apr_pcalloc(pool, sizeof *merged);

    merged->balancers = apr_array_append(pool, below->balancers, above->balancers);
    return merged;
}

struct osb_server_config *osb_config_of(server_rec *server)
{
    return ap_get_module_config(server->module_config, &os_balancer_module);
}

static struct osb_balancer_config *find_in(const apr_array_header_t *balancers, const char *name)
{
    for (int i = balancers->nelts - 1; i >= 0; i--) {
        struct osb_balancer_config *entry =
            &APR_ARRAY_IDX(balancers, i, struct osb_balancer_config);

        if (strcmp(entry->balancer, name) == 0)
            return entry;
    }
    return NULL;
}

const struct osb_balancer_config *osb_config_find(server_rec *server, const char *balancer)
{
    return find_in(osb_config_of(server)->balancers, balancer);
}

/* The balancer whose <Proxy> section the directive stands in, named as mod_proxy names it: in
 * small letters and without a path. NULL if it stands elsewhere. */
static const char *enclosing_balancer(cmd_parms *cmd)
{
    const ap_directive_t *section = cmd->directive->parent;
    char *name, *path;

    if (section == NULL || strcasecmp(section->directive, "<Proxy") != 0 || cmd->path == NULL ||
        strncasecmp(cmd->path, BALANCER_SCHEME, strlen(BALANCER_SCHEME)) != 0)
        return NULL;
    name = apr_pstrdup(cmd->pool, cmd->path);
    ap_str_tolower(name);
    path = strchr(name + strlen(BALANCER_SCHEME), '/');
    if (path != NULL)
        *path = '\0';
    return name;
}

/* One key=value of the directive. */
static const char *set_setting(cmd_parms *cmd, struct osb_health *health, const char *word)
{
    const char *equals = strchr(word, '=');
    struct osb_message why;

    if (equals == NULL)
        return apr_psprintf(cmd->pool, "\"%s\" is not a setting; settings are written key=value",
                            word);
    if (!osb_health_set(health, apr_pstrmemdup(cmd->pool, word, (apr_size_t)(equals - word)),
                        equals + 1, &why))
        return apr_psprintf(cmd->pool, "%.*s: %s", (int)(equals - word), word, why.text);
    return NULL;
}

static const char *read_health(cmd_parms *cmd, struct osb_balancer_config *entry, int argc,
                               char *const argv[])
{
    static const char *const switches[] = {"Off", "On"};
    struct osb_message why;
    size_t which;

    if (argc == 0)
        return "wants On or Off first, then settings";
    if (!osb_parse_choice(argv[0], switches, 2, &which, &why))
        return apr_pstrdup(cmd->pool, why.text);
    entry->enabled = which == 1;
    entry->health = osb_health_defaults();
    if (!entry->enabled && argc > 1)
        return "Off takes no settings";
    for (int i = 1; i < argc; i++) {
        const char *error = set_setting(cmd, &entry->health, argv[i]);

        if (error != NULL)
            return error;
    }
    if (!osb_health_check(&entry->health, &why))
        return apr_pstrdup(cmd->pool, why.text);
    return NULL;
}

static const char *set_health(cmd_parms *cmd, void *dir_config, int argc, char *const argv[])
{
    struct osb_server_config *config = osb_config_of(cmd->server);
    struct osb_balancer_config entry = {.balancer = enclosing_balancer(cmd),
                                        .file = cmd->directive->filename,
                                        .line = cmd->directive->line_num};
    const struct osb_balancer_config *twin;
    const char *error;

    (void)dir_config;
    if (entry.balancer == NULL)
        return OSB_DIRECTIVE_HEALTH " belongs inside <Proxy \"" BALANCER_SCHEME "...\">";
    twin = find_in(config->balancers, entry.balancer);
    if (twin != NULL)
        return apr_psprintf(cmd->pool, OSB_DIRECTIVE_HEALTH " stands already at %s:%d for %s",
                            twin->file, twin->line, twin->balancer);
    error = read_health(cmd, &entry, argc, argv);
    if (error != NULL)
        return apr_pstrcat(cmd->pool, OSB_DIRECTIVE_HEALTH " ", error, NULL);
    APR_ARRAY_PUSH(config->balancers, struct osb_balancer_config) = entry;
    return NULL;
}

const command_rec osb_config_commands[] = {
    AP_INIT_TAKE_ARGV(OSB_DIRECTIVE_HEALTH, set_health, NULL, RSRC_CONF | ACCESS_CONF,
                      "On or Off, then settings: interval= fast= timeout= rise= fall= context="),
    {.name = NULL}};

/* Why a member can't be checked by us, or NULL. */
static const char *member_fault(apr_pool_t *pool, const proxy_worker *worker)
{
    enum osb_scheme scheme;

    if (worker->s->method != NONE)
        return "it also has hcmethod=: mod_proxy_hcheck and " OSB_DIRECTIVE_HEALTH
               " would fight over its state; remove one of them";
    if (worker->s->uds_path[0] != '\0')
        return "it is reached over a unix: socket; ajp://, http:// and https:// can be checked";
    if (!osb_scheme_find(worker->s->scheme, &scheme))
        return apr_psprintf(pool, "its scheme is %s; ajp://, http:// and https:// can be checked",
                            worker->s->scheme);
    return NULL;
}

const proxy_server_conf *osb_proxy_conf(server_rec *server)
{
    module *proxy = ap_find_linked_module("mod_proxy.c");

    return proxy != NULL ? ap_get_module_config(server->module_config, proxy) : NULL;
}

const apr_array_header_t *osb_proxy_balancers(server_rec *server)
{
    const proxy_server_conf *conf = osb_proxy_conf(server);

    return conf != NULL ? conf->balancers : NULL;
}

static proxy_balancer *find_balancer(server_rec *server, const char *name)
{
    const apr_array_header_t *balancers = osb_proxy_balancers(server);

    for (int i = 0; balancers != NULL && i < balancers->nelts; i++) {
        proxy_balancer *balancer = &APR_ARRAY_IDX(balancers, i, proxy_balancer);

        if (strcmp(balancer->s->name, name) == 0)
            return balancer;
    }
    return NULL;
}

static int refuse(const struct osb_balancer_config *entry, const char *reason)
{
    ap_log_error(APLOG_MARK, APLOG_EMERG | APLOG_STARTUP, 0, NULL,
                 "os_balancer: " OSB_DIRECTIVE_HEALTH " at %s:%d can't check %s: %s", entry->file,
                 entry->line, entry->balancer, reason);
    return HTTP_INTERNAL_SERVER_ERROR;
}

static int check_entry(apr_pool_t *pool, server_rec *server,
                       const struct osb_balancer_config *entry)
{
    const proxy_balancer *balancer = find_balancer(server, entry->balancer);
    int result = OK;

    if (balancer == NULL || balancer->workers->nelts == 0)
        return refuse(entry, "it has no BalancerMember");
    for (int i = 0; i < balancer->workers->nelts; i++) {
        const proxy_worker *worker = APR_ARRAY_IDX(balancer->workers, i, proxy_worker *);
        const char *fault = member_fault(pool, worker);

        if (fault != NULL)
            result = refuse(entry, apr_psprintf(pool, "member %s: %s", worker->s->name_ex, fault));
    }
    return result;
}

/* Virtual hosts have the main server's entries before their own: each is looked at once. */
int osb_config_check(apr_pool_t *pconf, apr_pool_t *plog, apr_pool_t *ptemp, server_rec *main)
{
    int inherited = osb_config_of(main)->balancers->nelts;
    int result = OK;

    (void)pconf;
    (void)plog;
    for (server_rec *server = main; server != NULL; server = server->next) {
        const apr_array_header_t *entries = osb_config_of(server)->balancers;

        for (int i = server == main ? 0 : inherited; i < entries->nelts; i++) {
            const struct osb_balancer_config *entry =
                &APR_ARRAY_IDX(entries, i, struct osb_balancer_config);

            if (entry->enabled && check_entry(ptemp, server, entry) != OK)
                result = HTTP_INTERNAL_SERVER_ERROR;
        }
    }
    return result;
}
