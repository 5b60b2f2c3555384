/* SPDX-License-Identifier: Apache-2.0 */
/* Which build a member says that it runs, its plugins included. */
#include "unit.h"

#include "core/finding.h"
#include "answers.h"
#include "guarded.h"

static const struct identity_row {
    const char *says;
    struct osb_answer answer;
    struct osb_identity identity;
} identities[] = {
    {"app-props names the build",
     SAYS(200, "{\"build_version\":\"v12.2\",\"build_commit_revision\":\"0a1b2c\","
               "\"build_date\":\"1717171717171\",\"deploy_env\":\"prod\",\"plugins\":[]}"),
     {.known = true,
      .version = "v12.2",
      .commit = "0a1b2c",
      .date = "1717171717171",
      .environment = "prod"}},
    {"what is missing stays empty",
     SAYS(200, "{\"build_version\":\"v12.2\"}"),
     {.known = true, .version = "v12.2"}},
    {"what is of another type stays empty",
     SAYS(200, "{\"build_version\":\"v12.2\",\"build_date\":1717171717171,\"deploy_env\":null}"),
     {.known = true, .version = "v12.2"}},
    {"texts are cut to their fields",
     SAYS(200, "{\"build_version\":\"v23456789_123456789_123456789_123456789_\","
               "\"build_date\":\"123456789_123456789_1234\"}"),
     {.known = true,
      .version = "v23456789_123456789_123456789_123456789",
      .date = "123456789_123456789_123"}},
    {"control characters are not taken over",
     SAYS(200, "{\"build_version\":\"v1\\n\\u001b[31m\\u0085\"}"),
     {.known = true, .version = "v1??[31m??"}},
    {"without a version nothing is known",
     SAYS(200, "{\"deploy_env\":\"prod\"}"),
     {.known = false}},
    {"a version that is no text says nothing",
     SAYS(200, "{\"build_version\":12.2}"),
     {.known = false}},
    {"an array says nothing", SAYS(200, "[{\"build_version\":\"v12.2\"}]"), {.known = false}},
    {"half of the JSON says nothing", SAYS(200, "{\"build_version\":\"v12.2\""), {.known = false}},
    {"an error says nothing", SAYS(500, "{\"build_version\":\"v12.2\"}"), {.known = false}},
    {"an answer without a body says nothing", BARE(200), {.known = false}},
    {"silence says nothing", NONE(OSB_SILENT), {.known = false}},
};

/* The member is healthy in every row: who it is changes nothing about how it is. */
static void the_identity_is_what_app_props_says(void **state)
{
    (void)state;
    FOR_EACH_ROW(row, identities)
    {
        struct osb_observation observation = {
            .answers = {[OSB_ASK_CONNECT] = {.outcome = OSB_ANSWERED},
                        [OSB_ASK_DATABASE] = SAYS(200, "{\"locale\":\"en_US\"}"),
                        [OSB_ASK_IDENTITY] = row->answer}};
        struct osb_finding finding = osb_finding_read(&observation);

        assert_int_equal(finding.seen, OSB_SEEN_HEALTHY);
        assert_int_equal(finding.identity.known, row->identity.known);
        assert_string_equal(finding.identity.version, row->identity.version);
        assert_string_equal(finding.identity.commit, row->identity.commit);
        assert_string_equal(finding.identity.date, row->identity.date);
        assert_string_equal(finding.identity.environment, row->identity.environment);
        assert_string_equal(finding.identity.plugins, "");
        assert_int_equal(finding.identity.digest, 0);
    }
}

