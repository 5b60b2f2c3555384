# SPDX-License-Identifier: Apache-2.0
"""osgen diff. A case is a directory of diff/: new.yaml, which says in its first line what it is for;
what is in place, old.yaml to be rendered, old.conf as it stands, or nothing; and what is told of the
two. GOLDEN_WRITE=1 writes that instead of comparing."""

import os
import pathlib
import random
import re
import shutil
import subprocess

import pytest

from harness.terminal import COLOUR, Terminal

ROOT = pathlib.Path(__file__).parents[2]
OSGEN = ROOT / os.environ.get("BUILD", "build") / "osgen"
CASES = sorted(path for path in (pathlib.Path(__file__).parent / "diff").iterdir())
SITE = "site: os.example.org\ninstances: [ajp://127.0.0.1]\n"
SECRETS = ("hush", "hosh", "let me in", "Basic abc", "with \\", "abc", "def ", "=old")


def osgen(*args, cwd):
    return subprocess.run([OSGEN, *args], cwd=cwd, capture_output=True, timeout=60,
                          stdin=subprocess.DEVNULL)


def render(topology, name, cwd):
    shutil.copy(topology, cwd / "topology.yaml")
    done = osgen("render", "-o", name, "topology.yaml", cwd=cwd)
    assert done.returncode == 0, done.stderr


@pytest.fixture
def difference(tmp_path):
    """Puts what is in place into a directory, and tells the difference."""
    def tell(case):
        if (case / "old.yaml").exists():
            render(case / "old.yaml", "site.conf", tmp_path)
        elif (case / "old.conf").exists():
            shutil.copy(case / "old.conf", tmp_path / "site.conf")
        shutil.copy(case / "new.yaml", tmp_path / "topology.yaml")
        before = {path: path.read_bytes() for path in tmp_path.iterdir()}
        run = osgen("diff", "-o", "site.conf", "topology.yaml", cwd=tmp_path)
        assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before
        return run
    return tell


def test_there_are_cases():
    assert len(CASES) >= 15
    for case in CASES:
        assert re.match(r"# Purpose: \w.{15,}", (case / "new.yaml").read_text()), case.name


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.name)
def test_a_difference_is_told_as_expected(case, difference):
    run = difference(case)
    told = run.stdout.decode()
    if os.environ.get("GOLDEN_WRITE") == "1":
        (case / "told").write_text(told)
    assert told == (case / "told").read_text()
    assert run.returncode == (1 if told else 0)
    for secret in SECRETS:
        assert secret not in told and secret not in run.stderr.decode()


def test_a_terminal_has_colours(tmp_path):
    """Lines that go are red and lines that come green; NO_COLOR and a dumb terminal have none."""
    (tmp_path / "t.yaml").write_text(SITE)
    (tmp_path / "site.conf").write_text("ServerName a\n# the end")
    argv = [OSGEN, "diff", "-o", tmp_path / "site.conf", tmp_path / "t.yaml"]
    plain = osgen(*argv[1:], cwd=tmp_path).stdout.decode()
    shown = Terminal(argv, 50, 200)
    assert shown.code == 1
    assert COLOUR.sub("", shown.bytes) == plain
    assert "\x1b[31m-ServerName a\x1b[0m\n" in shown.bytes
    assert "\x1b[31m-# the end\x1b[0m\n\\ No newline at end of file\n" in shown.bytes
    assert "\x1b[32m+    ServerName os.example.org\x1b[0m\n" in shown.bytes
    assert "\n--- " in shown.bytes and "\n+++ " in shown.bytes
    for env in {"NO_COLOR": "1"}, {"TERM": "dumb"}:
        assert Terminal(argv, 50, 200, env=env).bytes == plain


def test_the_readme_shows_what_is_told():
    words = [line for line in (CASES[0] / "told").read_text().splitlines() if line.startswith("# ")]
    assert "\n".join(["```", *words, "--- "]) in (ROOT / "README.md").read_text()


def test_a_file_that_cannot_be_read_is_told(tmp_path):
    (tmp_path / "t.yaml").write_text(SITE)
    (tmp_path / "directory").mkdir()
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "loop").symlink_to("loop")
    with open(tmp_path / "large", "wb") as file:
        file.truncate(33554433)
    for name, why in [("directory", "can't be read: it is a directory"),
                      ("pipe", "can't be read: it is not a regular file"),
                      ("loop", "can't be read: Too many levels of symbolic links"),
                      ("large", "is larger than 33554432 bytes")]:
        run = osgen("diff", "-o", name, "t.yaml", cwd=tmp_path)
        assert (run.returncode, run.stdout) == (3, b"")
        assert run.stderr.decode() == f"osgen: {name} {why}\n"


@pytest.mark.parametrize("held", [
    "<?xml version='1.0'?>\n<svg xmlns='http://www.w3.org/2000/svg'/>\n", "<svg width='3'/>",
    "<!-- a -->\n<VirtualHost *:80>\n", "\n# A topology\n" + SITE, "#!/bin/sh\nset -e\n",
    "Dear all,\nos3 comes\n", "remember\nthe milk\n", "{\"site\": 1}", "ServerName a\0b\n",
    "-----BEGIN CERTIFICATE-----\n", "\x7fELF"])
