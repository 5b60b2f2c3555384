/* SPDX-License-Identifier: Apache-2.0 */
/* What a topology may pass on to httpd in words of its own. */
#include "unit.h"

#include "topology/quote.h"
#include "topology/address.h"
#include "topology/raw.h"

#include "core/message.h"

static const struct row {
    const char *says;
    bool (*check)(const char *text, struct osb_message *why);
    const char *text;
    bool good;
} rows[] = {
    {"a file", osg_file_name_check, "/etc/ssl/os.pem", true},
    {"a file beside others", osg_file_name_check, "os.pem", true},
    {"a file with blanks and quotes", osg_file_name_check, "/a \"b\" \\c", true},
    {"no file", osg_file_name_check, "", false},
    {"a program", osg_file_name_check, "|/bin/sh", false},
    {"a directory", osg_file_name_check, "/etc/ssl/", false},
    {"a variable", osg_file_name_check, "${HOME}/os.pem", false},
    {"two lines", osg_file_name_check, "a\nb", false},

    {"an htpasswd file", osg_users_check, "/etc/os.htpasswd", true},
    {"an LDAP base", osg_users_check, "ldap://ldap.example.org/dc=example", true},
    {"all parts of it", osg_users_check, "ldaps://l:636/dc=a%20b?uid?one?(&(a=b)(c=*))", true},
    {"an empty scope", osg_users_check, "ldap://l/dc=a?uid?\?(a=b)", true},
    {"no base", osg_users_check, "ldap://l/", false},
    {"no base before the attribute", osg_users_check, "ldap://l/?uid", false},
    {"no path", osg_users_check, "ldap://l", false},
    {"no server", osg_users_check, "ldap:///dc=a", false},
    {"no port", osg_users_check, "ldap://l:/dc=a", false},
    {"a port that is none", osg_users_check, "ldap://l:0/dc=a", false},
    {"a server that is too long", osg_users_check,
     "ldap://"
     "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
     "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
     "aaa"
     "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/dc=a",
     false},
    {"a scope that httpd doesn't know", osg_users_check, "ldap://l/dc=a?uid?base", false},
    {"one part too many", osg_users_check, "ldap://l/dc=a?uid?sub?(a=b)?x", false},
    {"half an escape", osg_users_check, "ldap://l/dc=a%2", false},

    {"nothing", osg_raw_check, "", true},
    {"a directive", osg_raw_check, "Header set X-A b", true},
    {"a section", osg_raw_check, "<Location /a>\nRequire all denied\n</Location>", true},
    {"a section in other letters", osg_raw_check, "<if a>\n</IF>", true},
    {"sections inside one another", osg_raw_check, "<A>\n <B x>\n </B>\n</A>\n<C>\n</C >", true},
    {"a section that isn't closed", osg_raw_check, "<A>", false},
    {"a section that isn't open", osg_raw_check, "</A>", false},
    {"the block's own end", osg_raw_check, "</VirtualHost>\n<VirtualHost *>", false},
    {"sections that cross", osg_raw_check, "<A>\n<B>\n</A>\n</B>", false},
    {"an end that begins like another", osg_raw_check, "<AB>\n</A>", false},
    {"an end that goes on", osg_raw_check, "<A>\n</AB>", false},
    {"an end in two lines", osg_raw_check, "</Virtual\\\nHost>", false},
    {"an end behind a backslash in the middle", osg_raw_check, "a \\ b\n</A>", false},
    {"an end in a comment", osg_raw_check, "# </VirtualHost>", true},
    {"an end in a comment that goes on", osg_raw_check, "# a \\\n</VirtualHost>", true},
    {"an end behind a directive that goes on", osg_raw_check, "a \\\n</VirtualHost>", true},
    {"an end behind a line that ends in a blank", osg_raw_check, "a \\ \n</VirtualHost>", false},
    {"an end behind blanks", osg_raw_check, "a\n \t </VirtualHost>", false},
    {"a last line that goes on", osg_raw_check, "a \\", false},
    {"and with its end", osg_raw_check, "a \\\n", false},
    {"and with a line behind it", osg_raw_check, "a \\\n\n", true},
    {"a bracket alone", osg_raw_check, "<", false},
    {"a return", osg_raw_check, "a\r\nb", false},
    {"a tab", osg_raw_check, "\ta", true},
    {"sixteen sections inside one another", osg_raw_check,
     "<a>\n<a>\n<a>\n<a>\n<a>\n<a>\n<a>\n<a>\n<a>\n<a>\n<a>\n<a>\n<a>\n<a>\n<a>\n<a>\n"
     "</a>\n</a>\n</a>\n</a>\n</a>\n</a>\n</a>\n</a>\n</a>\n</a>\n</a>\n</a>\n</a>\n</a>\n</a>\n</"
     "a>",
     true},
    {"seventeen", osg_raw_check,
     "<a>\n<a>\n<a>\n<a>\n<a>\n<a>\n<a>\n<a>\n<a>\n<a>\n<a>\n<a>\n<a>\n<a>\n<a>\n<a>\n<a>\n",
     false},
};

static void what_httpd_would_not_take_as_it_is_meant_is_refused(void **state)
{
    (void)state;
    FOR_EACH_ROW(row, rows)
    {
        struct osb_message why = {""};

        assert_int_equal(row->check(row->text, &why), row->good);
        assert_int_equal(why.text[0] == '\0', row->good);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_httpd_would_not_take_as_it_is_meant_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
