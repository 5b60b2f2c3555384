/* SPDX-License-Identifier: Apache-2.0 */
/* The site's logs for logrotate, as far as the distribution's own rules for httpd leave them out.
 */
#include "emit.h"
#include "base/text.h"
#include "topology/topology.h"

#include "core/message.h"

#include <fnmatch.h>
#include <string.h>

/* Of the packages of Debian and Ubuntu, and of RHEL and Fedora. */
static const char *const covered[] = {"/var/log/apache2/*.log", "/var/log/httpd/*log"};

#define LOGS 2

/* The logs that nobody rotates. Returns how many. */
static size_t list_logs(const struct osg_site *site, const struct osg_word *logs[LOGS])
{
    const struct osg_word *all[LOGS] = {&site->log, &site->error_log};
    size_t count = 0;

    for (size_t i = 0; i < LOGS; i++) {
        bool known = all[i]->text == NULL ||
                     (i > 0 && all[0]->text != NULL && strcmp(all[0]->text, all[i]->text) == 0);

        for (size_t j = 0; j < sizeof covered / sizeof *covered && !known; j++)
            known = fnmatch(covered[j], all[i]->text, FNM_PATHNAME) == 0;
        if (!known)
            logs[count++] = all[i];
    }
    return count;
}

static void emit(struct osg_text *text, const struct osg_topology *topology)
{
    const struct osg_word *logs[LOGS];
    size_t count = list_logs(&topology->site, logs);

    osg_emit_origin(text, topology);
    osg_text_put(text, "#\n# This is a file of /etc/logrotate.d.\n");
    for (size_t i = 0; i < count; i++)
        osg_text_printf(text, "\"%s\"\n", logs[i]->text);
    osg_text_put(text,
                 "{\n"
                 "    daily\n"
                 "    rotate 14\n"
                 "    missingok\n"
                 "    notifempty\n"
                 "    compress\n"
                 "    delaycompress\n"
                 "    create\n"
                 "    sharedscripts\n"
                 "    postrotate\n"
                 "        # It goes on under its new name until httpd opens the old one again\n"
                 "        for unit in apache2 httpd; do\n"
                 "            ! systemctl -q is-active $unit || systemctl reload $unit\n"
                 "        done\n"
                 "    endscript\n"
                 "}\n");
}

/* logrotate takes patterns of a shell for names, and those from the root only. */
static bool fits(const struct osg_topology *topology, struct osb_message *why)
{
    static const char harmless[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                   "0123456789-._/ +,:=@%~";
    const struct osg_word *logs[LOGS];
    size_t count = list_logs(&topology->site, logs);

    if (count == 0)
        return osb_refuse(why, "the logs of %s are rotated by the distribution's own rules",
                          topology->file);
    for (size_t i = 0; i < count; i++) {
        const char *name = logs[i]->text;

        if (name[0] != '/')
            return osb_refuse(why, "logrotate wants names from the root, and \"%.80s\" is relative",
                              name);
        if (name[strspn(name, harmless)] != '\0')
            return osb_refuse(why,
                              "\"%.80s\" can't be written for logrotate, which takes it for a "
                              "pattern",
                              name);
    }
    return true;
}

const struct osg_target osg_logrotate_target = {
    .name = "logrotate",
    .emit = emit,
    .help = "rotates the site's logs, where the distribution doesn't",
    .fits = fits,
    .next = "it goes to /etc/logrotate.d/openspecimen",
};
