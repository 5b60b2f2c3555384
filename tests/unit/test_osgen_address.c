/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "base/arena.h"
#include "topology/address.h"
#include "core/message.h"
#include "topology/topology.h"

#define L62 "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz1234567890"
#define L63 L62 "x"

static const struct check_row {
    const char *says;
    bool (*check)(const char *text, struct osb_message *why);
    const char *text;
    bool good;
} check_rows[] = {
    {"a host name", osg_host_check, "os.example.org", true},
    {"one part", osg_host_check, "localhost", true},
    {"capitals", osg_host_check, "OS.Example.org", true},
    {"an IPv4 address", osg_host_check, "192.0.2.1", true},
    {"a part of 63 characters", osg_host_check, L63 ".org", true},
    {"a part of 64 characters", osg_host_check, L63 "x.org", false},
    {"more than 253 characters", osg_host_check, L63 "." L63 "." L63 "." L63 "." L63, false},
    {"no characters", osg_host_check, "", false},
    {"a dot at the end", osg_host_check, "os.", false},
    {"two dots", osg_host_check, "os..org", false},
    {"a hyphen at the start", osg_host_check, "-os", false},
    {"a hyphen at the end", osg_host_check, "os-.org", false},
    {"a short IPv4 address", osg_host_check, "10.1", false},
    {"an IPv4 address out of range", osg_host_check, "300.0.0.1", false},
    {"an IPv6 address", osg_host_check, "::1", false},
    {"a wildcard is no host", osg_host_check, "*.example.org", false},
    {"a wildcard is an alias", osg_alias_check, "*.example.org", true},
    {"a wildcard within a part", osg_alias_check, "os*.example.org", true},
    {"a blank is no alias", osg_alias_check, "* x", false},
    {"a balancer", osg_balancer_check, "os-cluster.1", true},
    {"a balancer in capitals, which httpd would fold", osg_balancer_check, "OS", false},
    {"a balancer with a slash", osg_balancer_check, "a/b", false},
    {"a balancer of 63 characters", osg_balancer_check, L63, true},
    {"a balancer of 64 characters", osg_balancer_check, L63 "x", false},
    {"an instance's name", osg_label_check, "Node_1.a-b", true},
    {"an instance's name with a blank", osg_label_check, "a b", false},
    {"an instance without a name", osg_label_check, "", false},
    {"a path", osg_path_check, "/openspecimen", true},
    {"a path of several parts", osg_path_check, "/a/b-c_d.e~f", true},
    {"the root", osg_path_check, "/", false},
    {"no slash", osg_path_check, "a", false},
    {"a slash at the end", osg_path_check, "/a/", false},
    {"two slashes", osg_path_check, "/a//b", false},
    {"a hidden part", osg_path_check, "/a/.b", false},
    {"an escape", osg_path_check, "/a%20", false},
    {"what closes a section", osg_path_check, "/a>", false},
    {"a path of 127 characters", osg_path_check, "/" L63 "/" L62, true},
    {"a path of 128 characters", osg_path_check, "/" L63 "/" L63, false},
};

static void names_and_paths_are_what_httpd_takes_bare(void **state)
{
    (void)state;
    FOR_EACH_ROW(row, check_rows)
    {
        struct osb_message why = {""};

        assert_int_equal(row->check(row->text, &why), row->good);
        assert_int_equal(why.text[0] == '\0', row->good);
    }
}

static const struct listen_row {
    const char *says;
    const char *text;
    const char *address;
    uint32_t port;
} listen_rows[] = {
    {"a port", "80", "*", 80},
    {"every address", "*:8080", "*", 8080},
    {"IPv4", "192.0.2.1:80", "192.0.2.1", 80},
    {"IPv6", "[2001:db8::1]:443", "[2001:db8::1]", 443},
    {"a name is none", "localhost:80", NULL, 0},
    {"IPv6 wants brackets", "::1:80", NULL, 0},
    {"an address wants a port", "192.0.2.1", NULL, 0},
    {"a star wants a port", "*", NULL, 0},
    {"brackets want an address", "[]:80", NULL, 0},
    {"port 0 is none", "*:0", NULL, 0},
    {"a port too large", "*:65536", NULL, 0},
    {"nothing", "", NULL, 0},
    {"only a colon", ":", NULL, 0},
    {"no address before the colon", ":80", NULL, 0},
};

static void a_site_listens_on_addresses_and_ports(void **state)
{
    struct osg_arena *arena = osg_arena_new();

    (void)state;
    FOR_EACH_ROW(row, listen_rows)
    {
        struct osg_listen listen = {.address = NULL};
        struct osb_message why = {""};

        assert_int_equal(osg_listen_parse(arena, row->text, &listen, &why), row->address != NULL);
        assert_int_equal(listen.port, row->port);
        if (row->address != NULL)
            assert_string_equal(listen.address, row->address);
    }
    osg_arena_free(arena);
}

