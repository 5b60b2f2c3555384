/* SPDX-License-Identifier: Apache-2.0 */
/* The pages for administrators, and which paths go where. */
#include "emit.h"
#include "base/text.h"
#include "topology/topology.h"

#include "core/vocabulary.h"

#include <string.h>

/* One page of this server. */
struct page {
    const struct osg_word *path; /* NULL text: off */
    const char *handler;         /* SetHandler's argument */
    const char *comment;         /* what it shows */
};

#define PAGES 3

static void list_pages(struct page pages[PAGES], const struct osg_admin *admin)
{
    pages[0] = (struct page){.path = &admin->manager,
                             .handler = "balancer-manager",
                             .comment = "The balancer: its figures, and switches for its members"};
    pages[1] = (struct page){.path = &admin->status,
                             .handler = OSB_HANDLER_STATUS,
                             .comment = "How each instance is, in words, and since when"};
    pages[2] = (struct page){.path = &admin->server_status,
                             .handler = "server-status",
                             .comment = "What httpd itself is doing"};
}

static const char *admissions_comment(const struct osg_access *access)
{
    const struct osg_admissions *allow = &access->allow;
    bool asks = access->users.text != NULL;

    for (size_t i = 0; i < allow->count; i++) {
        if (allow->items[i].type == OSG_ADMIT_ALL && (!asks || access->satisfy.any))
            return "For everybody";
    }
    return allow->count > 0 || asks ? "For administrators only" : "For this machine only";
}

static void emit_page(struct osg_text *text, const struct page *page,
                      const struct osg_access *access)
{
    osg_text_printf(text,
                    "\n"
                    "    # %s\n"
                    "    <Location %s>\n"
                    "        SetHandler %s\n"
                    "        # %s\n",
                    page->comment, page->path->text, page->handler, admissions_comment(access));
    osg_emit_access(text, access, "OpenSpecimen's balancer");
    if (access->allow.count == 0 && access->users.text == NULL)
        osg_text_put(text, "        Require local\n");
    osg_text_put(text, "    </Location>\n");
}

void osg_emit_pages(struct osg_text *text, const struct osg_topology *topology)
{
    const struct osg_admin *admin = &topology->admin;
    const struct osg_access access = {
        .allow = admin->allow, .users = admin->users, .satisfy = admin->satisfy};
    struct page pages[PAGES];

    list_pages(pages, admin);
    for (size_t i = 0; i < PAGES; i++) {
        if (pages[i].path->text != NULL)
            emit_page(text, &pages[i], &access);
    }
}

/* Was PATH among the first COUNT instances? */
static bool was_seen(const struct osg_instances *instances, size_t count, const char *path)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(instances->items[i].url.path, path) == 0)
            return true;
    }
    return false;
}

/* Where an instance has another context than the site, its redirects and cookies name that one. */
static void emit_other_contexts(struct osg_text *text, const struct osg_topology *topology)
{
    const struct osg_instances *instances = &topology->instances;
    const char *context = topology->site.context.text;

    for (size_t i = 0; i < instances->count; i++) {
        const char *path = instances->items[i].url.path;

        if (strcmp(path, context) == 0 || was_seen(instances, i, path))
            continue;
        osg_text_printf(text,
                        "\n"
                        "    # Instances that know OpenSpecimen as %s\n"
                        "    ProxyPassReverse %s/ %s/\n"
                        "    ProxyPassReverseCookiePath %s %s\n",
                        path, context, path, path, context);
    }
}

/* mod_proxy would ask a member for /context/ where a user asked for /context, and the page's
 * relative links would lead to /. Tomcat itself redirects, and so does this. */
static void emit_bare_context(struct osg_text *text, const char *context)
{
    struct osg_text pattern = {0};

    for (const char *at = context; *at != '\0'; at++) {
        osg_text_put(&pattern, *at == '.' ? "\\" : "");
        osg_text_add(&pattern, at, 1);
    }
    osg_text_printf(text,
                    "\n"
                    "    # The context without its slash: relative links on its page would lead "
                    "astray\n"
                    "    ProxyPassMatch ^%s$ !\n"
                    "    RedirectMatch ^%s$ %s/\n",
                    pattern.bytes, pattern.bytes, context);
    osg_text_free(&pattern);
}

void osg_emit_mapping(struct osg_text *text, const struct osg_topology *topology)
{
    const char *context = topology->site.context.text;
    const char *balancer = topology->balance.name.text;
    const char *comment = "\n    # These pages are this server's own and are not passed on\n";
    struct page pages[PAGES];

    list_pages(pages, &topology->admin);
    for (size_t i = 0; i < PAGES; i++) {
        if (pages[i].path->text == NULL)
            continue;
        osg_text_printf(text, "%s    ProxyPass %s !\n", comment, pages[i].path->text);
        comment = "";
    }
    emit_bare_context(text, context);
    if (topology->site.redirects_root)
        osg_text_printf(text,
                        "\n"
                        "    # The site's bare name leads to OpenSpecimen too\n"
                        "    RedirectMatch ^/$ %s/\n",
                        context);
    osg_text_printf(
        text,
        "\n"
        "    # All of OpenSpecimen goes to the instances, and their redirects come back "
        "as the site's\n"
        "    ProxyPass %s balancer://%s\n"
        "    ProxyPassReverse %s balancer://%s\n",
        context, balancer, context, balancer);
    emit_other_contexts(text, topology);
}
