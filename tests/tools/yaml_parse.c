/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads a file of YAML by libyaml's own parser and does nothing with it: what make bench-render
 * holds osgen against.
 *
 *   yaml_parse document FILE   into libyaml's own nodes, as whoever wants the whole of it
 *   yaml_parse events FILE     event by event, each forgotten at once
 */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <yaml.h>

static bool parse_document(yaml_parser_t *parser)
{
    yaml_document_t document;

    if (!yaml_parser_load(parser, &document))
        return false;
    yaml_document_delete(&document);
    return true;
}

/* Returns true at the end of the stream, and false where it is no YAML. */
static bool parse_events(yaml_parser_t *parser)
{
    bool ended = false;

    while (!ended) {
        yaml_event_t event;

        if (!yaml_parser_parse(parser, &event))
            return false;
        ended = event.type == YAML_STREAM_END_EVENT;
        yaml_event_delete(&event);
    }
    return true;
}

int main(int argc, char **argv)
{
    bool events = argc == 3 && strcmp(argv[1], "events") == 0;
    bool document = argc == 3 && strcmp(argv[1], "document") == 0;
    FILE *file = events || document ? fopen(argv[2], "rb") : NULL;
    yaml_parser_t parser;
    bool good;

    if (file == NULL || !yaml_parser_initialize(&parser)) {
        fputs("usage: yaml_parse document|events FILE\n", stderr);
        return 2;
    }
    yaml_parser_set_input_file(&parser, file);
    good = events ? parse_events(&parser) : parse_document(&parser);
    yaml_parser_delete(&parser);
    fclose(file);
    return good ? 0 : 1;
}
