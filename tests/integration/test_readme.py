# SPDX-License-Identifier: Apache-2.0
"""The README's tables and the directive reference against the tables in the source: what a reader
is told is what is so."""

import os
import re

from harness.httpd import ROOT


def read(*path):
    with open(os.path.join(ROOT, *path), encoding="utf-8") as file:
        return file.read()


def spell(ms):
    """As osb_format_duration does."""
    if ms == 0:
        return "0ms"
    for unit, length in (("m", 60000), ("s", 1000), ("ms", 1)):
        if ms % length == 0:
            return f"{ms // length}{unit}"
    raise AssertionError(ms)


def settings():
    """key -> (type, least, most, default, meaning), from the table in core."""
    keys = dict(re.findall(r'#define (OSB_KEY_\w+)\s+"(\w+)"', read("mod_os_balancer", "core",
                                                                    "vocabulary.h")))
    rows = re.findall(r"\{\.key = (\w+),(.*?)\}", read("mod_os_balancer", "core", "settings.c"),
                      re.S)
    found = {}
    for key, row in rows:
        fields = dict(re.findall(r"\.(\w+) = (\w+)", row))
        meaning = "".join(re.findall(r'"([^"]*)"', row.split(".meaning =")[1]))
        found[keys[key]] = (fields, meaning)
    return found


SPELLINGS = {"OSB_SETTING_DURATION": spell, "OSB_SETTING_NUMBER": str,
             "OSB_SETTING_PERCENT": "{}%".format}
TEXTS = {"OSB_SETTING_PATHS": "paths", "OSB_SETTING_CONTEXT": "a path", "OSB_SETTING_FILE": "a path"}


def test_every_setting_stands_in_the_readme_as_it_is():
    found = settings()
    assert len(found) >= 10
    rows = {cells[0].strip("`"): cells[1:] for cells in
            ([cell.strip() for cell in line.strip("|").split("|")]
             for line in read("README.md").splitlines() if re.match(r"\| `\w+` \| .* \| .* \| ", line))
            if cells[0].strip("`") in found}
    assert set(rows) == set(found)
    for key, (fields, meaning) in found.items():
        limits, preset, words = rows[key]
        assert words == meaning
        if fields["type"] in TEXTS:
            assert (limits, "preset" in fields) == (TEXTS[fields["type"]], False)
            continue
        show = SPELLINGS[fields["type"]]
        assert limits == f"{show(int(fields['min']))} to {show(int(fields['max']))}"
        assert preset == show(int(fields["preset"]))


def test_every_state_stands_in_the_readme():
    states = re.findall(r'\[OSB_STATE_\w+\] = \{"([\w-]+)"', read("mod_os_balancer", "core",
                                                                  "state.c"))
    assert len(states) == 11
    shown = re.findall(r"^\| `([\w-]+)` \| .* \| (?:yes|no|only while no member is `up`) \|$",
                       read("README.md"), re.M)
    assert shown == states


def test_the_directive_reference_has_every_setting_at_its_default_and_httpd_takes_it(httpd):
    reference = read("conf", "reference.conf")
    server = httpd()
    server.configure(reference)
    assert server.configtest() == (0, "Syntax OK\n")
    found = settings()
    assert len(found) >= 8
    for key, (fields, meaning) in found.items():
        assert re.search(rf"^ +# {key}= +{re.escape(meaning.split(';')[0])}$", reference, re.M)
        if "preset" in fields:
            show = SPELLINGS[fields["type"]]
            assert re.search(rf" {key}={show(int(fields['preset']))}\s", reference)


def test_every_family_for_prometheus_stands_in_the_readme():
    source = read("mod_os_balancer", "core", "render_prometheus.c")
    families = re.findall(r'\{\s*"(\w+)",\s*"(?:gauge|counter)"', source)
    assert len(families) >= 20
    table = re.search(r"^\| metric \|.*\n\|.*\n((?:\|.*\n)+)", read("README.md"), re.M).group(1)
    shown = [name for row in table.splitlines() for name in re.findall(r"`(\w+)`", row.split("|")[1])]
    assert sorted(shown) == sorted(families)
