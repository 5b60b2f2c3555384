/* SPDX-License-Identifier: Apache-2.0 */
/* What changed, for the log and the journal: one line and one entry each. The leader's business. */
#ifndef OSB_CHRONICLE_H
#define OSB_CHRONICLE_H

#include "inventory.h"

#include "core/record.h"

/* A member changed its state; RECORD is as it is now. */
void osb_chronicle_state(struct osb_board *board, const struct osb_member *member,
                         const struct osb_transition *transition, const struct osb_record *record);

/* A member runs another build than before. */
void osb_chronicle_build(struct osb_board *board, const struct osb_member *member,
                         const struct osb_identity *before, const struct osb_record *record);

/* Compares what holds for a balancer with the alarms that stand, and tells what began or ended. */
void osb_chronicle_roster(struct osb_board *board, const struct osb_group *group,
                          const struct osb_roster *roster);

#endif