/* The rest of an app-props, in which single quotes stand for double ones. */
static const struct plugins_row {
    const char *says;
    const char *props;
    const char *plugins;
} plugin_rows[] = {
    {"none", "'plugins':[]", ""},
    {"an old version, which doesn't tell", "'deploy_env':'prod'", ""},
    {"an old version, which tells no details", "'plugins':['le']", "le"},
    {"with its version", "'plugins':['le'],'pluginsDetail':[{'os-plugin-name':'le','version':'3'}]",
     "le 3"},
    {"sorted, whatever the order", "'plugins':['sde','le','cp-io']", "cp-io, le, sde"},
    {"details in another order",
     "'plugins':['b','a'],'pluginsDetail':[{'os-plugin-name':'a','version':'v1','commit':'x'},"
     "{'os-plugin-name':'b','version':'v2','built-on':'y'}]",
     "a v1, b v2"},
    {"details before the names",
     "'pluginsDetail':[{'os-plugin-name':'a','version':'1'}],'plugins':['a']", "a 1"},
    {"a version that isn't told",
     "'plugins':['a','b'],'pluginsDetail':[{'os-plugin-name':'a'},{'version':'7'}]", "a, b"},
    {"a version that is no text",
     "'plugins':['a'],'pluginsDetail':[{'os-plugin-name':'a','version':7}]", "a"},
    {"details of a plugin that isn't there",
     "'plugins':['a'],'pluginsDetail':[{'os-plugin-name':'b','version':'7'}]", "a"},
    {"details alone name no plugin", "'pluginsDetail':[{'os-plugin-name':'b','version':'7'}]", ""},
    {"names that are no texts", "'plugins':[1,null,'a',{'name':'b'},['c'],'',true]", "a"},
    {"details that are no objects",
     "'plugins':['a'],'pluginsDetail':['a',1,null,{'os-plugin-name':'a','version':'2'}]", "a 2"},
    {"plugins that are no list", "'plugins':{'0':'a'}", ""},
    {"details that are no list", "'plugins':['a'],'pluginsDetail':{'os-plugin-name':'a'}", "a"},
    {"plugins that are a text", "'plugins':'a,b'", ""},
    {"control characters and markup",
     "'plugins':['a\\u001b[0m','<b>'],'pluginsDetail':[{'os-plugin-name':'<b>','version':'1\\n'}]",
     "<b> 1?, a?[0m"},
    {"one twice", "'plugins':['a','a']", "a, a"},
};

static struct osb_identity identity_of(const char *props)
{
    static uint8_t *end;
    char body[16384];
    struct osb_answer answer = {.outcome = OSB_ANSWERED, .status = 200};

    if (end == NULL)
        end = guarded_end(sizeof body);
    answer.body_length = (size_t)snprintf(body, sizeof body, "{'build_version':'v12.2',%s}", props);
    assert_in_range(answer.body_length, 1, sizeof body - 1);
    for (char *quote = body; (quote = strchr(quote, '\'')) != NULL;)
        *quote = '"';
    answer.body = (char *)guarded_copy(end, body, answer.body_length);
    return osb_identity_read(&answer);
}

static void plugins_are_listed_with_their_versions(void **state)
{
    (void)state;
    FOR_EACH_ROW(row, plugin_rows)
    {
        struct osb_identity identity = identity_of(row->props);

        assert_true(identity.known);
        assert_string_equal(identity.plugins, row->plugins);
        assert_int_equal(identity.digest != 0, row->plugins[0] != '\0');
    }
}

/* COUNT plugins, named NAME and a number; the last with the version LAST. */
static struct osb_identity many_plugins(unsigned count, const char *name, const char *last)
{
    char props[16000];
    int used = snprintf(props, sizeof props, "'plugins':['%s0'", name);

    for (unsigned i = 1; i < count; i++)
        used += snprintf(props + used, sizeof props - (size_t)used, ",'%s%u'", name, i);
    snprintf(props + used, sizeof props - (size_t)used,
             "],'pluginsDetail':[{'os-plugin-name':'%s%u','version':'%s'}]", name, count - 1, last);
    return identity_of(props);
}

