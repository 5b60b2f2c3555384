/* SPDX-License-Identifier: Apache-2.0 */
#include "kind.h"
#include "base/text.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

#define BLANKS  " \t\r"
#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

static const char sections[] =
    "AuthnProviderAlias AuthzProviderAlias Directory DirectoryMatch Files FilesMatch If IfDefine "
    "IfDirective IfFile IfModule IfSection IfVersion Limit LimitExcept Location LocationMatch "
    "Macro MDomain MDomainSet Perl Proxy ProxyMatch RequireAll RequireAny RequireNone VirtualHost";

/* What names of directives begin with that stand in files of virtual hosts. */
static const char directives[] =
    "AddDefaultCharset AddType Alias Auth BalancerMember CustomLog Define Directory DocumentRoot "
    "Error ExtendedStatus H2 Header Include Jk KeepAlive Listen LoadModule Log MD NameVirtualHost "
    "OIDC OSBalancer Protocols Proxy Redirect Require RequestHeader Rewrite ScriptAlias Sec "
    "ServerA ServerName ServerRoot SetEnv SetHandler SSL Substitute Timeout TransferLog UnsetEnv "
    "UseCanonicalName";

/* Is it one of LIST, or does it begin with one, unless it has to be the WHOLE of it? */
static bool is_known(const char *word, size_t length, const char *list, bool whole)
{
    for (size_t known; *list != '\0'; list += known + (list[known] != '\0')) {
        known = strcspn(list, " ");
        if (known <= length && (known == length || !whole) && strncasecmp(word, list, known) == 0)
            return true;
    }
    return false;
}

/* "<Location" and "</Location" of a section, or a directive that httpd's modules have. */
static bool is_of_httpd(const char *word, size_t length)
{
    size_t lead = strspn(word, "</");

    if (lead == 0 || lead > length)
        return lead == 0 && is_known(word, length, directives, false);
    return is_known(word + lead, length - lead, sections, true);
}

/* Could a directive of any module be called so? */
static bool is_name(const char *word, size_t length)
{
    return strspn(word, LETTERS) > 0 && strspn(word, LETTERS "0123456789_") == length;
}

bool osg_is_configuration(const struct osg_text *text)
{
    const char *line = text->bytes != NULL ? text->bytes : "";
    bool is_first = true, knows = false;

    if (strlen(line) < text->length || strncmp(line, "#!", 2) == 0)
        return false;
    for (size_t length; *line != '\0' && !knows; line += length + (line[length] == '\n')) {
        const char *word = line + strspn(line, BLANKS);
        size_t name = strcspn(word, BLANKS "\n>");

        length = strcspn(line, "\n");
        if (word[0] == '#' || word[0] == '\n' || word[0] == '\0')
            continue;
        knows = is_of_httpd(word, name);
        if (is_first && !knows && !is_name(word, name))
            return false;
        is_first = false;
    }
    return is_first || knows;
}
