# SPDX-License-Identifier: Apache-2.0
"""Topologies and what osgen makes of them, byte for byte. NNN-topic.yaml says in its first line
what it is for; beside it is what is written to standard output (.conf), to standard error (.err),
or both. Every .conf is fed to the real httpd, with just the modules that its header names.

GOLDEN_WRITE=1 writes what is expected instead of comparing: read the difference before you keep it.
"""

import functools
import os
import pathlib
import re
import shutil
import subprocess

import pytest

import configtest

HERE = pathlib.Path(__file__).parent
ROOT = HERE.parents[1]
BUILD = ROOT / os.environ.get("BUILD", "build")
OSGEN = BUILD / "osgen"
WRITE = os.environ.get("GOLDEN_WRITE") == "1"
CASES = sorted(HERE.glob("[0-9]*.yaml"))
PURPOSE = re.compile(rb"(\xef\xbb\xbf)?# Purpose: \w.{15,}")
# Everything that "osgen render" knows to write.
TARGETS = ("httpd", "tomcat", "node", "cluster", "keepalived", "keepalived-check", "keepalived-httpd",
           "prometheus", "prometheus-alerts", "logrotate")


def name_of(path):
    return getattr(path, "stem", "none")


def test_there_are_many_cases():
    assert len(CASES) >= 40


def test_no_expectation_is_left_over():
    wanted = {path.stem for path in CASES}
    left = [path.name for path in HERE.glob("[0-9]*.*")
            if path.stem not in wanted or path.suffix not in (".yaml", ".conf", ".err")]
    assert left == []


def osgen(args, cwd):
    env = {**os.environ, "NO_COLOR": "1"}
    return subprocess.run([OSGEN, *args], cwd=cwd, env=env, stdin=subprocess.DEVNULL,
                          capture_output=True, timeout=60)


def expected(case, suffix, got):
    path = case.with_suffix(suffix)
    if WRITE and got:
        path.write_bytes(got)
    elif WRITE:
        path.unlink(missing_ok=True)
    return path.read_bytes() if path.exists() else b""


@pytest.fixture
def place(tmp_path):
    """A directory with the files that topologies name, of modes that git doesn't keep."""
    def prepare(case):
        shutil.copy(case, tmp_path / "topology.yaml")
        (tmp_path / "topology.yaml").chmod(0o644 if case.stem.endswith("-open") else 0o600)
        files = shutil.copytree(HERE / "files", tmp_path / "files")
        for path in files.iterdir():
            path.chmod(0o644 if path.name.endswith("-open") else 0o600)
        return tmp_path
    return prepare


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_a_case_says_its_purpose(case):
    assert PURPOSE.match(case.read_bytes().splitlines()[0]), \
        f"{case.name} doesn't begin with '# Purpose: ' and a sentence"


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_a_topology_renders_as_expected(case, place):
    directory = place(case)
    run = osgen(["render", "topology.yaml"], directory)
    error = expected(case, ".err", run.stderr)
    conf = expected(case, ".conf", run.stdout)
    assert conf or error, f"{case.name} has neither a .conf nor an .err"
    assert run.stderr.decode() == error.decode()
    assert run.stdout.decode() == conf.decode()
    assert run.returncode == (0 if conf else 3)


@functools.cache
def lints():
    """The warnings that check alone tells, by name."""
    listed = subprocess.run([OSGEN, "explain"], text=True, capture_output=True, check=True,
                            timeout=60).stdout
    return re.findall(r"^  OSG06\d\d  (\S+)", listed, re.M)


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_check_tells_the_same(case, place):
    """Beside what is only its own: that is in test_check.py."""
    assert len(lints()) >= 5
    silence = [word for name in lints() for word in ("--silence", name)]
    run = osgen(["check", *silence, "topology.yaml"], place(case))
    error, conf = case.with_suffix(".err"), case.with_suffix(".conf").exists()
    told = run.stderr.decode()
    if error.exists():
        assert told == error.read_text()
    else:
        assert re.fullmatch(r"osgen: topology.yaml has no problems( beside \d silenced warnings?)?\n",
                            told), told
    assert run.stdout == b""
    assert run.returncode == (3 if not conf else 1 if error.exists() else 0)


@pytest.mark.parametrize("case", [c for c in CASES if not c.with_suffix(".conf").exists()],
                         ids=name_of)
def test_an_error_leaves_the_old_output_alone(case, place):
    directory = place(case)
    target = directory / "site.conf"
    target.write_text("# as it was\n")
    before = target.stat()
    run = osgen(["render", "-o", "site.conf", "topology.yaml"], directory)
    after = target.stat()
    assert run.returncode == 3
    assert target.read_text() == "# as it was\n"
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)
    assert sorted(path.name for path in directory.iterdir()) == \
        ["files", "site.conf", "topology.yaml"]


@pytest.mark.parametrize("case", [c for c in CASES if c.with_suffix(".conf").exists()], ids=name_of)
def test_httpd_takes_the_rendering(case, tmp_path):
    conf = case.with_suffix(".conf")
    run = configtest.run(tmp_path, conf, BUILD / "mod_os_balancer.so")
    assert run.stderr == "Syntax OK\n", run.stderr
    assert run.returncode == 0
