/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OSB_FINDING_JSON_H
#define OSB_FINDING_JSON_H

#include "finding.h"
#include "json.h"

/* A check's finding for programs, the same object wherever it is shown. AT: when, ms since 1970. */
osb_json *osb_finding_json(const struct osb_finding *finding, uint64_t at);

/* A build for programs; NULL, which is put as null, if it isn't known. */
osb_json *osb_identity_json(const struct osb_identity *identity);

#endif
