/* SPDX-License-Identifier: Apache-2.0 */
/* A certificate that mod_md manages. */
#include "adopt_parts.h"

#include <string.h>
#include <strings.h>

static bool read_contact(struct osg_adoption *adoption, struct osg_conf *conf)
{
    struct osg_word *contact = &adoption->topology->site.tls.managed.contact;

    if (!osg_adopt_is_one(adoption, conf))
        return false;
    *contact = osg_adopt_word(conf, 0);
    if (strncasecmp(contact->text, "mailto:", 7) == 0)
        contact->text += 7;
    return true;
}

static bool read_agreement(struct osg_adoption *adoption, struct osg_conf *conf)
{
    adoption->topology->site.tls.managed.agreement =
        (struct osg_word){.text = "accepted", .place = conf->place};
    return true;
}

static bool read_authority(struct osg_adoption *adoption, struct osg_conf *conf)
{
    if (!osg_adopt_is_one(adoption, conf))
        return false;
    adoption->topology->site.tls.managed.authority = osg_adopt_word(conf, 0);
    return true;
}

static const struct osg_adopt_row managed_rows[] = {
    {"MDContactEmail", read_contact},
    {"MDCertificateAgreement", read_agreement},
    {"MDCertificateAuthority", read_authority},
};

static bool is_managed(struct osg_adoption *adoption, const struct osg_conf *conf)
{
    const char *name = adoption->topology->site.name.text;

    for (size_t i = 0; osg_conf_is(conf, "MDomain") && i < conf->count; i++) {
        if (name != NULL && strcasecmp(conf->words[i], name) == 0)
            return true;
    }
    return false;
}

/* "<MDomain NAMES>" with its settings inside, or "MDomain NAMES" with them beside it. */
void osg_adopt_managed(struct osg_adoption *adoption)
{
    for (struct osg_conf *at = osg_adopt_next(adoption->file, NULL); at != NULL;
         at = osg_adopt_next(adoption->file, at)) {
        if (!is_managed(adoption, at))
            continue;
        adoption->topology->site.tls.managed.place = at->place;
        osg_adopt_rows(adoption, at->is_section ? at : adoption->file, managed_rows,
                       sizeof managed_rows / sizeof *managed_rows);
        at->taken = !at->is_section;
        return;
    }
}
