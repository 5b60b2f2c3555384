/* SPDX-License-Identifier: Apache-2.0 */
#include "identity.h"
#include "json.h"
#include "text.h"

#include <stdlib.h>
#include <string.h>

#define FNV_OFFSET 2166136261u
#define FNV_PRIME  16777619u

struct plugin {
    const char *name;    /* borrowed from the JSON */
    const char *version; /* the same; "" if it isn't told */
};

/* pluginsDetail, which old versions don't have: what it says of NAME's version. */
static const char *find_version(const osb_json *details, const char *name)
{
    for (size_t i = 0; i < OSB_PLUGINS_MAX; i++) {
        const osb_json *detail = osb_json_at(details, i);
        const char *detailed = osb_json_text(detail, "os-plugin-name");
        const char *version = osb_json_text(detail, "version");

        if (detail == NULL)
            break;
        if (detailed != NULL && version != NULL && strcmp(detailed, name) == 0)
            return version;
    }
    return "";
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct plugin *)a)->name, ((const struct plugin *)b)->name);
}

static size_t list_plugins(const osb_json *props, struct plugin *plugins)
{
    const osb_json *names = osb_json_get(props, "plugins");
    const osb_json *details = osb_json_get(props, "pluginsDetail");
    size_t count = 0;

    for (size_t i = 0; i < OSB_PLUGINS_MAX; i++) {
        const char *name = osb_json_text_of(osb_json_at(names, i));

        if (name != NULL && name[0] != '\0')
            plugins[count++] =
                (struct plugin){.name = name, .version = find_version(details, name)};
    }
    qsort(plugins, count, sizeof *plugins, by_name);
    return count;
}

/* FNV-1a, of TEXT and the NUL that ends it. */
static uint32_t digest(uint32_t hash, const char *text)
{
    do
        hash = (hash ^ (unsigned char)*text) * FNV_PRIME;
    while (*text++ != '\0');
    return hash;
}

/* Adds TEXT at AT of FIELD. Returns where the next one goes, or SIZE once one was cut. */
static size_t append(char *field, size_t size, size_t at, const char *text)
{
    size_t length = strlen(text);

    if (at >= size)
        return size;
    osb_text_copy(field + at, size - at, text);
    return strlen(field + at) == length ? at + length : size;
}

static void read_plugins(const osb_json *props, struct osb_identity *identity)
{
    struct plugin plugins[OSB_PLUGINS_MAX];
    size_t count = list_plugins(props, plugins);
    size_t size = sizeof identity->plugins, at = 0;

    for (size_t i = 0; i < count; i++) {
        const struct plugin *plugin = &plugins[i];

        identity->digest = digest(i == 0 ? FNV_OFFSET : identity->digest, plugin->name);
        identity->digest = digest(identity->digest, plugin->version);
        at = append(identity->plugins, size, at, i == 0 ? "" : ", ");
        at = append(identity->plugins, size, at, plugin->name);
        at = append(identity->plugins, size, at, plugin->version[0] != '\0' ? " " : "");
        at = append(identity->plugins, size, at, plugin->version);
    }
}

struct osb_identity osb_identity_read(const struct osb_answer *answer)
{
    struct osb_identity identity = {.known = false};
    osb_json *props = answer->outcome == OSB_ANSWERED && answer->status == 200 && answer->body
                          ? osb_json_parse(answer->body, answer->body_length)
                          : NULL;
    const char *version = osb_json_text(props, "build_version");

    if (version != NULL) {
        identity.known = true;
        osb_text_copy(identity.version, sizeof identity.version, version);
        osb_text_copy(identity.commit, sizeof identity.commit,
                      osb_json_text(props, "build_commit_revision"));
        osb_text_copy(identity.date, sizeof identity.date, osb_json_text(props, "build_date"));
        osb_text_copy(identity.environment, sizeof identity.environment,
                      osb_json_text(props, "deploy_env"));
        read_plugins(props, &identity);
    }
    osb_json_free(props);
    return identity;
}

bool osb_identity_is_same(const struct osb_identity *one, const struct osb_identity *other)
{
    return one->known && other->known && strcmp(one->version, other->version) == 0 &&
           strcmp(one->commit, other->commit) == 0 && one->digest == other->digest &&
           strcmp(one->plugins, other->plugins) == 0;
}