static const struct admission_row {
    const char *says;
    const char *text;
    bool good;
    enum osg_admission_type type;
} admission_rows[] = {
    {"an IPv4 address", "192.0.2.1", true, OSG_ADMIT_NETWORK},
    {"an IPv6 address", "2001:db8::1", true, OSG_ADMIT_NETWORK},
    {"an IPv4 network", "192.0.2.0/24", true, OSG_ADMIT_NETWORK},
    {"an IPv4 network of one address", "192.0.2.1/32", true, OSG_ADMIT_NETWORK},
    {"an IPv4 network within a byte", "192.0.2.128/25", true, OSG_ADMIT_NETWORK},
    {"an IPv6 network", "2001:db8::/32", true, OSG_ADMIT_NETWORK},
    {"a host name", "admin.example.org", true, OSG_ADMIT_HOST},
    {"all", "all", true, OSG_ADMIT_ALL},
    {"all, in capitals", "ALL", true, OSG_ADMIT_ALL},
    {"an address with bits behind the network", "192.0.2.1/24", false, 0},
    {"bits behind a network within a byte", "192.0.2.192/25", false, 0},
    {"a network of all, which httpd refuses", "0.0.0.0/0", false, 0},
    {"too many bits", "192.0.2.0/33", false, 0},
    {"too many bits of IPv6", "::/129", false, 0},
    {"a short network", "10/8", false, 0},
    {"a mask", "10.0.0.0/255.0.0.0", false, 0},
    {"an address out of range", "10.0.0.256", false, 0},
    {"a zone", "fe80::1%eth0", false, 0},
    {"two words", "admin all", false, 0},
    {"an expression", "%{HTTP_HOST}", false, 0},
    {"nothing", "", false, 0},
};

static void administrators_are_addresses_networks_or_hosts(void **state)
{
    struct osg_arena *arena = osg_arena_new();

    (void)state;
    FOR_EACH_ROW(row, admission_rows)
    {
        struct osg_admission admission = {.text = NULL};
        struct osb_message why = {""};

        assert_int_equal(osg_admission_parse(arena, row->text, &admission, &why), row->good);
        if (row->good)
            assert_int_equal(admission.type, row->type);
        else
            assert_int_not_equal(why.text[0], '\0');
    }
    osg_arena_free(arena);
}

static const struct loopback_row {
    const char *says;
    const char *host;
    bool is;
} loopback_rows[] = {
    {"the name", "localhost", true},
    {"the usual address", "127.0.0.1", true},
    {"another address of its network", "127.255.0.9", true},
    {"IPv6", "[::1]", true},
    {"IPv6 in full", "[0:0:0:0:0:0:0:1]", true},
    {"another IPv6 address", "[2001:db8::1]", false},
    {"every IPv6 address", "[::]", false},
    {"the network behind it", "128.0.0.1", false},
    {"its number further on", "10.127.0.1", false},
    {"a host that begins with its number", "127.0.0.1.example", false},
    {"a host that begins with its name", "localhost.example.org", false},
};

static void loopback_is_known_in_every_spelling(void **state)
{
    (void)state;
    FOR_EACH_ROW(row, loopback_rows)
    {
        assert_int_equal(osg_is_loopback(row->host), row->is);
    }
}

static const struct public_row {
    const char *says;
    const char *host;
    bool is;
} public_rows[] = {
    {"a name of the DNS", "os.example.org", true},
    {"in capitals", "OS.EXAMPLE.ORG", true},
    {"a wildcard", "*.example.org", true},
    {"a name without a dot", "openspecimen", false},
    {"the host itself", "os.localhost", false},
    {"what ICANN keeps for internal use", "os.lab.internal", false},
    {"in capitals too", "OS.LAB.INTERNAL", false},
    {"a name that begins so", "internal.example.org", true},
    {"a name that ends alike", "os.notinternal", true},
    {"multicast DNS", "os.local", false},
    {"at home", "os.home.arpa", false},
    {"what is reversed", "1.2.0.192.in-addr.arpa", true},
    {"an address", "192.0.2.1", true},
    {"10/8", "10.255.255.255", false},
    {"behind it", "11.0.0.0", true},
    {"172.16/12", "172.31.255.255", false},
    {"before it", "172.15.255.255", true},
    {"behind it", "172.32.0.0", true},
    {"192.168/16", "192.168.0.1", false},
    {"100.64/10", "100.127.0.1", false},
    {"behind it", "100.128.0.1", true},
    {"link-local", "169.254.1.1", false},
    {"loopback", "127.1.2.3", false},
};

static void what_is_public_is_known(void **state)
{
    (void)state;
    FOR_EACH_ROW(row, public_rows)
    {
        assert_int_equal(osg_is_public(row->host), row->is);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_and_paths_are_what_httpd_takes_bare),
        cmocka_unit_test(a_site_listens_on_addresses_and_ports),
        cmocka_unit_test(administrators_are_addresses_networks_or_hosts),
        cmocka_unit_test(loopback_is_known_in_every_spelling),
        cmocka_unit_test(what_is_public_is_known),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
