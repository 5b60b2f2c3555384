/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"
#include "core/message.h"
#include "core/parse.h"
#include "core/vocabulary.h"

#include <apr_strings.h>
#include <unistd.h>

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

/* A directive that is On or Off and takes settings. */
struct switched {
    bool *enabled;
    void *settings;
    bool (*set)(void *settings, const char *key, const char *value, struct osb_message *why);
};

static bool set_of_health(void *settings, const char *key, const char *value,
                          struct osb_message *why)
{
    return osb_health_set(settings, key, value, why);
}

static bool set_of_failover(void *settings, const char *key, const char *value,
                            struct osb_message *why)
{
    return osb_failover_set(settings, key, value, why);
}

/* One key=value of the directive. */
static const char *set_setting(cmd_parms *cmd, const struct switched *directive, const char *word)
{
    const char *equals = strchr(word, '=');
    struct osb_message why;

    if (equals == NULL)
        return apr_psprintf(cmd->pool, "\"%s\" is not a setting; settings are written key=value",
                            word);
    if (!directive->set(directive->settings,
                        apr_pstrmemdup(cmd->pool, word, (apr_size_t)(equals - word)), equals + 1,
                        &why))
        return apr_psprintf(cmd->pool, "%.*s: %s", (int)(equals - word), word, why.text);
    return NULL;
}

static const char *read_switched(cmd_parms *cmd, const struct switched *directive, int argc,
                                 char *const argv[])
{
    static const char *const switches[] = {"Off", "On"};
    struct osb_message why;
    size_t which;

    if (argc == 0)
        return "wants On or Off first, then settings";
    if (!osb_parse_choice(argv[0], switches, 2, &which, &why))
        return apr_pstrdup(cmd->pool, why.text);
    *directive->enabled = which == 1;
    if (which == 0 && argc > 1)
        return "Off takes no settings";
    for (int i = 1; i < argc; i++) {
        const char *error = set_setting(cmd, directive, argv[i]);

        if (error != NULL)
            return error;
    }
    return NULL;
}

/* The entry of the section that the directive stands in, made if need be. NULL, and why, if it
 * stands elsewhere. */
static struct osb_balancer_config *enclosing_entry(cmd_parms *cmd, const char **error)
{
    struct osb_server_config *config = osb_config_of(cmd->server);
    const char *balancer = enclosing_balancer(cmd);
    struct osb_balancer_config *entry;

    *error = NULL;
    if (balancer == NULL) {
        *error = apr_pstrcat(cmd->pool, cmd->cmd->name,
                             " belongs inside <Proxy \"" BALANCER_SCHEME "...\">", NULL);
        return NULL;
    }
    entry = find_in(config->balancers, balancer);
    if (entry == NULL) {
        entry = apr_array_push(config->balancers);
        *entry = (struct osb_balancer_config){.balancer = balancer,
                                              .health = osb_health_defaults(),
                                              .failover = osb_failover_defaults()};
    }
    return entry;
}

/* Each directive stands once in a section. */
static const char *take_spot(cmd_parms *cmd, const struct osb_balancer_config *entry,
                             struct osb_spot *spot)
{
    if (spot->file != NULL)
        return apr_psprintf(cmd->pool, "%s stands already at %s:%d for %s", cmd->cmd->name,
                            spot->file, spot->line, entry->balancer);
    *spot = (struct osb_spot){.file = cmd->directive->filename, .line = cmd->directive->line_num};
    return NULL;
}

/* Whether the file has a certificate as PEM. A bundle of all authorities is a fifth of the bound.
 */
static bool has_certificate(apr_pool_t *pool, const char *path)
{
    static const char *const beginnings[] = {"-----BEGIN CERTIFICATE-----",
                                             "-----BEGIN TRUSTED CERTIFICATE-----"};
    apr_size_t length = 1 << 20;
    char *text = apr_palloc(pool, length + 1);
    apr_file_t *file;

    if (apr_file_open(&file, path, APR_FOPEN_READ, APR_FPROT_OS_DEFAULT, pool) != APR_SUCCESS)
        return false;
    apr_file_read_full(file, text, length, &length);
    apr_file_close(file);
    text[length] = '\0';
    return strstr(text, beginnings[0]) != NULL || strstr(text, beginnings[1]) != NULL;
}

/* Makes the path of the authorities' file absolute. */
static const char *find_authorities(cmd_parms *cmd, char *path, size_t size)
{
    const char *whole = ap_server_root_relative(cmd->pool, path);
    apr_finfo_t info;

    if (whole == NULL || strlen(whole) >= size)
        return apr_psprintf(cmd->pool, "%s is not a path, or too long", path);
    if (apr_stat(&info, whole, APR_FINFO_TYPE, cmd->pool) != APR_SUCCESS ||
        info.filetype != APR_REG)
        return apr_psprintf(cmd->pool, "%s is not a file", whole);
    if (!has_certificate(cmd->temp_pool, whole))
        return apr_psprintf(cmd->pool, "%s has no certificate in PEM form", whole);
    apr_cpystrn(path, whole, size);
    return NULL;
}

