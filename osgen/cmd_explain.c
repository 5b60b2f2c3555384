/* SPDX-License-Identifier: Apache-2.0 */
#include "command.h"
#include "base/exit.h"
#include "base/text.h"
#include "problem/codes.h"
#include "problem/console.h"

#include <string.h>

#define INDENT "    "
#define WIDTH  78

/* Adds a paragraph: WORDS in lines of at most WIDTH letters, all indented, behind an empty
 * line. */
static void put_paragraph(struct osg_text *text, const char *words)
{
    size_t column = 0;

    while (*words != '\0') {
        size_t length = strcspn(words, " ");

        if (column == 0 || column + 1 + length > WIDTH) {
            osg_text_put(text, "\n" INDENT);
            column = strlen(INDENT);
        } else {
            osg_text_put(text, " ");
            column++;
        }
        osg_text_add(text, words, length);
        column += length;
        words += length + strspn(words + length, " ");
    }
    osg_text_put(text, "\n");
}

static void put_code(struct osg_text *text, struct osg_code_found found)
{
    bool warning = found.group->severity == OSG_WARNING;
    char label[OSG_CODE_LABEL];

    osg_text_printf(text, "%s %s, %s: %s\n", osg_code_label(found.row->code, label),
                    found.row->name, warning ? "a warning" : "an error", found.row->title);
    put_paragraph(text, found.row->why);
    put_paragraph(text, found.row->mend);
    if (warning)
        osg_text_printf(text,
                        "\n" INDENT "If it is meant so, in the topology:\n"
                        "\n" INDENT "silence: [%s]\n",
                        found.row->name);
}

static void put_group(struct osg_text *text, const struct osg_code_group *group)
{
    char label[OSG_CODE_LABEL];

    osg_text_printf(text, "%s:\n", group->title);
    for (size_t i = 0; i < group->count; i++)
        osg_text_printf(text, "  %s  %-18s %s\n", osg_code_label(group->rows[i].code, label),
                        group->rows[i].name, group->rows[i].title);
}

static void put_list(struct osg_text *text)
{
    for (size_t i = 0; osg_code_groups[i] != NULL; i++) {
        osg_text_put(text, i > 0 ? "\n" : "");
        put_group(text, osg_code_groups[i]);
    }
}

static int unknown_code(const char *name)
{
    const char *nearest = osg_code_nearest(name, osg_code_choice);

    if (nearest != NULL)
        osg_say("there is no problem %s; did you mean %s?", name, nearest);
    else
        osg_say("there is no problem %s; osgen explain lists them all", name);
    return OSG_EXIT_USAGE;
}

static int run(const struct osg_arguments *given)
{
    struct osg_code_found found = {NULL, NULL};
    struct osg_text text = {0};
    int code;

    if (given->operand != NULL) {
        found = osg_code_find(given->operand);
        if (found.row == NULL)
            return unknown_code(given->operand);
        put_code(&text, found);
    } else {
        put_list(&text);
    }
    code = osg_print(&text);
    osg_text_free(&text);
    return code;
}

const struct osg_command osg_explain_command = {
    .name = "explain",
    .operand = "CODE",
    .operand_optional = true,
    .choices = osg_code_word_choice,
    .summary = "explains a problem by its code or its name",
    .help = "Says of a problem why it matters, how it is mended and, of a warning, how it is\n"
            "silenced. CODE is what stands in brackets behind the problem, OSG0502 or\n"
            "no-ajp-secret. Without it all problems are listed.",
    .run = run,
};
