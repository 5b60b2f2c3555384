/* SPDX-License-Identifier: Apache-2.0 */
#include "codes.h"

static const struct osg_code_row rows[] = {
    {.code = OSG_BAD_VALUE,
     .name = "bad-value",
     .title = "a name, a mail address or users that can't be such",
     .why = "Names stand in httpd's configuration and in cookies, where many characters mean "
            "something else; users are a file of htpasswd's or an LDAP URL.",
     .mend = "The message says what is accepted here."},
    {.code = OSG_NOT_A_CHOICE,
     .name = "not-a-choice",
     .title = "none of the values that this key has",
     .why = "The key knows a few words, and what another one means isn't defined.",
     .mend = "The message lists them. In YAML on, off, yes and no may stand without quotes here."},
    {.code = OSG_BAD_NUMBER,
     .name = "bad-number",
     .title = "a number or a duration that isn't one, or is out of its range",
     .why = "A duration without a unit is seconds to some programs and milliseconds to others, "
            "and a value out of its range is mostly meant in another unit.",
     .mend = "Whole numbers in the range of the message; durations with their unit: 500ms, 2s, "
             "1m; days as 180d."},
    {.code = OSG_ZERO_WEIGHT,
     .name = "zero-weight",
     .title = "an instance of weight 0",
     .why = "A weight is an instance's share of the requests, and httpd knows no share of "
            "nothing: it takes 1 to 100.",
     .mend = "disabled: on sends it no requests until somebody enables it; standby: on only when "
             "no other instance can take them."},
    {.code = OSG_BAD_HOST,
     .name = "bad-host",
     .title = "a host name that can't be one",
     .why = "httpd finds the virtual host by this name. Letters, digits and - are what names in "
            "the DNS are made of.",
     .mend = "Write the name alone, without http:// and port, an international one in its xn-- "
             "form."},
    {.code = OSG_BAD_PATH,
     .name = "bad-path",
     .title = "a path that can't be one",
     .why = "Paths of the site stand in patterns and sections of httpd's, where other characters "
            "would mean something else; one with a slash at its end matches less than it seems to.",
     .mend = "A slash, then letters, digits, - . _ ~ and single slashes, none at the end: "
             "/openspecimen. Pages may be off."},
    {.code = OSG_BAD_FILE,
     .name = "bad-file",
     .title = "the name of a file that httpd can't be given",
     .why = "httpd would take | at the beginning for a program to run, and ${ for a variable.",
     .mend = "A path from the root, or from httpd's ServerRoot, which is no directory. A "
             "program's has no blanks, since it gets no arguments."},
    {.code = OSG_BAD_URL,
     .name = "bad-url",
     .title = "a URL that no instance can have",
     .why = "A member of a balancer is a scheme, a host, a port and a path. httpd would take "
            "anything else for part of the path, or for a parameter.",
     .mend = "ajp://os1.example.org:8009, or http:// or https://, in small letters; IPv6 in "
             "brackets, and the whole in quotes then. A peer_url is http:// or https://."},
    {.code = OSG_BAD_LISTEN,
     .name = "bad-listen",
     .title = "an address to listen on that isn't one",
     .why = "httpd listens on addresses of this host, not on names.",
     .mend = "A port, or an address and a port: 80, \"*:80\", 192.0.2.1:80 or "
             "\"[2001:db8::1]:80\". What begins with * or [ wants quotes."},
    {.code = OSG_BAD_ADDRESS,
     .name = "bad-address",
     .title = "an address, network or name that isn't one",
     .why = "It says who may come in; a rule that is read in another way than it was meant lets "
            "in strangers, or nobody.",
     .mend = "192.0.2.7, 192.0.2.0/24, 2001:db8::/32, a host name or all. A network's address has "
             "no bits behind its length."},
    {.code = OSG_BAD_SETTING,
     .name = "bad-setting",
     .title = "a setting of the checks or of failover that isn't accepted",
     .why = "mod_os_balancer reads it by the same table and would refuse it when httpd starts.",
     .mend = "The message says what is accepted. Durations have a unit: 500ms, 2s or 1m."},
    {.code = OSG_BAD_COOKIE,
     .name = "bad-cookie",
     .title = "a sticky cookie that can't have this name",
     .why = "JSESSIONID and osAuthToken are Tomcat's and OpenSpecimen's own, and a name with "
            "other characters would end in the middle of the header.",
     .mend = "on takes the usual name, off makes no cookie; a name of your own is letters, digits, "
             "- _ and dots."},
    {.code = OSG_BAD_SECRET,
     .name = "bad-secret",
     .title = "a secret that httpd and Tomcat wouldn't read alike",
     .why = "Tomcat reads the secret that comes over AJP and that in its own configuration in two "
            "encodings, and httpd takes 63 bytes at most.",
     .mend = "1 to 63 printable ASCII characters, without ${ unless all of it is ${NAME}, a "
             "variable; in a file, as its only line. openssl rand -hex 24 makes a good one."},
    {.code = OSG_UNREADABLE_SECRET,
     .name = "unreadable-secret",
     .title = "a secret_file that can't be read",
     .why = "Without the secret the instances answer 403 to everything.",
     .mend = "Look at the name, which is relative to the file in which it stands, and at who may "
             "read it: the secret is read by who runs osgen, not by httpd."},
    {.code = OSG_BAD_RAW,
     .name = "bad-raw",
     .title = "raw lines that don't stay in their place",
     .why = "raw goes into the virtual host word for word. A section that isn't closed, or closed "
            "without being opened, would change what the lines around it mean, and httpd refuses "
            "there what is for the whole server.",
     .mend = "Close in raw what is opened there, and end no last line with a backslash. What is "
             "for the whole server goes into a file of httpd's own."},
    {.code = OSG_BAD_SILENCE,
     .name = "bad-silence",
     .title = "a name in silence that is no warning's",
     .why = "What was to be silenced isn't, and what is an error can't be: nothing is rendered "
            "from a topology with errors.",
     .mend = "Warnings have their name behind their code in brackets; osgen explain lists them "
             "all."},
    {.code = OSG_NOT_A_SWITCH,
     .name = "not-a-switch",
     .title = "something else than on or off",
     .why = "It can't be told which of the two is meant.",
     .mend =
         "Write on or off. yes and true mean on, no and false mean off, with quotes or without, "
         "in any case of letters; 1, 0, y and n mean nothing."},
    {.code = OSG_BARE_SWITCH,
     .name = "bare-switch",
     .title = "on or off without quotes, where a name or a file is to stand",
     .why =
         "Most likely something was to be switched that is no switch; as a name, other readers of "
         "YAML would take it for true or false.",
     .mend = "Leave the key out, which means its default. If it is a name, put it in quotes."},
    {.code = OSG_NO_VARIABLE,
     .name = "no-variable",
     .title = "a secret in a variable that the environment hasn't",
     .why = "secret: \"${NAME}\" is the value that the environment of osgen has by this name. "
            "Without the secret the instances answer 403 to everything.",
     .mend = "Set the variable for every osgen that reads this topology, and for one behind sudo "
             "too, which passes on what it is told to; or write the secret to a secret_file."},
};

const struct osg_code_group osg_value_codes = {
    .title = "Values", .severity = OSG_ERROR, .rows = rows, .count = sizeof rows / sizeof *rows};