static const char *read_health(cmd_parms *cmd, struct osb_balancer_config *entry, int argc,
                               char *const argv[])
{
    const struct switched directive = {&entry->enabled, &entry->health, set_of_health};
    const char *error = read_switched(cmd, &directive, argc, argv);
    struct osb_message why;

    if (error != NULL)
        return error;
    if (!osb_health_check(&entry->health, &why))
        return apr_pstrdup(cmd->pool, why.text);
    if (entry->health.tls_ca[0] != '\0')
        return find_authorities(cmd, entry->health.tls_ca, sizeof entry->health.tls_ca);
    return NULL;
}

/* What a reader found wrong, after the directive's name. */
static const char *with_name(cmd_parms *cmd, const char *error)
{
    return error != NULL ? apr_pstrcat(cmd->pool, cmd->cmd->name, " ", error, NULL) : NULL;
}

static const char *set_health(cmd_parms *cmd, void *dir_config, int argc, char *const argv[])
{
    const char *error;
    struct osb_balancer_config *entry = enclosing_entry(cmd, &error);

    (void)dir_config;
    if (entry == NULL)
        return error;
    error = take_spot(cmd, entry, &entry->health_spot);
    return error != NULL ? error : with_name(cmd, read_health(cmd, entry, argc, argv));
}

static const char *set_failover(cmd_parms *cmd, void *dir_config, int argc, char *const argv[])
{
    const char *error;
    struct osb_balancer_config *entry = enclosing_entry(cmd, &error);
    struct switched directive = {.set = set_of_failover};

    (void)dir_config;
    if (entry == NULL)
        return error;
    error = take_spot(cmd, entry, &entry->failover_spot);
    if (error != NULL)
        return error;
    directive.enabled = &entry->fails_over;
    directive.settings = &entry->failover;
    return with_name(cmd, read_switched(cmd, &directive, argc, argv));
}

static const char *set_skew(cmd_parms *cmd, void *dir_config, const char *word)
{
    const char *error;
    struct osb_balancer_config *entry = enclosing_entry(cmd, &error);
    struct osb_message why;
    size_t policy;

    (void)dir_config;
    if (entry == NULL)
        return error;
    error = take_spot(cmd, entry, &entry->skew_spot);
    if (error != NULL)
        return error;
    if (!osb_parse_choice(word, osb_skew_policies, osb_skew_policies_count, &policy, &why))
        return with_name(cmd, apr_pstrdup(cmd->pool, why.text));
    entry->skew = (enum osb_skew_policy)policy;
    return NULL;
}

/* A directive of the whole server says one thing, however often it stands: each site's own file may
 * have it. BEFORE is what it said the first time, or NULL. */
static const char *check_global(cmd_parms *cmd, const char *before, const char *now)
{
    const char *error = ap_check_cmd_context(cmd, GLOBAL_ONLY);

    if (error != NULL || before == NULL || (now != NULL && strcmp(before, now) == 0))
        return error;
    return apr_psprintf(cmd->pool, "%s stands already, with %s", cmd->cmd->name, before);
}

static const char *set_state_file(cmd_parms *cmd, void *dir_config, const char *path)
{
    struct osb_server_config *config = osb_config_of(cmd->server);
    char *file = ap_runtime_dir_relative(cmd->pool, path);
    const char *error = check_global(cmd, config->state_file, file);

    (void)dir_config;
    if (error != NULL)
        return error;
    config->state_file = file;
    if (config->state_file == NULL || path[0] == '\0' || path[strlen(path) - 1] == '/')
        return with_name(cmd, apr_psprintf(cmd->pool, "\"%s\" is not a file's path", path));
    return NULL;
}

static const char *set_notify(cmd_parms *cmd, void *dir_config, const char *path)
{
    struct osb_server_config *config = osb_config_of(cmd->server);
    char *program = ap_server_root_relative(cmd->pool, path);
    const char *error = check_global(cmd, config->notify, program);
    apr_finfo_t info;

    (void)dir_config;
    if (error != NULL)
        return error;
    config->notify = program;
    if (config->notify == NULL ||
        apr_stat(&info, config->notify, APR_FINFO_TYPE, cmd->pool) != APR_SUCCESS ||
        info.filetype != APR_REG || access(config->notify, X_OK) != 0)
        return with_name(cmd, apr_psprintf(cmd->pool, "%s is not a program that can be run", path));
    return NULL;
}

const command_rec osb_config_commands[] = {
    AP_INIT_TAKE_ARGV(OSB_DIRECTIVE_HEALTH, set_health, NULL, RSRC_CONF | ACCESS_CONF,
                      "On or Off, then settings: interval= fast= down= timeout= ping= rise= "
                      "fall= slowstart= warmup= context= tls_ca="),
    AP_INIT_TAKE_ARGV(OSB_DIRECTIVE_FAILOVER, set_failover, NULL, RSRC_CONF | ACCESS_CONF,
                      "On or Off, then settings: retries= budget="),
    AP_INIT_TAKE1(OSB_DIRECTIVE_SKEW, set_skew, NULL, RSRC_CONF | ACCESS_CONF,
                  "warn, eject or ignore: what to do with members of another build"),
    AP_INIT_TAKE1(OSB_DIRECTIVE_STATE_FILE, set_state_file, NULL, RSRC_CONF,
                  "the file that keeps the members' states over a stop"),
    AP_INIT_TAKE1(OSB_DIRECTIVE_NOTIFY, set_notify, NULL, RSRC_CONF,
                  "a program that is run on each change of state"),
    {.name = NULL}};
