/* SPDX-License-Identifier: Apache-2.0 */
#include "resources.h"
#include "mirror.h"
#include "request.h"
#include "sessions.h"
#include "settings.h"

#include <string.h>

static const struct resource table[] = {
    {"GET", "/config-settings/password", .open = true, .handler = settings_password},
    {"GET", "/config-settings/deployment-site-assets", .open = true,
     .handler = settings_site_assets},
    {"GET", "/config-settings/locale", .open = true, .database = true, .handler = settings_locale},
    {"GET", "/config-settings/app-props", .open = true, .database = true,
     .handler = settings_app_props},
    {"GET", "/auth-domains/", .open = true, .database = true, .handler = settings_auth_domains},
    {"GET", "/metrics", .handler = settings_metrics},
    {"POST", "/sessions", .open = true, .database = true, .reads_body = true,
     .handler = session_sign_in},
    {"DELETE", "/sessions", .database = true, .handler = session_sign_out},
    {"GET", "/users/current-user", .database = true, .handler = session_current_user},
    {"GET", "/echo", .open = true, .reads_body = true, .handler = mirror_echo},
    {"POST", "/echo", .open = true, .reads_body = true, .handler = mirror_echo},
    {"PUT", "/echo", .open = true, .reads_body = true, .handler = mirror_echo},
    {"GET", "/slow", .open = true, .delay = mirror_slow_delay, .handler = mirror_slow},
    {"GET", "/bytes", .open = true, .handler = mirror_bytes},
};

const struct resource *resource_find(const struct request *request, const char *path)
{
    const char *method = request_is(request, "HEAD") ? "GET" : request->method;

    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        if (strcmp(table[i].path, path) == 0 && strcmp(table[i].method, method) == 0)
            return &table[i];
    }
    return NULL;
}
