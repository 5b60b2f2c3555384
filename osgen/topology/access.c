/* SPDX-License-Identifier: Apache-2.0 */
/* What to know about who may come in. */
#include "grammar.h"
#include "load.h"
#include "topology.h"
#include "unique.h"
#include "problem/problem.h"

#include "core/parse.h"

#include <string.h>

/* Up to these lengths, in bits, a network is nobody's own; the two of 1 bit are everybody. */
#define WIDE      7
#define WIDE_IPV6 15

static bool is_wide(const struct osg_admission *item)
{
    const char *slash = strchr(item->text, '/');
    uint32_t widest = strchr(item->text, ':') != NULL ? WIDE_IPV6 : WIDE;
    uint32_t bits;

    return item->type == OSG_ADMIT_NETWORK && slash != NULL &&
           osb_parse_number(slash + 1, 1, widest, &bits, NULL);
}

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
        if (is_wide(item) && for_all != NULL)
            osg_warning(reader->problems, OSG_OPEN_STATUS_PAGE, item->place,
                        "a network this wide is no network of one's own: %s", for_all);
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

static void check_satisfy(struct osg_reader *reader, struct osg_place satisfy,
                          const struct osg_admissions *allow, const struct osg_word *users)
{
    if (allow->count == 0 && users->text == NULL)
        osg_error(reader->problems, OSG_IDLE_SATISFY, satisfy,
                  "satisfy: any is about allow and users, and there is neither of them");
}

void osg_validate_access(struct osg_reader *reader, const struct osg_topology *topology)
{
    const struct osg_access *access = &topology->site.access;
    const struct osg_admin *admin = &topology->admin;
    bool is_clean = reader->problems->errors == 0;
    bool asks = admin->users.text != NULL && !admin->satisfy.any;

    /* What is refused in its own place isn't missing. */
    if (access->satisfy.any && is_clean)
        check_satisfy(reader, access->satisfy.place, &access->allow, &access->users);
    if (admin->satisfy.any && is_clean)
        check_satisfy(reader, admin->satisfy.place, &admin->allow, &admin->users);
    check_admissions(reader, &access->allow, NULL);
    check_users(reader, &topology->site, &access->users);
    check_admissions(reader, &admin->allow,
                     asks ? NULL : "everybody may see these pages and switch instances off");
    check_users(reader, &topology->site, &admin->users);
}
