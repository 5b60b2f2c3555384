# SPDX-License-Identifier: Apache-2.0
"""What osgen init writes, byte for byte, and that the language, the emitter and httpd take it.
GOLDEN_WRITE=1 writes what is expected."""

import os
import pathlib
import re
import stat
import subprocess

import pytest

import configtest

HERE = pathlib.Path(__file__).parent
BUILD = HERE.parents[1] / os.environ.get("BUILD", "build")

# By the name of the file in init/: what is asked for.
CASES = {
    "hosts": ["os1.example.org", "os2.example.org"],
    "addresses": ["10.0.1.1", "2001:db8::1", "[2001:db8::2]"],
    "urls": ["os1.example.org", "http://os2.example.org:8080/specimens/", "https://[::1]"],
    "http-only": ["http://os1.example.org:8080", "http://os2.example.org:8080"],
    "names-alike": ["os.east.example.org", "os.west.example.org"],
    "told": ["--site", "test.openspecimen.org", "--secret-file", "ajp.secret", "lion", "tiger"],
    "odd-texts": ["--secret-file", "it's one: #1", "null"],
}
WRITTEN = "osgen: topology.yaml is written; next come osgen check and osgen render\n"
NO_SITE = ("osgen: note: the site is called openspecimen.example.org until you write its name, or "
           "give it with --site\n")


# What init can't know: whether there is a certificate, and another instance.
CHECK = ["check", "--silence", "plain-http", "--silence", "one-member", "--silence",
         "unverified-https", "--silence", "plain-member", "topology.yaml"]
NO_PROBLEMS = re.compile(r"osgen: topology.yaml has no problems beside [1-3] silenced warnings?\n")


@pytest.fixture
def osgen(tmp_path):
    """Runs in a directory with the secrets that CASES name."""
    for name in ("ajp.secret", "it's one: #1"):
        (tmp_path / name).write_text("a-long-random-word\n")
        (tmp_path / name).chmod(0o600)

    def run(*args, **options):
        return subprocess.run([BUILD / "osgen", *args], cwd=tmp_path, text=True,
                              capture_output=True, timeout=60, **options)
    return run


def test_no_expectation_is_left_over():
    assert {path.stem for path in (HERE / "init").iterdir()} == set(CASES)


@pytest.mark.parametrize("case", CASES)
def test_a_topology_is_written_as_expected(osgen, case):
    run = osgen("init", *CASES[case])
    expected = HERE / "init" / f"{case}.yaml"
    if os.environ.get("GOLDEN_WRITE") == "1":
        expected.write_text(run.stdout)
    assert run.returncode == 0, run.stderr
    assert run.stdout == expected.read_text()
    assert run.stderr == ("" if "--site" in CASES[case] else NO_SITE)


@pytest.mark.parametrize("case", CASES)
def test_what_is_written_can_be_checked_and_rendered(osgen, case, tmp_path):
    """A host without a secret is the one thing that is warned about."""
    assert osgen("init", "-o", "topology.yaml", *CASES[case]).returncode == 0
    check = osgen(*CHECK)
    if "--secret-file" in CASES[case] or case == "http-only":
        assert check.returncode == 0
        assert NO_PROBLEMS.fullmatch(check.stderr)
    else:
        assert check.returncode == 1
        assert re.findall("warning: (.*)", check.stderr) == \
            re.findall("warning: (.* no AJP secret: .*)", check.stderr)
    assert osgen("render", "-o", "site.conf", "topology.yaml").returncode == 0
    run = configtest.run(tmp_path, tmp_path / "site.conf", BUILD / "mod_os_balancer.so")
    assert run.stderr == "Syntax OK\n", run.stderr


def test_what_stands_in_comments_can_be_put_to_use(osgen, tmp_path):
    text = osgen("init", *CASES["hosts"]).stdout
    used, count = re.subn(r"^( *)# (\w+: \S.*)$", r"\1\2", text, flags=re.M)
    assert count >= 5
    (tmp_path / "topology.yaml").write_text(used)
    check = osgen(*CHECK)
    assert check.returncode == 0
    assert NO_PROBLEMS.fullmatch(check.stderr)


