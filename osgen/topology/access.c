/* SPDX-License-Identifier: Apache-2.0 */
/* What to know about who may come in. */
#include "grammar.h"
#include "load.h"
#include "topology.h"
#include "unique.h"
#include "problem/problem.h"

static void check_admissions(struct osg_reader *reader, const struct osg_admissions *allow,
                             const char *for_all)
{
    struct osg_word *words = osg_new_words(reader->arena, allow->count);

    for (size_t i = 0; i < allow->count; i++) {
        const struct osg_admission *item = &allow->items[i];

        words[i] = (struct osg_word){.text = item->text, .place = item->place};
        if (item->type == OSG_ADMIT_HOST)
            osg_warning(reader->problems, OSG_HOST_LOOKUP, item->place,
                        "with a host name httpd looks the client up twice for every request; an "
                        "address or a network costs nothing");
        if (item->type == OSG_ADMIT_ALL && for_all != NULL)
            osg_warning(reader->problems, OSG_OPEN_STATUS_PAGE, item->place, "%s", for_all);
    }
    osg_check_unique(reader, words, allow->count, OSG_DUPLICATE_ENTRY, "the entry");
}

static void check_users(struct osg_reader *reader, const struct osg_site *site,
                        const struct osg_word *users)
{
    if (users->text != NULL && !site->tls.on)
        osg_warning(reader->problems, OSG_PLAIN_PASSWORD, users->place,
                    "passwords come unencrypted, since the site has no tls; that is well where "
                    "something in front of it has");
}

void osg_validate_access(struct osg_reader *reader, const struct osg_topology *topology)
{
    const struct osg_admin *admin = &topology->admin;
    bool asks = admin->users.text != NULL && !admin->either;

    check_admissions(reader, &topology->site.access.allow, NULL);
    check_users(reader, &topology->site, &topology->site.access.users);
    check_admissions(reader, &admin->allow,
                     asks ? NULL : "everybody may see these pages and switch instances off");
    check_users(reader, &topology->site, &admin->users);
}
