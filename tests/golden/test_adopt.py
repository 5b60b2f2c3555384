# SPDX-License-Identifier: Apache-2.0
"""What osgen adopt makes of configurations that somebody wrote by hand, byte for byte, and that what
osgen renders is adopted without a loss. adopt/NNN-topic.conf says in its first line what it is for, and
may name arguments in its second; beside it is what is written to standard output (.yaml) and to
standard error (.err). GOLDEN_WRITE=1 writes what is expected instead of comparing."""

import os
import pathlib
import re
import stat
import subprocess

import pytest

import configtest
from test_golden import BUILD, HERE, ROOT, expected, name_of, osgen
from test_random import SEED, Dice, render

CASES = sorted((HERE / "adopt").glob("[0-9]*.conf"))
GOOD = [case for case in CASES if case.with_suffix(".yaml").exists()]
RENDERINGS = sorted([*HERE.glob("[0-9]*.conf"),
                     *(path.with_suffix(".conf") for path in (ROOT / "conf").glob("*.yaml"))])
SITE = HERE / "adopt" / "001-instructions.conf"
SECRETS = HERE / "adopt" / "023-secrets.conf"
TOPOLOGIES = 250
# What stays word for word wants modules or files that aren't here, or httpd knows it not.
RAW_WANTS_MORE = {"005-rhel", "006-debian", "017-windows-lines", "021-location", "024-by-hand",
                  "026-satisfy", "036-redirect-elsewhere"}


def arguments(case):
    lines = case.read_bytes().splitlines()
    given = re.match(rb"# Arguments: (.+)", lines[1]) if len(lines) > 1 else None
    return given[1].decode().split() if given else []


def adopt(case, directory):
    (directory / "site.conf").write_bytes(case.read_bytes())
    return osgen(["adopt", *arguments(case), "site.conf"], directory)


def test_there_are_many_cases():
    assert len(CASES) >= 30 and len(RENDERINGS) >= 60


def test_no_expectation_is_left_over():
    wanted = {path.stem for path in CASES}
    assert [path.name for path in (HERE / "adopt").iterdir()
            if path.stem not in wanted or path.suffix not in (".yaml", ".conf", ".err")] == []


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_a_case_says_its_purpose(case):
    assert re.match(rb"#.* Purpose: |# Purpose: \w.{10,}", case.read_bytes().splitlines()[0])


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_a_configuration_is_adopted_as_expected(case, tmp_path):
    run = adopt(case, tmp_path)
    error, yaml = expected(case, ".err", run.stderr), expected(case, ".yaml", run.stdout)
    assert run.stderr.decode() == error.decode()
    assert run.stdout.decode() == yaml.decode()
    assert run.returncode == (3 if not yaml else 1 if b"warning" in error else 0)


@pytest.mark.parametrize("case", GOOD, ids=name_of)
def test_httpd_takes_what_an_adopted_site_renders_to(case, tmp_path):
    yaml = case.with_suffix(".yaml").read_text()
    (tmp_path / "topology.yaml").write_text(
        yaml.split("raw: |")[0] if case.stem in RAW_WANTS_MORE else yaml)
    run = osgen(["render", "-o", "site.conf", "topology.yaml"], tmp_path)
    assert run.returncode == 0, run.stderr
    run = configtest.run(tmp_path, tmp_path / "site.conf", BUILD / "mod_os_balancer.so")
    assert run.stderr.splitlines()[-1:] == ["Syntax OK"], run.stderr


def adopt_and_render(directory, text):
    (directory / "site.conf").write_text(text)
    run = osgen(["adopt", "site.conf"], directory)
    assert (run.returncode, run.stderr.replace(b"osgen: note:", b"")) == (0, b""), run.stderr
    (directory / "adopted.yaml").write_bytes(run.stdout)
    return osgen(["render", "adopted.yaml"], directory).stdout.decode()


def without_name(text):
    """The first line of a rendering names its topology."""
    first, rest = text.split("\n", 1)
    assert first.startswith("# Written by osgen ")
    return rest


def test_the_readme_shows_what_is_so(tmp_path):
    text = (ROOT / "README.md").read_text().split("### From a virtual host of your own")[1]
    blocks = dict(re.findall(r"^```(\w*)\n(.*?)^```$", text, re.M | re.S)[:3])
    command, shown = blocks[""].split("\n", 1)
    (tmp_path / "vhost.conf").write_text(blocks["apache"])
    run = osgen(command.split()[2:], tmp_path)
    assert (run.returncode, run.stderr.decode()) == (1, shown)
    written = (tmp_path / "topology.yaml").read_text()
    assert re.sub(r"^#.*\n", "", written, flags=re.M) == blocks["yaml"]


@pytest.mark.parametrize("conf", RENDERINGS, ids=name_of)
def test_a_rendering_is_adopted_and_renders_to_the_same(conf, tmp_path):
    text = conf.read_text()
    assert without_name(adopt_and_render(tmp_path, text)) == without_name(text)


def test_a_random_rendering_is_adopted_and_renders_to_the_same(tmp_path):
    dice, tried = Dice(SEED), 0
    for number in range(TOPOLOGIES):
        run = render(tmp_path, dice.topology(number))
        if run.returncode == 0:
            tried += 1
            assert without_name(adopt_and_render(tmp_path, run.stdout)) == \
                without_name(run.stdout), f"RANDOM_SEED={SEED}"
    assert tried > TOPOLOGIES / 4, f"only {tried}, RANDOM_SEED={SEED}"