def test_the_readme_shows_a_part_of_what_is_written(osgen):
    chapter = (HERE.parents[1] / "README.md").read_text().split("### A first topology")[1].split("\n### ")[0]
    part = re.search(r"^```yaml\n(balance:.*?)^```$", chapter, re.M | re.S).group(1)
    assert part in osgen("init", "os1", "os2").stdout


def test_a_new_file_holds_what_standard_output_would(osgen, tmp_path):
    run = osgen("init", "-o", "topology.yaml", "os1", umask=0o022)
    assert (run.returncode, run.stdout, run.stderr) == (0, "", WRITTEN + NO_SITE)
    assert (tmp_path / "topology.yaml").read_text() == osgen("init", "os1").stdout
    assert osgen("init", "-o", "-", "os1").stdout == osgen("init", "os1").stdout
    assert stat.S_IMODE((tmp_path / "topology.yaml").stat().st_mode) == 0o644
    assert not [name for name in os.listdir(tmp_path) if name.startswith(".")]


def test_a_file_that_exists_is_left_as_it_is(osgen, tmp_path):
    path = tmp_path / "topology.yaml"
    path.write_text("# a day's work\n")
    before = path.stat()
    run = osgen("init", "-o", "topology.yaml", "os1")
    assert run.returncode == 3
    assert run.stderr == \
        "osgen: topology.yaml exists, with other text, and is not written over\n"
    after = path.stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)
    assert path.read_text() == "# a day's work\n"
    assert not [name for name in os.listdir(tmp_path) if name.startswith(".")]


def test_the_same_text_again_changes_nothing(osgen, tmp_path):
    osgen("init", "-o", "topology.yaml", "os1")
    before = (tmp_path / "topology.yaml").stat()
    run = osgen("init", "-o", "topology.yaml", "os1")
    assert (run.returncode, run.stderr) == (0, "osgen: topology.yaml is unchanged\n" + NO_SITE)
    assert (tmp_path / "topology.yaml").stat().st_mtime_ns == before.st_mtime_ns


@pytest.mark.parametrize("path, told", [
    ("nowhere/topology.yaml", "nowhere/topology.yaml can't be written: No such file or directory"),
    (".", ". is a directory"),
])
def test_what_cannot_be_written_is_told(osgen, path, told):
    run = osgen("init", "-o", path, "os1")
    assert (run.returncode, run.stdout, run.stderr) == (3, "", f"osgen: {told}\n")


def test_a_secret_that_cannot_be_read_is_told(osgen, tmp_path):
    run = osgen("init", "--secret-file", "nothing", "-o", "topology.yaml", "os1")
    assert run.returncode == 3
    assert run.stderr == ('--secret-file: the secret can\'t be read from "nothing": No such file or '
                          "directory [OSG0314 unreadable-secret]\n1 error\n")
    assert not (tmp_path / "topology.yaml").exists()


def test_a_relative_secret_is_beside_the_topology(osgen, tmp_path):
    (tmp_path / "sub").mkdir()
    (tmp_path / "ajp.secret").rename(tmp_path / "sub/ajp.secret")
    run = osgen("init", "--secret-file", "ajp.secret", "-o", "sub/topology.yaml", "os1")
    assert run.returncode == 0, run.stderr
    assert osgen(*CHECK[:-1], "sub/topology.yaml").returncode == 0


def test_all_bad_hosts_are_told_in_one_run(osgen):
    run = osgen("init", "os1:8009", "os2", "10.0.0.300", "os2", "os1:8009")
    assert (run.returncode, run.stdout) == (2, "")
    port = ('osgen: "os1:8009" has a port: with one it is to be a whole URL, such as '
            "ajp://os1:8009\n")
    assert run.stderr == (
        port + 'osgen: "10.0.0.300" is not an IPv4 address: four numbers from 0 to 255, with dots '
        "between them; and no host name ends in a number\nosgen: os2 is named twice\n" + port)


def test_hosts_that_the_language_refuses_are_told_with_their_place(osgen):
    run = osgen("init", "http://os1:80/x", "http://os1:80/x/y")
    assert (run.returncode, run.stdout) == (3, "")
    assert re.match(r"<stdout>:\d+:\d+: this URL begins with that of line \d+", run.stderr)
