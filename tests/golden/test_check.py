# SPDX-License-Identifier: Apache-2.0
"""What osgen check tells, byte for byte: check/TOPIC.yaml says in its first line what it is for, and
TOPIC.err beside it is what goes to standard error. GOLDEN_WRITE=1 writes that instead of comparing.

Codes are as stable as a file format: every one is provoked by a case, here or beside, and what is
said of them anywhere is what the table says."""

import collections
import json
import re
import shutil
import subprocess

import pytest

from test_golden import CASES, HERE, OSGEN, PURPOSE, ROOT, WRITE, name_of

TOPOLOGIES = sorted((HERE / "check").glob("*.yaml"))
SHOWN = re.compile(r"^(\S+?\.yaml)(?::(\d+):(\d+))?: (warning: )?(.*) \[(OSG\d{4}) ([\w-]+)\]$", re.M)
README = (ROOT / "README.md").read_text()


@pytest.fixture
def check(tmp_path):
    def run(case, *args):
        shutil.copy(case, tmp_path / "topology.yaml")
        (tmp_path / "topology.yaml").chmod(0o600)
        files = shutil.copytree(HERE / "files", tmp_path / "files", dirs_exist_ok=True)
        for path in files.iterdir():
            path.chmod(0o644 if path.name.endswith("-open") else 0o600)
        return subprocess.run([OSGEN, "check", *args, "topology.yaml"], cwd=tmp_path, text=True,
                              capture_output=True, timeout=60)
    return run


def osgen(*args):
    return subprocess.run([OSGEN, *args], text=True, capture_output=True, timeout=60)


def codes():
    """Code, name and title of each, by what stands above it: errors and warnings."""
    groups = collections.defaultdict(list)
    for line in osgen("explain").stdout.splitlines():
        row = re.fullmatch(r"  (OSG\d{4})  ([a-z0-9-]+) +(\S.*)", line)
        if row:
            groups[title].append(row.groups())
        elif line:
            title = line.rstrip(":")
    return groups


ROWS = [row for rows in codes().values() for row in rows]
WARNINGS = [row for title, rows in codes().items() if title.startswith("Risks") for row in rows]


def test_there_are_topologies():
    assert len(TOPOLOGIES) >= 20
    left = [path.name for path in (HERE / "check").iterdir()
            if path.suffix not in (".yaml", ".err") or path.with_suffix(".yaml") not in TOPOLOGIES]
    assert left == []


@pytest.mark.parametrize("case", TOPOLOGIES, ids=name_of)
def test_check_tells_what_is_expected(case, check):
    assert PURPOSE.match(case.read_bytes().splitlines()[0])
    run = check(case)
    if WRITE:
        case.with_suffix(".err").write_text(run.stderr)
    assert run.stderr == case.with_suffix(".err").read_text()
    assert run.stdout == ""
    assert run.returncode == (0 if "has no problems" in run.stderr else 1)


def test_every_code_is_provoked_by_a_case():
    told = {found[5:] for path in HERE.rglob("*.err") for found in SHOWN.findall(path.read_text())}
    assert [f"{code} {name}" for code, name, _ in ROWS if (code, name) not in told] == []
    assert told <= {row[:2] for row in ROWS}


def test_codes_and_names_are_unique_and_in_order():
    numbers, names = [row[0] for row in ROWS], [row[1] for row in ROWS]
    assert numbers == sorted(set(numbers)) and len(numbers) >= 50
    assert len(set(names)) == len(names)
    assert not any(name.upper().startswith("OSG") for name in names)


def test_every_code_of_the_source_has_its_row():
    declared = re.findall(r"^    OSG_(\w+) = (\d+),$", (ROOT / "osgen/problem/codes.h").read_text(), re.M)
    assert [row[:2] for row in ROWS] == \
        [(f"OSG{int(number):04}", name.lower().replace("_", "-")) for name, number in declared]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[1])
def test_a_code_is_explained_by_its_number_and_its_name(row):
    code, name, title = row
    page = osgen("explain", name)
    assert (page.returncode, page.stderr) == (0, "")
    assert page.stdout == osgen("explain", code.lower()).stdout
    head, *paragraphs = page.stdout.rstrip().split("\n\n")
    kind = "a warning" if row in WARNINGS else "an error"
    assert head == f"{code} {name}, {kind}: {title}"
    assert all(line.startswith("    ") and len(line) <= 78
               for part in paragraphs for line in part.splitlines())
    assert all(re.fullmatch(r".*[.]", part, re.S) for part in paragraphs[:2])
    assert paragraphs[2:] == (["    If it is meant so, in the topology:", f"    silence: [{name}]"]
                              if row in WARNINGS else [])


@pytest.mark.parametrize("name, told", [
    ("one-membr", "there is no problem one-membr; did you mean one-member?"),
    ("OSG9999", "there is no problem OSG9999; osgen explain lists them all"),
    ("", "explain needs a CODE, and an empty one is none")])