@pytest.mark.parametrize("case", GOOD, ids=name_of)
def test_once_adopted_nothing_changes_any_more(case, tmp_path):
    (tmp_path / "topology.yaml").write_bytes(case.with_suffix(".yaml").read_bytes())
    rendered = osgen(["render", "topology.yaml"], tmp_path).stdout.decode()
    assert without_name(adopt_and_render(tmp_path, rendered)) == without_name(rendered)


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def test_secrets_get_files_of_their_own(tmp_path):
    (tmp_path / "new").mkdir()
    run = osgen(["adopt", "-o", "new/topology.yaml", "--secret-file", "ajp.secret", SECRETS],
                tmp_path)
    assert run.returncode == 1
    assert run.stderr.decode().splitlines()[-3:] == [
        "osgen: new/ajp.secret is written", "osgen: new/ajp.secret.2 is written",
        "osgen: new/topology.yaml is written; next come osgen check and osgen render"]
    written = {path.name: path for path in (tmp_path / "new").iterdir()}
    assert {name: mode(path) for name, path in written.items()} == \
        {"ajp.secret": 0o600, "ajp.secret.2": 0o600, "topology.yaml": 0o644}
    assert written["ajp.secret"].read_text() == "first-one\n"
    assert written["ajp.secret.2"].read_text() == 'the "other" one\n'
    assert "first-one" not in written["topology.yaml"].read_text()
    plain = osgen(["adopt", "-o", "plain.yaml", SECRETS], tmp_path)
    assert (plain.returncode, mode(tmp_path / "plain.yaml")) == (1, 0o640)
    assert without_name(osgen(["render", "new/topology.yaml"], tmp_path).stdout.decode()) == \
        without_name(osgen(["render", "plain.yaml"], tmp_path).stdout.decode())


@pytest.mark.parametrize("kept", ["topology.yaml", "ajp.secret"])
def test_a_file_that_exists_is_left_as_it_is(tmp_path, kept):
    (tmp_path / kept).write_text("a day's work\n")
    run = osgen(["adopt", "-o", "topology.yaml", "--secret-file", "ajp.secret", SECRETS], tmp_path)
    assert run.returncode == 3
    assert f"osgen: {kept} exists, with other text, and is not written over\n" in run.stderr.decode()
    assert (tmp_path / kept).read_text() == "a day's work\n"


def test_the_same_again_changes_nothing(tmp_path):
    assert osgen(["adopt", "-o", "topology.yaml", SITE], tmp_path).returncode == 1
    before = (tmp_path / "topology.yaml").stat()
    run = osgen(["adopt", "-o", "topology.yaml", SITE], tmp_path)
    assert run.stderr.decode().splitlines()[-1] == "osgen: topology.yaml is unchanged"
    assert (tmp_path / "topology.yaml").stat().st_mtime_ns == before.st_mtime_ns


def test_standard_input_is_read_too(tmp_path):
    run = subprocess.run([BUILD / "osgen", "adopt", "-"], input=SITE.read_bytes(), cwd=tmp_path,
                         capture_output=True, timeout=60)
    assert run.stdout == SITE.with_suffix(".yaml").read_bytes()
    assert run.stderr.startswith(b"<stdin>:")


def test_a_file_that_everybody_reads_is_warned_of(tmp_path):
    for case, warned in ((SECRETS, True), (SITE, False)):
        with open(tmp_path / "out.yaml", "wb") as out:
            run = subprocess.run([BUILD / "osgen", "adopt", case], stdout=out, umask=0o022,
                                 stderr=subprocess.PIPE, timeout=60)
        assert (b"everybody can read, and it gets a secret" in run.stderr) == warned


@pytest.mark.parametrize("name, told", [
    ("nothing.conf", "nothing.conf: can't be read: No such file or directory"),
    (".", ".: can't be read: it is a directory"),
])
def test_what_cannot_be_read_is_told(tmp_path, name, told):
    run = osgen(["adopt", name], tmp_path)
    assert (run.returncode, run.stdout) == (3, b"")
    assert run.stderr.decode() == f"{told}\n1 error\n"


@pytest.mark.parametrize("lines, code, told", [
    ("ServerAlias " + " ".join(f"os{i}" for i in range(257)), 1,
     "there are more than 256 aliases: not all of this line's are carried over"),
    (100000 * "# nothing\n", 3,
     "the file has more than 100000 directives and comments, and is read no further"),
], ids=["aliases", "lines"])
def test_what_is_too_much_is_told(tmp_path, lines, code, told):
    (tmp_path / "site.conf").write_text(
        f"ServerName os.example.org\n{lines}\nProxyPass /openspecimen ajp://10.0.1.1\n")
    run = osgen(["adopt", "site.conf"], tmp_path)
    assert run.returncode == code
    assert told in run.stderr.decode()


def test_a_large_file_is_adopted_quickly(tmp_path):
    members = "\n".join(f"BalancerMember ajp://10.1.{i // 250}.{i % 250}:8009/openspecimen route=r{i}"
                        for i in range(10000))
    (tmp_path / "large.conf").write_text(
        f"ServerName os.example.org\n<Proxy balancer://os>\n{members}\n</Proxy>\n"
        "ProxyPass /openspecimen balancer://os\n")
    run = osgen(["adopt", "large.conf"], tmp_path)
    assert run.returncode == 0, run.stderr
    assert run.stdout.count(b"url: ajp://") == 10000
