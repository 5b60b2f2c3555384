/* SPDX-License-Identifier: Apache-2.0 */
#include "codes.h"

#include "core/parse.h"

#include <stdio.h>
#include <strings.h>

#define MOST_CODES 200

const struct osg_code_group *const osg_code_groups[] = {
    &osg_input_codes,
    &osg_shape_codes,
    &osg_value_codes,
    &osg_conflict_codes,
    &osg_risk_codes,
    &osg_lint_codes,
    NULL,
};

/* The row at INDEX of all groups, or of the warnings' alone. */
static struct osg_code_found row_at(size_t index, bool warnings)
{
    for (size_t i = 0; osg_code_groups[i] != NULL; i++) {
        const struct osg_code_group *group = osg_code_groups[i];

        if (warnings && group->severity != OSG_WARNING)
            continue;
        if (index < group->count)
            return (struct osg_code_found){group, &group->rows[index]};
        index -= group->count;
    }
    return (struct osg_code_found){NULL, NULL};
}

struct osg_code_found osg_code_of(enum osg_code code)
{
    struct osg_code_found found = row_at(0, false);

    for (size_t i = 1; found.row->code != code; i++)
        found = row_at(i, false);
    return found;
}

struct osg_code_found osg_code_find(const char *text)
{
    char label[OSG_CODE_LABEL];
    struct osg_code_found found = row_at(0, false);

    for (size_t i = 1; found.row != NULL; i++) {
        if (strcasecmp(text, found.row->name) == 0 ||
            strcasecmp(text, osg_code_label(found.row->code, label)) == 0)
            break;
        found = row_at(i, false);
    }
    return found;
}

const char *osg_code_nearest(const char *text, osg_choices *choices)
{
    const char *names[MOST_CODES];
    struct osg_choice choice;
    size_t count = 0;

    while (count < MOST_CODES && choices(count, &choice))
        names[count++] = choice.name;
    return osb_nearest(text, names, count);
}

char *osg_code_label(enum osg_code code, char buffer[OSG_CODE_LABEL])
{
    snprintf(buffer, OSG_CODE_LABEL, "OSG%04d", (int)code);
    return buffer;
}

static bool choose(struct osg_code_found found, struct osg_choice *choice)
{
    if (found.row == NULL)
        return false;
    *choice = (struct osg_choice){.name = found.row->name, .help = found.row->title};
    return true;
}

bool osg_code_choice(size_t index, struct osg_choice *choice)
{
    return choose(row_at(index, false), choice);
}

bool osg_code_word_choice(size_t index, struct osg_choice *choice)
{
    static char labels[MOST_CODES][OSG_CODE_LABEL];
    struct osg_choice name;
    size_t names = 0;

    while (osg_code_choice(names, &name))
        names++;
    if (index < names)
        return osg_code_choice(index, choice);
    index -= names;
    if (index >= names || index >= MOST_CODES)
        return false;
    *choice =
        (struct osg_choice){.name = osg_code_label(row_at(index, false).row->code, labels[index])};
    return true;
}

bool osg_warning_choice(size_t index, struct osg_choice *choice)
{
    return choose(row_at(index, true), choice);
}