def test_a_file_that_is_no_configuration_is_told(tmp_path, held):
    (tmp_path / "t.yaml").write_text(SITE)
    (tmp_path / "prod.svg").write_text(held)
    run = osgen("diff", "-o", "prod.svg", "t.yaml", cwd=tmp_path)
    assert (run.returncode, run.stdout) == (3, b"")
    assert run.stderr == b"osgen: prod.svg is no configuration of httpd's\n"
    for command in "apply", "try":
        run = osgen(command, "--dry-run", "--control", shutil.which("true"), "-o", "prod.svg",
                    "t.yaml", cwd=tmp_path)
        assert (run.returncode, run.stdout) == (3, b"")
        assert run.stderr == b"osgen: prod.svg is no configuration of httpd's\n"
    assert (tmp_path / "prod.svg").read_text() == held


@pytest.mark.parametrize("held", [
    "", "# Nothing yet\n\n", "servername a\n", "\tProxyPass / ajp://a/\n", "</Location>\n",
    "Frobnicate on\n<IfModule a>\n</IfModule>\n", "OSBalancerHealth On"])
def test_a_file_that_may_be_a_configuration_is_compared(tmp_path, held):
    (tmp_path / "t.yaml").write_text(SITE)
    (tmp_path / "site.conf").write_text(held)
    assert osgen("diff", "-o", "site.conf", "t.yaml", cwd=tmp_path).returncode == 1


def apply(diff, old):
    """The lines that the unified DIFF makes of OLD; fails if it isn't about them."""
    new, at = [], 0
    lines = [line for line in diff.split("\n")[:-1] if not line.startswith("# ")]
    assert lines[0].startswith("--- ") and lines[1].startswith("+++ ")
    for line in lines[2:]:
        if line.startswith("@@"):
            begin, count = re.match(r"@@ -(\d+)(?:,(\d+))? ", line).groups()
            begin = int(begin) - (count != "0")
            new += old[at:begin]
            at = begin
        elif line[0] == "+":
            new.append(line[1:])
        else:
            assert old[at] == line[1:], line
            new += [] if line[0] == "-" else [old[at]]
            at += 1
    return new + old[at:]


def longest_common(one, other):
    """The length of the longest common subsequence."""
    row = [0] * (len(other) + 1)
    for line in one:
        before = row
        row = [0]
        for i, another in enumerate(other):
            row.append(before[i] + 1 if line == another else max(before[i + 1], row[i]))
    return row[-1]


def scramble(lines, rng):
    """Some of LINES go, some come twice, some are new, some change places."""
    lines = list(lines)
    for _ in range(rng.choice((1, 2, 5, 30))):
        at = rng.randrange(len(lines) + 1)
        lines[at:at + rng.choice((0, 0, 1, 1, 4, 20))] = \
            [rng.choice([*lines, "", "    # new", "x"] or [""])] * rng.choice((0, 1, 1, 3))
        lines = lines or [""]
    return lines


def test_a_difference_is_right_and_no_longer_than_it_must_be(tmp_path):
    rng = random.Random(5)
    (tmp_path / "t.yaml").write_text(SITE)
    new = osgen("render", "t.yaml", cwd=tmp_path).stdout.decode().splitlines()
    for number in range(150):
        old = scramble(new, rng)
        old = old if old == new else ["Listen 80", *old]  # some line of httpd's must be there
        (tmp_path / "site.conf").write_text("\n".join(old) + "\n")
        told = osgen("diff", "-o", "site.conf", "t.yaml", cwd=tmp_path).stdout.decode()
        if old == new:
            assert told == ""
            continue
        assert apply(told, old) == new, number
        changed = len(re.findall(r"^(?:\+(?!\+\+ )|-(?!-- ))", told, re.M))
        assert changed == len(old) + len(new) - 2 * longest_common(old, new), number


def test_ten_thousand_instances_are_compared_quickly(tmp_path):
    """All of them change, further than the shortest way is looked for."""
    for name, weight in (("old", 2), ("new", 3)):
        lines = [f"  - {{name: n{i}, url: 'ajp://10.1.{i // 250}.{i % 250}', weight: {weight}}}"
                 for i in range(10000)]
        (tmp_path / f"{name}.yaml").write_text("\n".join(["site: os.example.org", "instances:",
                                                          *lines, ""]))
    render(tmp_path / "old.yaml", "site.conf", tmp_path)
    run = osgen("diff", "-o", "site.conf", "new.yaml", cwd=tmp_path)
    told = run.stdout.decode()
    assert run.returncode == 1
    assert "# n0, n1, n2, n3 and 9996 others: weight 2 -> 3; their health states are kept\n" in told
    new = osgen("render", "new.yaml", cwd=tmp_path).stdout.decode().splitlines()
    assert apply(told, (tmp_path / "site.conf").read_text().splitlines()) == new