static void a_list_that_is_too_long_is_cut_but_compared_to_its_end(void **state)
{
    struct osb_identity one = many_plugins(100, "specimen-", "1.0");
    struct osb_identity other = many_plugins(100, "specimen-", "1.1");

    (void)state;
    assert_int_equal(strlen(one.plugins), sizeof one.plugins - 1);
    assert_string_equal(one.plugins, other.plugins);
    assert_true(one.digest != other.digest);
    assert_false(osb_identity_is_same(&one, &other));
    other = many_plugins(100, "specimen-", "1.0");
    assert_true(osb_identity_is_same(&one, &other));
}

static void a_list_is_cut_between_two_characters(void **state)
{
    (void)state;
    for (unsigned length = 1; length < 6; length++) {
        char name[48] = "xxxxxx";
        struct osb_identity identity;

        memcpy(name + length, "ééééééééé", sizeof "ééééééééé");
        identity = many_plugins(40, name, "1");
        assert_in_range(strlen(identity.plugins), sizeof identity.plugins - 2,
                        sizeof identity.plugins - 1);
        assert_null(strchr(identity.plugins, '?'));
    }
}

static void no_more_than_256_plugins_are_looked_at(void **state)
{
    struct osb_identity all = many_plugins(256, "p", "1"), more = many_plugins(900, "p", "1");
    struct osb_identity even_more = many_plugins(901, "p", "1");

    (void)state;
    assert_true(all.digest != more.digest); /* of p255, which isn't the last of them any more */
    assert_int_equal(more.digest, even_more.digest);
}

static const struct same_row {
    const char *says;
    struct osb_identity one, other;
    bool same;
} sames[] = {
    {"a build and itself",
     {.known = true, .version = "v12.2", .commit = "0a", .plugins = "le 1", .digest = 7},
     {.known = true, .version = "v12.2", .commit = "0a", .plugins = "le 1", .digest = 7},
     true},
    {"built again, and set up otherwise",
     {.known = true, .version = "v12.2", .date = "1", .environment = "prod"},
     {.known = true, .version = "v12.2", .date = "2", .environment = "test"},
     true},
    {"two versions",
     {.known = true, .version = "v12.1"},
     {.known = true, .version = "v12.2"},
     false},
    {"two commits of a version",
     {.known = true, .version = "v12.2", .commit = "0a"},
     {.known = true, .version = "v12.2", .commit = "0b"},
     false},
    {"another plugin",
     {.known = true, .version = "v12.2", .plugins = "le 1", .digest = 7},
     {.known = true, .version = "v12.2", .plugins = "le 2", .digest = 8},
     false},
    {"plugins that differ behind the cut",
     {.known = true, .version = "v12.2", .plugins = "le 1", .digest = 7},
     {.known = true, .version = "v12.2", .plugins = "le 1", .digest = 8},
     false},
    {"plugins that differ but happen to have one digest",
     {.known = true, .version = "v12.2", .plugins = "le 1", .digest = 7},
     {.known = true, .version = "v12.2", .plugins = "le 2", .digest = 7},
     false},
    {"an unknown one", {.known = true, .version = ""}, {.known = false}, false},
    {"two unknown ones", {.known = false}, {.known = false}, false},
};

static void builds_are_the_same_by_version_commit_and_plugins(void **state)
{
    (void)state;
    FOR_EACH_ROW(row, sames)
    {
        assert_int_equal(osb_identity_is_same(&row->one, &row->other), row->same);
        assert_int_equal(osb_identity_is_same(&row->other, &row->one), row->same);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_identity_is_what_app_props_says),
        cmocka_unit_test(plugins_are_listed_with_their_versions),
        cmocka_unit_test(a_list_that_is_too_long_is_cut_but_compared_to_its_end),
        cmocka_unit_test(a_list_is_cut_between_two_characters),
        cmocka_unit_test(no_more_than_256_plugins_are_looked_at),
        cmocka_unit_test(builds_are_the_same_by_version_commit_and_plugins),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
