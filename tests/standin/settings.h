/* SPDX-License-Identifier: Apache-2.0 */
/* What the application tells of itself. */
#ifndef STANDIN_SETTINGS_H
#define STANDIN_SETTINGS_H

struct answer;
struct node;
struct request;

void settings_password(const struct node *node, const struct request *request,
                       struct answer *answer);
void settings_site_assets(const struct node *node, const struct request *request,
                          struct answer *answer);
void settings_auth_domains(const struct node *node, const struct request *request,
                           struct answer *answer);
void settings_metrics(const struct node *node, const struct request *request,
                      struct answer *answer);

/* These two are spoilt as the switch "body" says. */
void settings_locale(const struct node *node, const struct request *request, struct answer *answer);
void settings_app_props(const struct node *node, const struct request *request,
                        struct answer *answer);

#endif
