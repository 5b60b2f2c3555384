/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "base/arena.h"
#include "change/standing.h"
#include "change/standing_site.h"

#include <string.h>

#define NAMED      "ServerName os.example.org\n"
#define PAGE(path) "<Location " path ">\nSetHandler os-balancer-status\n</Location>\n"

static const struct site_row {
    const char *says;
    const char *file;
    const char *site; /* "tls name address port page balancer"; "": nobody can tell */
} rows[] = {
    {"what osgen writes",
     "<VirtualHost 127.0.0.1:80 [::1]:80>\n" NAMED "<Proxy balancer://os-cluster>\n"
     "BalancerMember ajp://10.0.0.1:8009\n</Proxy>\n" PAGE("/balancer-status") "</VirtualHost>\n",
     "plain os.example.org 127.0.0.1 80 /balancer-status os-cluster"},
    {"the one with the page, behind the one that only sends users there",
     "<VirtualHost *:80>\n" NAMED
     "Redirect / https://x/\n</VirtualHost>\n<VirtualHost *:443>\n" NAMED
     "SSLEngine on\n" PAGE("/s") "</VirtualHost>\n",
     "tls os.example.org * 443 /s -"},
    {"the first one where none has the page",
     "<VirtualHost *:80>\n" NAMED "</VirtualHost>\n<VirtualHost *:81>\n" NAMED "</VirtualHost>\n",
     "plain os.example.org * 80 - -"},
    {"by hand: every address, a scheme and a port of the name, capitals",
     "<virtualhost _default_:443>\nservername https://os.example.org:443\nsslengine On\n"
     "<proxy balancer://old/>\n</proxy>\n</virtualhost>\n",
     "tls os.example.org * 443 - old"},
    {"the first address that has a port", "<VirtualHost * [::1]:8080>\n" NAMED "</VirtualHost>\n",
     "plain os.example.org [::1] 8080 - -"},
    {"a page at a pattern is none", "<VirtualHost *:80>\n" NAMED PAGE("~ ^/s") "</VirtualHost>\n",
     "plain os.example.org * 80 - -"},
    {"no name", "<VirtualHost *:80>\n</VirtualHost>\n", ""},
    {"a name that only httpd knows", "<VirtualHost *:80>\nServerName ${NAME}\n</VirtualHost>\n",
     ""},
    {"a port that only httpd knows", "<VirtualHost *:${PORT}>\n" NAMED "</VirtualHost>\n", ""},
    {"no virtual host", NAMED, ""},
    {"nothing", "", ""},
};

static const char *or_dash(const char *text)
{
    return text != NULL ? text : "-";
}

static void a_site_is_found_where_its_file_has_it(void **state)
{
    (void)state;
    FOR_EACH_ROW(row, rows)
    {
        struct osg_arena *arena = osg_arena_new();
        struct osg_standing standing = osg_standing_read(arena, row->file, strlen(row->file));
        struct osg_standing_site site;
        const char *told = "";

        if (osg_standing_site(arena, &standing, &site))
            told = osg_arena_printf(arena, "%s %s %s %u %s %s", site.tls ? "tls" : "plain",
                                    site.name, site.listen.address, site.listen.port,
                                    or_dash(site.page), or_dash(site.balancer));
        assert_string_equal(told, row->site);
        osg_arena_free(arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_site_is_found_where_its_file_has_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
