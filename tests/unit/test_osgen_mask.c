/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "base/text.h"
#include "change/mask.h"

static const struct mask_row {
    const char *says;
    const char *text;
    const char *shown;
} rows[] = {
    {"nothing to hide", "ServerName a\n", "ServerName a\n"},
    {"no newline at the end", "ServerName a", "ServerName a\n"},
    {"an empty line", "\n", "\n"},
    {"a secret", "BalancerMember ajp://a secret=b\n", "BalancerMember ajp://a secret=***\n"},
    {"what stands behind it", "x secret=b timeout=3\n", "x secret=***\n"},
    {"in any case of letters", "x SeCrEt=b\n", "x SeCrEt=***\n"},
    {"a quoted one with blanks", "x \"secret=a b\"\n", "x \"secret=***\n"},
    {"in a comment", "# secret=b\n", "# secret=***\n"},
    {"in somebody's comment", "# password b\n", "# password***\n"},
    {"but not in osgen's own", "    # This password is for here alone\n",
     "    # This password is for here alone\n"},
    {"unless somebody wrote more", "# This password is for here alone: b\n",
     "# This password***\n"},
    {"of which httpd complains", "AH1: bad \"secret=b\"\n", "AH1: bad \"secret=***\n"},
    {"that goes on in the next line", "x secret=a\\\nbc\\\nd\ne\n", "x secret=***\n***\n***\ne\n"},
    {"a password", "AuthLDAPBindPassword b\n", "AuthLDAPBindPassword***\n"},
    {"an authorization", "Header set Authorization b\n", "Header set Authorization***\n"},
    {"a token", "RequestHeader set X-OS-API-TOKEN b\n", "RequestHeader set X-OS-API-TOKEN***\n"},
    {"a client's secret", "OIDCClientSecret b\n", "OIDCClientSecret***\n"},
    {"a database's", "DBDParams \"user=a pass=b\"\n", "DBDParams \"user=a pass=***\n"},
    {"the word alone hides nothing", "# the secret of AJP\n", "# the secret of AJP\n"},
    {"a mark at the end has nothing behind it", "x secret=\n", "x secret=\n"},
    {"what a terminal would obey", "a\033[31mb\n", "a?[31mb\n"},
};

static void a_secret_is_starred_out_to_the_end_of_its_line(void **state)
{
    (void)state;
    FOR_EACH_ROW(row, rows)
    {
        struct osg_text text = {0};

        osg_mask(&text, row->text, strlen(row->text), "");
        assert_string_equal(text.bytes, row->shown);
        osg_text_free(&text);
    }
}

static void a_nul_ends_nothing(void **state)
{
    static const char line[] = "a\0secret=b";
    struct osg_text text = {0};

    (void)state;
    osg_mask(&text, line, sizeof line - 1, "> ");
    assert_string_equal(text.bytes, "> a?secret=***\n");
    osg_text_free(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_secret_is_starred_out_to_the_end_of_its_line),
        cmocka_unit_test(a_nul_ends_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
