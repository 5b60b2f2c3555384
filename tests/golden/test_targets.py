# SPDX-License-Identifier: Apache-2.0
"""What osgen renders beside httpd's configuration, byte for byte and as those read it for whom it
is. targets/TOPIC.yaml says in its first line what it is for; beside it is what each target makes of
it, TOPIC.tomcat and so on. GOLDEN_WRITE=1 writes them instead of comparing."""

import json
import pathlib
import re
import shutil
import subprocess
import xml.etree.ElementTree

import pytest
import yaml

from test_golden import CASES, HERE, OSGEN, PURPOSE, ROOT, WRITE, name_of
from test_golden import TARGETS as ALL_TARGETS

# Those that are for the nodes; test_hosts.py has the others.
TARGETS = ("tomcat", "node", "cluster")
TOPOLOGIES = sorted((HERE / "targets").glob("*.yaml"))
GOOD = [case for case in CASES if case.with_suffix(".conf").exists()]


@pytest.fixture
def render(tmp_path):
    def run(case, target, *more, name="topology.yaml"):
        shutil.copy(case, tmp_path / name)
        files = shutil.copytree(HERE / "files", tmp_path / "files", dirs_exist_ok=True)
        for path in files.iterdir():
            path.chmod(0o600)
        return subprocess.run([OSGEN, "render", target, *more, name], cwd=tmp_path, text=True,
                              capture_output=True, timeout=60)
    return run


def instances(text):
    """The elements of the target tomcat."""
    document = xml.etree.ElementTree.fromstring(text.encode())
    assert document.tag == "instances"
    return document.findall("instance")


def node_names(text):
    return re.findall(r"^node\.name=(\S+)$", text, re.M)


@pytest.mark.parametrize("args", [
    ["node", "t.yaml"], ["-t", "node", "t.yaml"], ["t.yaml", "-tnode"], ["--target=node", "t.yaml"],
    ["-t", "node", "httpd"], ["node", "httpd"], ["node", "./httpd"]])
def test_a_target_is_named_by_a_word_or_an_option(tmp_path, args):
    for name in ("t.yaml", "httpd"):
        (tmp_path / name).write_text("site: os.example.org\ninstances: [ajp://lion]\n")
    run = subprocess.run([OSGEN, "render", *args], cwd=tmp_path, text=True, capture_output=True,
                         timeout=60)
    assert run.returncode == 0
    assert "\nnode.name=lion\n" in run.stdout


def test_a_topology_that_is_called_like_a_target_is_read(tmp_path):
    (tmp_path / "node").write_text("site: os.example.org\ninstances: [ajp://lion]\n")
    for name in ("node", "./node"):
        run = subprocess.run([OSGEN, "render", name], cwd=tmp_path, text=True, capture_output=True,
                             timeout=60)
        assert run.returncode == 0
        assert "<VirtualHost *:80>" in run.stdout


def test_there_are_topologies():
    assert {path.stem for path in TOPOLOGIES} >= {"ajp", "http", "names"}
    left = [path.name for path in (HERE / "targets").iterdir()
            if path.with_suffix(".yaml") not in TOPOLOGIES or
            path.suffix not in (".yaml", ".svg", ".mermaid", *(f".{t}" for t in TARGETS))]
    assert left == []


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("case", TOPOLOGIES, ids=name_of)
def test_a_topology_renders_as_expected(case, target, render):
    assert PURPOSE.match(case.read_bytes().splitlines()[0])
    run = render(case, target)
    if WRITE:
        case.with_suffix(f".{target}").write_text(run.stdout)
    assert run.returncode == 0, run.stderr
    assert run.stdout == case.with_suffix(f".{target}").read_text()


@pytest.mark.parametrize("case", GOOD, ids=name_of)
def test_each_instance_of_a_topology_has_its_part(case, render):
    topology = yaml.safe_load(case.read_text(encoding="utf-8-sig"))
    count = len(topology["instances"])
    parts = instances(render(case, "tomcat").stdout)
    assert [len(part.findall("Connector")) for part in parts] == [1] * count
    names = node_names(render(case, "node").stdout)
    assert len({name.lower() for name in names}) == len(names) == count
    assert [part.get("name") for part in parts] == names


def test_tomcat_reads_secrets_as_they_are(render):
    expected = [node.get("secret") for node in
                yaml.safe_load((HERE / "targets/ajp.yaml").read_text())["instances"]]
    parts = instances(render(HERE / "targets/ajp.yaml", "tomcat").stdout)
    assert [part.find("Connector").get("secret") for part in parts] == expected
    assert [part.find("Connector").get("secretRequired") for part in parts] == \
        [None if secret else "false" for secret in expected]


