/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OSB_REQUEST_LOG_H
#define OSB_REQUEST_LOG_H

/* Hooks in what a LogFormat may have of ours: %{answered}^OS, milliseconds from asking the member
 * that served until its answer began, and %{failover}^OS, the member that gave the request away to
 * it. Each is "-" where there is none. They cost nothing where no log has them. */
void osb_request_log_hook(void);

#endif
