/* SPDX-License-Identifier: Apache-2.0 */
#include "session.h"
#include "load.h"
#include "base/arena.h"
#include "problem/console.h"
#include "yaml/source.h"

#include "core/message.h"

bool osg_session_read(struct osg_session *session, const char *path)
{
    struct osb_message why = {""};
    bool good;

    *session = (struct osg_session){.arena = osg_arena_new(), .source = {.name = path, .text = ""}};
    session->problems = osg_problems_new(session->arena);
    if (!osg_source_read(session->arena, path, &session->source, &why))
        good = osg_error(&session->problems, OSG_UNREADABLE_FILE, (struct osg_place){0}, "%s",
                         why.text);
    else
        good = osg_load(session->arena, &session->source, &session->topology, &session->problems);
    return good;
}

bool osg_session_begin(struct osg_session *session, const char *path)
{
    bool good = osg_session_read(session, path);

    osg_show_problems(&session->problems, &session->source);
    return good;
}

const char *osg_session_input(const struct osg_session *session, const char *path)
{
    static const char secret[] = "a secret_file of the topology";
    const struct osg_topology *topology = &session->topology;
    struct osg_file_id id = osg_file_id_at(path);

    if (osg_file_id_equal(id, session->source.id))
        return "the topology itself";
    for (const struct osg_source *source = session->source.next; source != NULL;
         source = source->next) {
        if (osg_file_id_equal(id, source->id))
            return "a file that the topology includes";
    }
    if (osg_file_id_equal(id, topology->balance.secret.id) ||
        osg_file_id_equal(id, topology->peers.secret.id))
        return secret;
    for (size_t i = 0; i < topology->instances.count; i++) {
        if (osg_file_id_equal(id, topology->instances.items[i].secret.id))
            return secret;
    }
    return NULL;
}

void osg_session_end(struct osg_session *session)
{
    osg_problems_free(&session->problems);
    osg_arena_free(session->arena);
}
