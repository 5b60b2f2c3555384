/* SPDX-License-Identifier: Apache-2.0 */
#include "form.h"
#include "address.h"
#include "method.h"
#include "secret.h"
#include "size.h"

#include "core/parse.h"
#include "core/roster.h"
#include "core/settings.h"

#include <stdio.h>
#include <string.h>

#define HOST_PART  "[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?"
#define ALIAS_PART "[A-Za-z0-9_*]([A-Za-z0-9_*-]*[A-Za-z0-9_*])?"
#define PATH       "(/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)+"
#define AUTHORITY  "(\\[[0-9A-Fa-f:.]+\\]|[A-Za-z0-9._-]+)(:[0-9]+)?(/[A-Za-z0-9._~/-]*)?"
#define SWITCH     "[Oo][Nn]|[Yy][Ee][Ss]|[Tt][Rr][Uu][Ee]|[Oo][Ff][Ff]|[Nn][Oo]|[Ff][Aa][Ll][Ss][Ee]"
#define DURATION   "^[0-9]+(ms|s|m)$"
#define LABEL      "^[A-Za-z0-9._]([A-Za-z0-9._-]{0,61}[A-Za-z0-9._])?$"

/* The one at INDEX of NAMES, which NULL ends. */
static bool choose(const char *const *names, size_t index, struct osg_choice *choice)
{
    for (size_t i = 0; i <= index; i++) {
        if (names[i] == NULL)
            return false;
    }
    *choice = (struct osg_choice){.name = names[index]};
    return true;
}

static bool switch_choice(size_t index, struct osg_choice *choice)
{
    if (index >= OSG_SWITCHES)
        return false;
    *choice = (struct osg_choice){.name = osg_switches[index]};
    return true;
}

static bool root_choice(size_t index, struct osg_choice *choice)
{
    return choose((const char *const[]){"redirect", "off", NULL}, index, choice);
}

static bool satisfy_choice(size_t index, struct osg_choice *choice)
{
    return choose((const char *const[]){"all", "any", NULL}, index, choice);
}

static bool protocol_choice(size_t index, struct osg_choice *choice)
{
    return choose((const char *const[]){"TLSv1.2", "TLSv1.3", NULL}, index, choice);
}

static bool agreement_choice(size_t index, struct osg_choice *choice)
{
    return choose((const char *const[]){"accepted", NULL}, index, choice);
}

static bool authority_choice(size_t index, struct osg_choice *choice)
{
    return choose(
        (const char *const[]){"LetsEncrypt", "LetsEncrypt-Test", "Buypass", "Buypass-Test", NULL},
        index, choice);
}

static bool skew_choice(size_t index, struct osg_choice *choice)
{
    if (index >= osb_skew_policies_count)
        return false;
    *choice = (struct osg_choice){.name = osb_skew_policies[index]};
    return true;
}

const struct osg_form osg_form_switch = {
    .words = "on or off", .also = OSG_ALSO_SWITCH, .choices = switch_choice};
const struct osg_form osg_form_skew = {.words = "warn, eject or ignore", .choices = skew_choice};
const struct osg_form osg_form_root = {.words = "redirect or off",
                                       .pattern = "^(" SWITCH ")$",
                                       .also = OSG_ALSO_SWITCH,
                                       .choices = root_choice};
const struct osg_form osg_form_satisfy = {.words = "all or any", .choices = satisfy_choice};
const struct osg_form osg_form_protocol = {.words = "TLSv1.2 or TLSv1.3",
                                           .choices = protocol_choice};
const struct osg_form osg_form_agreement = {.words = "accepted", .choices = agreement_choice};
const struct osg_form osg_form_authority = {
    .words = "LetsEncrypt, LetsEncrypt-Test, Buypass, Buypass-Test or a URL of https://",
    .pattern = "^https://" AUTHORITY "$",
    .choices = authority_choice};
const struct osg_form osg_form_days = {.words = "days such as 180d, or off",
                                       .pattern = "^([0-9]+d|" SWITCH ")$",
                                       .also = OSG_ALSO_SWITCH};
const struct osg_form osg_form_sticky = {.words = "on, off or the name of a cookie",
                                         .pattern = LABEL,
                                         .also = OSG_ALSO_ANY,
                                         .choices = switch_choice};
const struct osg_form osg_form_silence = {.words = "a warning's name",
                                          .choices = osg_warning_choice};
const struct osg_form osg_form_method = {.words = "one of these", .choices = osg_method_choice};
const struct osg_form osg_form_listen = {.words = "a port, or an address and a port",
                                         .pattern =
                                             "^((\\*|[0-9.]+|\\[[0-9A-Fa-f:.]+\\]):)?[0-9]+$",
                                         .also = OSG_ALSO_NUMBER};
const struct osg_form osg_form_admission = {.words = "an address, a network, a host name or all",
                                            .pattern = "^[A-Za-z0-9._:/-]+$",
                                            .also = OSG_ALSO_ANY};
const struct osg_form osg_form_url = {.words = "a URL",
                                      .pattern = "^(ajp|https?)://" AUTHORITY "$"};
const struct osg_form osg_form_peer_url = {.words = "a URL of http:// or https://",
                                           .pattern = "^https?://" AUTHORITY "$"};
const struct osg_form osg_form_mail = {.words = "a mail address", .pattern = "^[^@\\s]+@[^\\s]+$"};

static char *show_number(uint32_t number, char *buffer, size_t size)
{
    snprintf(buffer, size, "%u", number);
    return buffer;
}