def test_what_is_no_code_is_told(name, told):
    run = osgen("explain", name)
    assert (run.returncode, run.stdout) == (2, "")
    assert told in run.stderr


@pytest.mark.parametrize("case", [*CASES, *TOPOLOGIES], ids=name_of)
def test_programs_are_told_the_same(case, check):
    text, run = check(case), check(case, "--json")
    assert (run.stderr, run.returncode) == ("", text.returncode)
    found = json.loads(run.stdout)
    as_text = [(one["file"], str(one["line"] or ""), str(one["column"] or ""),
                "warning: " if one["severity"] == "warning" else "", one["message"], one["code"],
                one["name"]) for one in found]
    shown = SHOWN.findall(text.stderr)
    assert as_text[:200] == shown
    assert len(found) == len(shown) or f"and {len(found) - len(shown)} more\n" in text.stderr
    names = {name for _, name, _ in WARNINGS}
    assert all((one["severity"] == "warning") == (one["name"] in names) for one in found)
    assert all(list(one) == ["code", "name", "severity", "file", "line", "column", "message"]
               for one in found)


def test_programs_are_told_of_a_file_that_is_not_there():
    run = osgen("check", "--json", "/none/topology.yaml")
    assert (run.returncode, run.stderr) == (3, "")
    assert json.loads(run.stdout) == [{
        "code": "OSG0101", "name": "unreadable-file", "severity": "error",
        "file": "/none/topology.yaml", "line": None, "column": None,
        "message": "can't be read: No such file or directory"}]


def test_a_secret_is_not_shown_to_programs_either(check, tmp_path):
    case = tmp_path / "case.yaml"
    case.write_text('site: os\ninstances: [{url: "ajp://10.0.1.1", secret: "hush-hush\\t"}]\n')
    run = check(case, "--json")
    assert [one["name"] for one in json.loads(run.stdout)] == ["bad-secret"]
    assert "hush" not in run.stdout + run.stderr


def test_warnings_are_silenced_on_the_command_line(check):
    case = HERE / "check/plain-http.yaml"
    run = check(case, "--silence", "plain-http")
    assert (run.returncode, run.stderr) == \
        (0, "osgen: topology.yaml has no problems beside 1 silenced warning\n")
    assert check(case, "--silence=one-member").stderr == check(case).stderr
    run = check(HERE / "082-silenced.yaml", "--silence", "plain-http", "--silence", "one-member")
    assert (run.returncode, run.stderr) == \
        (0, "osgen: topology.yaml has no problems beside 4 silenced warnings\n")
    assert json.loads(check(case, "--json", "--silence", "plain-http").stdout) == []


@pytest.mark.parametrize("name, told", [
    ("one-membr", "--silence can't be \"one-membr\"; did you mean one-member?"),
    ("unknown-key", "--silence can't be \"unknown-key\"; --help shows all that it may be"),
    ("OSG0602", "--silence can't be \"OSG0602\"; --help shows all that it may be")])
def test_only_warnings_are_silenced_on_the_command_line(check, name, told):
    run = check(HERE / "check/plain-http.yaml", "--silence", name)
    assert (run.returncode, run.stdout) == (2, "")
    assert told in run.stderr
    page = osgen("check", "--help").stdout
    assert all(f" {name} " in page for _, name, _ in WARNINGS)


def test_the_manual_has_every_code():
    page = osgen("help", "--man", "osgen").stdout.replace("\\-", "-")
    for code, name, title in ROWS:
        assert f".TP\n{code} \\fB{name}\\fR\n{title}\n" in page


def test_the_readme_has_every_code():
    rows = re.findall(r"^\| (OSG\d{4}) \| `([\w-]+)` \| (.*) \|$", README, re.M)
    assert rows == ROWS


def test_what_the_readme_shows_is_what_comes_out(tmp_path):
    chapter = re.search(r"^### What is wrong or risky\n(.*?)^### ", README, re.M | re.S).group(1)
    topology, silence = re.findall(r"^```yaml\n(.*?)^```$", chapter, re.M | re.S)
    told = re.search(r"^```\n\$ osgen check [^\n]+\n(.*?)^```$", chapter, re.M | re.S).group(1)
    code, words = re.search(r"^```\n\$ osgen explain (\S+)\n(.*?)^```$", chapter, re.M | re.S).groups()
    assert osgen("explain", code).stdout == words
    (tmp_path / "topology.yaml").write_text(topology)
    (tmp_path / "ajp.secret").write_text("a long random word\n")
    (tmp_path / "ajp.secret").chmod(0o600)

    def run():
        return subprocess.run([OSGEN, "check", "topology.yaml"], cwd=tmp_path, text=True,
                              capture_output=True, timeout=60)
    assert (run().returncode, run().stderr) == (1, told)
    (tmp_path / "topology.yaml").write_text(
        'site: os.example.org\ninstances: ["ajp://127.0.0.1:8009"]\n' + silence)
    assert run().returncode == 0
