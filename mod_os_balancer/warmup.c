/* SPDX-License-Identifier: Apache-2.0 */
#include "warmup.h"
#include "core/settings.h"

#include <stdlib.h>
#include <string.h>

struct osb_warmup {
    struct osb_warmup **place; /* the owner's pointer to it */
    struct osb_prober *prober;
    struct osb_probe_spec spec; /* of the probe under way */
    uint64_t began;             /* ms on the prober's clock */
    const char *rest;           /* of the paths: those that come after */
    char path[OSB_WARMUP_MAX];  /* the one under way */
    osb_warmup_done *done;
    void *baton;
};

static uint32_t time_gone(const struct osb_warmup *warmup)
{
    return (uint32_t)(osb_prober_now() - warmup->began);
}

static void take_next_path(struct osb_warmup *warmup)
{
    size_t length = strcspn(warmup->rest, ",");

    memcpy(warmup->path, warmup->rest, length);
    warmup->path[length] = '\0';
    warmup->rest += length + (warmup->rest[length] == ',');
}

static void end(struct osb_warmup *warmup, const char *failed)
{
    *warmup->place = NULL;
    warmup->done(warmup->baton,
                 &(struct osb_warmup_end){.ms = time_gone(warmup), .failed = failed});
    free(warmup);
}

/* An answer that is too long for a check was made all the same. */
static bool is_answered(const struct osb_observation *observation)
{
    enum osb_outcome outcome = observation->answers[OSB_ASK_WEBAPP].outcome;

    return outcome == OSB_ANSWERED || outcome == OSB_OVERSIZED;
}

static bool ask(struct osb_warmup *warmup);

static void take_answer(void *baton, const struct osb_observation *observation)
{
    struct osb_warmup *warmup = baton;

    bool answered = is_answered(observation);

    if (answered && warmup->rest[0] == '\0')
        end(warmup, NULL);
    else if (!answered || !ask(warmup))
        end(warmup, warmup->path);
}

/* Asks for the next path. False if the time is over, or out of memory. */
static bool ask(struct osb_warmup *warmup)
{
    uint32_t gone = time_gone(warmup);

    take_next_path(warmup);
    if (gone >= OSB_WARMUP_MS)
        return false;
    warmup->spec.timeout_ms = OSB_WARMUP_MS - gone;
    return osb_prober_start(warmup->prober, &warmup->spec, take_answer, warmup);
}

bool osb_warmup_begin(struct osb_warmup **place, struct osb_prober *prober,
                      const struct osb_probe_spec *spec, const char *paths, osb_warmup_done *done,
                      void *baton)
{
    struct osb_warmup *warmup = malloc(sizeof *warmup);

    *place = warmup;
    if (warmup == NULL)
        return false;
    *warmup = (struct osb_warmup){.place = place,
                                  .prober = prober,
                                  .spec = *spec,
                                  .began = osb_prober_now(),
                                  .rest = paths,
                                  .done = done,
                                  .baton = baton};
    warmup->spec.path = warmup->path;
    if (ask(warmup))
        return true;
    *place = NULL;
    free(warmup);
    return false;
}

void osb_warmup_free(struct osb_warmup *warmup)
{
    free(warmup);
}
