/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OSG_RUNGS_H
#define OSG_RUNGS_H

struct osb_finding;
struct osb_observation;

#define OSG_RUNG_MAX 16

/* How far up the ladder a check came, a word for each rung: "ok"; the HTTP status of a bad answer;
 * "foreign" of one that isn't OpenSpecimen's; what came in place of an answer ("silent", "refused",
 * "closed"); "-" where nothing was asked, or what was asked told nothing of this rung. */
struct osg_rungs {
    char connector[OSG_RUNG_MAX]; /* the connection, and its sign of life */
    char webapp[OSG_RUNG_MAX];    /* OpenSpecimen, where it needs no database */
    char database[OSG_RUNG_MAX];  /* OpenSpecimen, where it needs its database */
};

/* FINDING is what OBSERVATION was read as. */
struct osg_rungs osg_rungs_read(const struct osb_observation *observation,
                                const struct osb_finding *finding);

#endif
