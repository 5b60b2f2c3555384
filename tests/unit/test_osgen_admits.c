/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "topology/admits.h"
#include "topology/topology.h"

static const struct admits_row {
    const char *says;
    enum osg_admission_type type;
    const char *rule;
    const char *address;
    bool may;
} rows[] = {
    {"everybody", OSG_ADMIT_ALL, "all", "127.0.0.1", true},
    {"a host name, of which only httpd knows", OSG_ADMIT_HOST, "admin.example.org", "10.0.0.5",
     true},
    {"a host name, which no loopback address has", OSG_ADMIT_HOST, "admin.example.org", "127.0.0.1",
     false},
    {"the one that it has", OSG_ADMIT_HOST, "localhost", "[::1]", true},
    {"its own address", OSG_ADMIT_NETWORK, "127.0.0.1", "127.0.0.1", true},
    {"another address", OSG_ADMIT_NETWORK, "127.0.0.2", "127.0.0.1", false},
    {"a network with it", OSG_ADMIT_NETWORK, "10.1.0.0/16", "10.1.255.255", true},
    {"a network beside it", OSG_ADMIT_NETWORK, "10.1.0.0/16", "10.2.0.0", false},
    {"a network that ends within a byte", OSG_ADMIT_NETWORK, "10.1.16.0/20", "10.1.31.255", true},
    {"the next one", OSG_ADMIT_NETWORK, "10.1.16.0/20", "10.1.32.0", false},
    {"the whole net", OSG_ADMIT_NETWORK, "0.0.0.0/0", "192.0.2.1", true},
    {"an IPv6 address in brackets", OSG_ADMIT_NETWORK, "2001:db8::/32", "[2001:db8::5]", true},
    {"another IPv6 network", OSG_ADMIT_NETWORK, "2001:db8::/32", "[2001:db9::5]", false},
    {"IPv4 and IPv6 have nothing in common", OSG_ADMIT_NETWORK, "::/0", "127.0.0.1", false},
};

static void a_client_may_come_in_by_a_rule(void **state)
{
    (void)state;
    FOR_EACH_ROW(row, rows)
    {
        struct osg_admission rule = {.type = row->type, .text = row->rule};
        struct osg_admissions allow = {.items = &rule, .count = 1};

        assert_int_equal(osg_may_admit(&allow, row->address), row->may);
    }
}

static void without_rules_this_machine_is_let_in(void **state)
{
    struct osg_admissions none = {.count = 0};

    (void)state;
    assert_true(osg_may_admit(&none, "127.0.0.1"));
}

static void one_rule_of_several_is_enough(void **state)
{
    struct osg_admission rules[] = {{.type = OSG_ADMIT_NETWORK, .text = "10.0.0.5"},
                                    {.type = OSG_ADMIT_NETWORK, .text = "127.0.0.0/8"}};
    struct osg_admissions allow = {.items = rules, .count = 2};

    (void)state;
    assert_true(osg_may_admit(&allow, "127.0.0.1"));
    assert_true(osg_may_admit(&allow, "10.0.0.5"));
    assert_false(osg_may_admit(&allow, "10.0.0.6"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_client_may_come_in_by_a_rule),
        cmocka_unit_test(without_rules_this_machine_is_let_in),
        cmocka_unit_test(one_rule_of_several_is_enough),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