def test_openspecimen_gets_the_names_that_the_nodes_have(render):
    case = HERE / "targets/names.yaml"
    cluster = json.loads(render(case, "cluster").stdout)
    assert [node["name"] for node in cluster["nodes"]] == node_names(render(case, "node").stdout)
    assert cluster["secret"] == "hush"


def test_an_instance_behind_the_others_changes_no_name(render, tmp_path):
    shorter = tmp_path / "shorter.yaml"
    lines = (HERE / "targets/names.yaml").read_text().splitlines(keepends=True)
    names = node_names(render(HERE / "targets/names.yaml", "node").stdout)
    ends = [number for number, line in enumerate(lines) if line.startswith("  - ")]
    for end in ends[-4:]:
        shorter.write_text("".join(lines[:end]))
        assert node_names(render(shorter, "node").stdout) == names[:ends.index(end)]


@pytest.mark.parametrize("name", ["a--b.yaml", "-->.yaml", "<&\".yaml", "a\n-- b.yaml", "---.yaml"])
def test_the_name_of_the_topology_cannot_leave_its_comment(render, name):
    run = render(HERE / "targets/ajp.yaml", "tomcat", "--", name=name)
    assert len(instances(run.stdout)) == 5, run.stderr


def test_without_a_secret_of_the_nodes_there_is_no_file_for_openspecimen(render, tmp_path):
    case = HERE / "001-shortest.yaml"
    run = render(case, "cluster", "-o", "cluster.json")
    assert (run.returncode, run.stdout) == (3, "")
    assert run.stderr.endswith(
        "osgen: the nodes know one another by a secret, and topology.yaml has none: add peers: "
        "{secret_file: FILE}\n")
    assert not (tmp_path / "cluster.json").exists()


@pytest.mark.parametrize("target, mode, told", [
    ("tomcat", 0o640, "osgen: out is written; each Tomcat gets its own part, and a restart\n"),
    ("node", 0o644, "osgen: out is written; each node gets its own line, and a restart\n"),
    ("cluster", 0o640,
     "osgen: note: where an instance has no peer_url, its HTTP port is taken to be 8080\n"
     "osgen: out is written; one of the nodes takes it at Settings, Cluster\n")])
def test_a_file_is_private_if_it_holds_a_secret_and_what_comes_next_is_told(
        render, tmp_path, target, mode, told):
    case = HERE / "targets/ajp.yaml"
    run = render(case, target, "-o", "out")
    assert run.stderr.endswith(told)
    assert (tmp_path / "out").read_text() == case.with_suffix(f".{target}").read_text()
    assert (tmp_path / "out").stat().st_mode & 0o777 == mode
    assert render(case, target, "-o", "out").stderr.endswith("osgen: out is unchanged\n")


def test_no_note_where_every_instance_says_where_it_is(render):
    assert "note:" not in render(HERE / "targets/http.yaml", "cluster", "-o", "out").stderr


def test_the_secret_of_the_nodes_is_not_written_over(render, tmp_path):
    run = render(HERE / "targets/http.yaml", "cluster", "-o", "files/secret")
    assert run.returncode == 3
    assert "files/secret is a secret_file of the topology and is not written over" in run.stderr
    assert (tmp_path / "files/secret").read_text() == (HERE / "files/secret").read_text()


def test_httpd_is_the_target_unless_another_is_named(render):
    case = HERE / "001-shortest.yaml"
    assert render(case, "httpd").stdout == case.with_suffix(".conf").read_text()


def test_what_the_readme_shows_is_what_comes_out(tmp_path):
    chapter = re.search(r"^## The other ends of the wire\n(.*?)^## ",
                        (ROOT / "README.md").read_text(), re.M | re.S).group(1)
    shown = dict(re.findall(r"^```(\w+)\n(.*?)^```$", chapter, re.M | re.S))
    (tmp_path / "topology.yaml").write_text(shown["yaml"])
    for name, secret in (("ajp", "a long random word"), ("peers", "another long random word")):
        (tmp_path / f"{name}.secret").write_text(secret + "\n")
        (tmp_path / f"{name}.secret").chmod(0o600)

    def osgen(*args):
        return subprocess.run([OSGEN, *args, "topology.yaml"], cwd=tmp_path, text=True,
                              capture_output=True, check=True, timeout=60).stdout

    assert shown["xml"] in osgen("render", "tomcat")
    assert shown["json"] == osgen("render", "cluster")
    assert shown["mermaid"] == osgen("graph", "-m")
    assert tuple(re.findall(r"^\| `([\w-]+)` \|", chapter, re.M)) == ALL_TARGETS
    assert "node.name=lion\n" in osgen("render", "node")
