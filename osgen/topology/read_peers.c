/* SPDX-License-Identifier: Apache-2.0 */
#include "form.h"
#include "grammar.h"
#include "secret.h"
#include "topology.h"

#include "core/message.h"

#include <string.h>

/* Only what can't be an address; whether it is one, the mail server knows. */
static bool check_mail(const char *text, struct osb_message *why)
{
    const char *at = strchr(text, '@');

    for (const char *byte = text; *byte != '\0'; byte++) {
        if ((unsigned char)*byte <= ' ' || *byte == 0x7f)
            at = NULL;
    }
    if (at != NULL && at != text && at[1] != '\0')
        return true;
    return osb_refuse(why, "\"%.80s\" is not a mail address, such as admin@example.org", text);
}

#define FIELD(name) offsetof(struct osg_peers, name)

static const struct osg_key keys[] = {
    {.name = "secret_file",
     .takes = OSG_TAKES_SCALAR,
     .offset = FIELD(secret.file),
     .read = osg_read_word,
     .help = "a file whose one line is the secret by which the nodes know one another"},
    {.name = "secret",
     .takes = OSG_TAKES_SCALAR,
     .offset = FIELD(secret.value),
     .read = osg_read_secret,
     .help = "the same, in the topology itself, or ${NAME}"},
    {.name = "timeout",
     .takes = OSG_TAKES_SCALAR,
     .offset = FIELD(timeout_ms),
     .read = osg_read_seconds,
     .min = 1000,
     .max = 3600000,
     .help = "the longest wait for a node's receipt; default 60s"},
    {.name = "mail",
     .takes = OSG_TAKES_SCALAR | OSG_TAKES_LIST,
     .offset = FIELD(mail),
     .read = osg_read_words,
     .check = check_mail,
     .form = &osg_form_mail,
     .help = "who is told of news that a node didn't take: mail addresses"},
};

const struct osg_grammar osg_peers_grammar = {
    .name = "peers", .keys = keys, .count = sizeof keys / sizeof *keys};
