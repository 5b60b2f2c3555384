/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads a file of YAML by libyaml's own parser, event by event, and does nothing with them: what
 * make bench-render holds osgen against.
 *
 *   yaml_events FILE
 */
#include <stdio.h>
#include <yaml.h>

/* Returns true at the end of the stream, and false where it is no YAML. */
static int parse(yaml_parser_t *parser)
{
    int ended = 0;

    while (!ended) {
        yaml_event_t event;

        if (!yaml_parser_parse(parser, &event))
            return 0;
        ended = event.type == YAML_STREAM_END_EVENT;
        yaml_event_delete(&event);
    }
    return 1;
}

int main(int argc, char **argv)
{
    FILE *file = argc == 2 ? fopen(argv[1], "rb") : NULL;
    yaml_parser_t parser;
    int good;

    if (file == NULL || !yaml_parser_initialize(&parser)) {
        fputs("usage: yaml_events FILE\n", stderr);
        return 2;
    }
    yaml_parser_set_input_file(&parser, file);
    good = parse(&parser);
    yaml_parser_delete(&parser);
    fclose(file);
    return good ? 0 : 1;
}