static char *show_percent(uint32_t number, char *buffer, size_t size)
{
    snprintf(buffer, size, "%u%%", number);
    return buffer;
}

const struct osg_form osg_form_duration = {.words = "a duration such as 500ms, 2s or 1m",
                                           .pattern = DURATION,
                                           .show = osb_format_duration};
const struct osg_form osg_form_number = {
    .words = "a whole number", .pattern = "^[0-9]+$", .also = OSG_ALSO_NUMBER, .show = show_number};
static const struct osg_form text = {.words = "a text", .also = OSG_ALSO_ANY};

const struct osg_form osg_form_seconds = {.words = "a duration of whole seconds such as 90s or 2m",
                                          .pattern = DURATION,
                                          .show = osb_format_duration};
static const struct osg_form size = {.words = "a size in bytes, or such as 64k, 100M or 1G",
                                     .pattern = "^[0-9]+[kKmMgG]?$",
                                     .also = OSG_ALSO_NUMBER,
                                     .show = osg_size_format};
static const struct osg_form secret = {.words = "1 to 63 printable ASCII characters, or ${NAME}",
                                       .pattern = "^([ -~]{1,63}|\\$\\{[A-Za-z0-9_]+\\})$",
                                       .also = OSG_ALSO_ANY};
static const struct osg_form path = {.words = "a path", .pattern = "^" PATH "$"};
static const struct osg_form page = {
    .words = "a path or off", .pattern = "^(" PATH "|" SWITCH ")$", .also = OSG_ALSO_SWITCH};
static const struct osg_form named_file = {
    .words = "the path of a file", .pattern = "^([^|/]|[^|].*[^/])$", .also = OSG_ALSO_ANY};
static const struct osg_form users = {
    .words = "a file of htpasswd's or an LDAP URL", .pattern = "^[^|]", .also = OSG_ALSO_ANY};
static const struct osg_form host = {.words = "a host name or an IPv4 address",
                                     .pattern = "^" HOST_PART "(\\." HOST_PART ")*$",
                                     .also = OSG_ALSO_ANY};
static const struct osg_form alias = {.words = "a host name, * for any letters",
                                      .pattern = "^" ALIAS_PART "(\\." ALIAS_PART ")*$",
                                      .also = OSG_ALSO_ANY};
static const struct osg_form label = {
    .words = "a name of letters, digits, - _ and dots", .pattern = LABEL, .also = OSG_ALSO_ANY};
static const struct osg_form balancer = {.words = "a name of small letters, digits, - and dots",
                                         .pattern = "^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$",
                                         .also = OSG_ALSO_ANY};

/* What a value is, by the handler that many keys have or by what its text is checked by. The first
 * that fits decides. */
static const struct {
    osg_read_field *read;                                     /* NULL: any */
    bool (*check)(const char *text, struct osb_message *why); /* NULL: any */
    const struct osg_form *form;
} rules[] = {
    {.read = osg_read_page, .form = &page},
    {.read = osg_read_file, .form = &named_file},
    {.read = osg_read_secret, .form = &secret},
    {.read = osg_read_seconds, .form = &osg_form_seconds},
    {.read = osg_read_duration, .form = &osg_form_duration},
    {.read = osg_read_number, .form = &osg_form_number},
    {.read = osg_read_amount, .form = &osg_form_number},
    {.read = osg_read_size, .form = &size},
    {.read = osg_read_switch, .form = &osg_form_switch},
    {.check = osg_users_check, .form = &users},
    {.check = osg_host_check, .form = &host},
    {.check = osg_alias_check, .form = &alias},
    {.check = osg_label_check, .form = &label},
    {.check = osg_balancer_check, .form = &balancer},
    {.check = osg_path_check, .form = &path},
};

const struct osb_setting *osg_setting_of(const struct osg_key *key)
{
    bool is_table = key->rows == NULL || (key->takes & OSG_TAKES_MAPPING) != 0;

    for (size_t i = 0; !is_table && i < *key->row_count; i++) {
        if (strcmp(key->rows[i].key, key->name) == 0)
            return &key->rows[i];
    }
    return NULL;
}

const struct osg_form *osg_form_of(const struct osg_key *key)
{
    const struct osb_setting *setting = osg_setting_of(key);

    if (setting != NULL)
        return osg_form_of_setting(setting);
    if (key->form != NULL)
        return key->form;
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        if ((rules[i].read == NULL || rules[i].read == key->read) &&
            (rules[i].check == NULL || rules[i].check == key->check))
            return rules[i].form;
    }
    return &text;
}

const struct osg_form *osg_form_of_setting(const struct osb_setting *setting)
{
    static const struct osg_form percent = {
        .words = "a share such as 20%", .pattern = "^[0-9]+%$", .show = show_percent};
    static const struct osg_form paths = {.words = "paths with commas between them",
                                          .pattern = "^/[^\\s,]*(,/[^\\s,]*)*$"};
    static const struct osg_form file = {.words = "the path of a file", .also = OSG_ALSO_ANY};
    static const struct osg_form *const forms[] = {
        [OSB_SETTING_DURATION] = &osg_form_duration,
        [OSB_SETTING_NUMBER] = &osg_form_number,
        [OSB_SETTING_PERCENT] = &percent,
        [OSB_SETTING_PATHS] = &paths,
        [OSB_SETTING_CONTEXT] = &path,
        [OSB_SETTING_FILE] = &file,
    };

    return forms[setting->type];
}
