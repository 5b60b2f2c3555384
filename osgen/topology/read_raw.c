/* SPDX-License-Identifier: Apache-2.0 */
#include "grammar.h"
#include "raw.h"
#include "topology.h"
#include "problem/problem.h"
#include "yaml/lines.h"

/* A value whose lines are judged. */
struct judged {
    struct osg_reader *reader;
    const struct osg_node *value;
    uint32_t margin; /* what a block's lines are indented by; 0: not known yet */
    bool good;
};

/* A block's first line stands below its |. Of another scalar it isn't known what stands where. */
static struct osg_place place_of(struct judged *judged, struct osg_raw_line line)
{
    struct osg_place place = judged->value->place;

    if (!judged->value->literal)
        return place;
    place.line += line.number;
    if (judged->margin == 0)
        judged->margin =
            (uint32_t)osg_lines_get(osg_source_find(judged->reader->source, place.file), place.line)
                .indent -
            line.indent;
    place.column = judged->margin + line.indent + 1;
    return place;
}

static void tell(void *context, struct osg_raw_line line, const char *fault)
{
    struct judged *judged = context;

    judged->good =
        osg_error(judged->reader->problems, OSG_BAD_RAW, place_of(judged, line), "%s", fault);
}

void osg_read_raw(struct osg_reader *reader, const struct osg_key *key,
                  const struct osg_node *value, void *field)
{
    struct judged judged = {.reader = reader, .value = value, .good = true};

    if (!osg_is_word(reader, key, value))
        return;
    osg_raw_judge(value->text, tell, &judged);
    if (judged.good)
        *(struct osg_word *)field = (struct osg_word){.text = value->text, .place = value->place};
}
