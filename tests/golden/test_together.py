# SPDX-License-Identifier: Apache-2.0
"""osgen check of several topologies, byte for byte. A case is a directory of together/: topologies,
of which one says in its first line what it is for, and told.err, what is told of them. They are named
production first, then by the alphabet. GOLDEN_WRITE=1 writes that instead of comparing."""

import json
import re
import subprocess

import pytest

from test_golden import HERE, OSGEN, PURPOSE, WRITE, name_of

CASES = sorted((HERE / "together").iterdir())


def topologies(case):
    return sorted((path.name for path in case.glob("*.yaml")),
                  key=lambda name: (name != "production.yaml", name))


def check(case, *args):
    return subprocess.run([OSGEN, "check", *args, *topologies(case)], cwd=case, text=True,
                          capture_output=True, timeout=60)


def test_there_are_cases():
    assert len(CASES) >= 9


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_what_contradicts_each_other_is_told(case):
    assert any(PURPOSE.match(path.read_bytes()) for path in case.glob("*.yaml"))
    run = check(case)
    if WRITE:
        (case / "told.err").write_text(run.stderr)
    assert run.stderr == (case / "told.err").read_text()
    assert run.stdout == ""
    errors = re.search(r"^\d+ errors?", run.stderr, re.M)
    warnings = re.search(r"^\d+ warnings?", run.stderr, re.M)
    assert run.returncode == (3 if errors else 1 if warnings else 0)


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_programs_are_told_the_same_in_one_array(case):
    run = check(case, "--json")
    found = json.loads(run.stdout)
    shown = re.findall(r"^(\S+?\.yaml):(\d+):(\d+): .*\[(OSG\d{4}) ", (case / "told.err").read_text(),
                       re.M)
    assert [(one["file"], str(one["line"]), str(one["column"]), one["code"])
            for one in found] == shown
    assert (run.stderr, run.returncode) == ("", check(case).returncode)


def test_each_is_judged_as_it_is_alone():
    case = HERE / "together/02-same-site"
    alone = [subprocess.run([OSGEN, "check", name], cwd=case, text=True, capture_output=True,
                            timeout=60) for name in topologies(case)]
    assert [run.returncode for run in alone] == [0, 0, 0]


def test_a_warning_is_silenced_for_all():
    run = check(HERE / "together/05-shared-log", "--silence", "shared-log")
    assert run.returncode == 0
    assert run.stderr.splitlines()[-1] == \
        "osgen: test.yaml has no problems beside 2 silenced warnings"
