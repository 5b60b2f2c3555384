/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "base/arena.h"
#include "core/message.h"
#include "base/text.h"
#include "topology/url.h"

static const struct good_row {
    const char *says;
    const char *text;
    const char *format;
    const char *canonical;
} good_rows[] = {
    {"host and port", "ajp://os1:8009", "ajp://os1:8009", "ajp://os1:8009"},
    {"without a port the scheme's counts", "ajp://os1", "ajp://os1", "ajp://os1:8009"},
    {"http has its own port", "http://os1/os", "http://os1/os", "http://os1:80/os"},
    {"https has its own port", "https://os1/os", "https://os1/os", "https://os1:443/os"},
    {"a context", "ajp://os1:1/a/b", "ajp://os1:1/a/b", "ajp://os1:1/a/b"},
    {"a slash at the end is dropped", "ajp://os1:1/a/", "ajp://os1:1/a", "ajp://os1:1/a"},
    {"all of them are", "ajp://os1:1///", "ajp://os1:1", "ajp://os1:1"},
    {"hosts are in small letters, paths as they are", "ajp://OS1.Example:1/Os",
     "ajp://os1.example:1/Os", "ajp://os1.example:1/Os"},
    {"IPv4", "ajp://192.0.2.1:8009", "ajp://192.0.2.1:8009", "ajp://192.0.2.1:8009"},
    {"IPv6 in brackets", "ajp://[2001:DB8::1]:8009/x", "ajp://[2001:db8::1]:8009/x",
     "ajp://[2001:db8::1]:8009/x"},
    {"IPv6 without a port", "ajp://[::1]", "ajp://[::1]", "ajp://[::1]:8009"},
    {"containers' names have underscores", "ajp://os_1:8009", "ajp://os_1:8009", "ajp://os_1:8009"},
};

static void a_url_is_read_and_written_back(void **state)
{
    struct osg_arena *arena = osg_arena_new();

    (void)state;
    FOR_EACH_ROW(row, good_rows)
    {
        struct osb_message why = {""};
        struct osg_text text = {0};
        struct osg_url url;

        assert_true(osg_url_parse(arena, row->text, &url, &why));
        osg_url_put(&text, &url);
        assert_string_equal(text.bytes, row->format);
        osg_text_free(&text);
        assert_string_equal(osg_url_canonical(arena, &url), row->canonical);
    }
    osg_arena_free(arena);
}

static const struct bad_row {
    const char *says;
    const char *text;
    const char *why;
} bad_rows[] = {
    {"nothing", "", "ajp://"},
    {"no scheme", "os1:8009", "ajp://"},
    {"an unknown scheme", "fcgi://os1", "ajp://"},
    {"a scheme in capitals, which httpd's own lookups don't fold", "AJP://os1", "small letters"},
    {"a path of a socket", "unix:/run/x|http://os1", "ajp://"},
    {"no host", "ajp://", "needs a host"},
    {"no host but a port", "ajp://:8009", "needs a host"},
    {"no host but a path", "ajp:///x", "needs a host"},
    {"a user", "ajp://me@os1", "no user"},
    {"a query", "ajp://os1/x?y=z", "no user, query"},
    {"a fragment", "ajp://os1/x#y", "fragment"},
    {"port 0", "ajp://os1:0", "from 1 to 65535"},
    {"a port too large", "ajp://os1:65536", "from 1 to 65535"},
    {"a port that wraps around", "ajp://os1:4294967377", "from 1 to 65535"},
    {"an empty port", "ajp://os1:/x", "from 1 to 65535"},
    {"IPv6 without brackets", "ajp://::1", "needs a host"},
    {"a bracket that never closes", "ajp://[::1:8009", "IPv6"},
    {"empty brackets", "ajp://[]:8009", "IPv6"},
    {"text behind brackets", "ajp://[::1]8009", "behind the host"},
    {"a blank", "ajp://os1 retry=0", "host name"},
    {"a quote", "ajp://os1\"", "host name"},
    {"a newline", "ajp://os1\nListen 99", "host name"},
    {"a variable", "ajp://os1/${x}", "path"},
    {"two slashes inside a path", "ajp://os1/a//b", "path"},
    {"dots inside a path", "ajp://os1/a/../b", "path"},
    {"a wildcard, which httpd would match", "ajp://os1/a*", "path"},
};

static void what_is_no_members_url_is_refused(void **state)
{
    struct osg_arena *arena = osg_arena_new();

    (void)state;
    FOR_EACH_ROW(row, bad_rows)
    {
        struct osb_message why = {""};
        struct osg_url url;

        assert_false(osg_url_parse(arena, row->text, &url, &why));
        assert_non_null(strstr(why.text, row->why));
    }
    osg_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_url_is_read_and_written_back),
        cmocka_unit_test(what_is_no_members_url_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
