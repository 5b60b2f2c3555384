# SPDX-License-Identifier: Apache-2.0
"""The picture of a site: each box once, its texts inside it, and nothing but the topology in it.
What is beside targets/*.yaml is written anew by GOLDEN_WRITE=1."""

import re
import shutil
import subprocess
import xml.etree.ElementTree

import pytest
import yaml

from test_golden import HERE, OSGEN, WRITE, name_of
from test_targets import GOOD, TOPOLOGIES

SVG = "{http://www.w3.org/2000/svg}"
FORMS = {"svg": [], "mermaid": ["--mermaid"]}


@pytest.fixture
def graph(tmp_path):
    def run(case, *more):
        shutil.copy(case, tmp_path / "topology.yaml")
        files = shutil.copytree(HERE / "files", tmp_path / "files", dirs_exist_ok=True)
        for path in files.iterdir():
            path.chmod(0o600)
        return subprocess.run([OSGEN, "graph", *more, "topology.yaml"], cwd=tmp_path, text=True,
                              capture_output=True, timeout=60)
    return run


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("case", TOPOLOGIES, ids=name_of)
def test_a_topology_is_drawn_as_expected(case, form, graph):
    run = graph(case, *FORMS[form])
    if WRITE:
        case.with_suffix(f".{form}").write_text(run.stdout)
    assert run.returncode == 0, run.stderr
    assert run.stdout == case.with_suffix(f".{form}").read_text()


def boxes(svg):
    """Each group's rectangle and its texts, as numbers and words."""
    for group in svg.findall(f"{SVG}g"):
        rect = {key: int(value) for key, value in group.find(f"{SVG}rect").attrib.items()
                if value.isdigit()}
        yield rect, [(int(text.get("x")), int(text.get("y")), text.text)
                     for text in group.findall(f"{SVG}text")]


@pytest.mark.parametrize("case", GOOD + TOPOLOGIES, ids=name_of)
def test_every_text_is_in_its_box_and_every_box_in_the_picture(case, graph):
    svg = xml.etree.ElementTree.fromstring(graph(case).stdout)
    width, height = int(svg.get("width")), int(svg.get("height"))
    drawn = list(boxes(svg))
    topology = yaml.safe_load(case.read_text(encoding="utf-8-sig"))
    instances, pair = topology["instances"], "pair" in topology
    assert len(drawn) == (6 if pair else 3) + len(instances)
    assert len(svg.findall(f"{SVG}path")) == (6 if pair else 2) + len(instances)
    for rect, texts in drawn:
        assert 0 <= rect["x"] and rect["x"] + rect["width"] <= width
        assert 0 <= rect["y"] and rect["y"] + rect["height"] <= height
        for x, y, text in texts:
            assert rect["x"] < x and x + 7.9 * len(text) < rect["x"] + rect["width"]
            assert rect["y"] + 10 < y < rect["y"] + rect["height"] - 3
    tops = sorted((rect["y"], rect["y"] + rect["height"]) for rect, _ in drawn[-len(instances):])
    assert all(end < top for (_, end), (top, _) in zip(tops, tops[1:]))


def ways(svg):
    """Of each arrow where it begins and where it ends."""
    for path in svg.findall(f"{SVG}path"):
        numbers = [int(word) for word in re.findall(r"\d+", path.get("d"))]
        yield numbers[:2], numbers[-2:]


@pytest.mark.parametrize("case", GOOD + TOPOLOGIES, ids=name_of)
def test_an_arrow_between_single_boxes_is_level(case, graph):
    svg = xml.etree.ElementTree.fromstring(graph(case).stdout)
    rects = [rect for rect, _ in boxes(svg)]
    in_column = [sum(other["x"] == rect["x"] for other in rects) for rect in rects]
    single = {rect["x"] + rect["width"] for rect, many in zip(rects, in_column) if many == 1}
    starts = {rect["x"] for rect, many in zip(rects, in_column) if many == 1}
    level = [(begin[1], end[1]) for begin, end in ways(svg)
             if begin[0] in single and end[0] + 2 in starts]
    assert len(level) >= 2
    assert all(begin == end for begin, end in level)


def test_a_pair_and_tls_are_drawn(graph):
    svg = graph(HERE / "targets/pair.yaml").stdout
    for text in ("virtual addresses", "10.0.0.10/24", "lb1", "priority 240", "TLS",
                 "port 80 leads to it"):
        assert f">{text}</text>" in svg
    mermaid = graph(HERE / "targets/pair.yaml", "-m").stdout
    assert re.findall(r"^    (\w+) (\S+) (\w+)", mermaid, re.M) == [
        ("users", "-->", "address"), ("address", "-.->", "host1"), ("address", "-->", "host2"),
        ("host1", "-.->", "site"), ("host2", "-->", "site"), ("site", "-->", "balancer"),
        ("balancer", "-->", "instance1"), ("balancer", "-.->", "instance2")]


@pytest.mark.parametrize("form", FORMS)
def test_no_secret_is_drawn(form, graph, tmp_path):
    case = tmp_path / "secrets.yaml"
    case.write_text("site: a\ninstances: [{url: ajp://h, secret: hush-own}]\n"
                    "balance: {secret: hush-common}\npeers: {secret: hush-peers}\n")
    run = graph(case, *FORMS[form])
    assert run.returncode == 0 and "hush" not in run.stdout


def test_the_picture_needs_nothing_else(graph):
    text = graph(HERE / "targets/ajp.yaml").stdout
    assert set(re.findall(r'https?://[^"\s]+', text)) == {"http://www.w3.org/2000/svg"}
    assert set(re.findall(r"url\((.*?)\)", text)) == {"#tip"}
    assert not re.search(r"href|@import|<script|<image|<foreignObject", text)
    assert "prefers-color-scheme: dark" in text


def test_standby_and_disabled_instances_have_lines_of_their_own(graph):
    text = graph(HERE / "targets/ajp.yaml").stdout
    assert (text.count('class="way standby"'), text.count('class="way never"')) == (1, 1)
    arrows = re.findall(r"balancer (\S+) instance", graph(HERE / "targets/ajp.yaml", "-m").stdout)
    assert arrows == ["-->", "-->", "-->", "-.->", "-.-"]


def test_what_mermaid_takes_for_its_own_is_written_by_number(graph):
    text = graph(HERE / "006-site-scalars.yaml", "-m").stdout + \
        graph(HERE / "targets/ajp.yaml", "-m").stdout
    for label in re.findall(r'\["(.*?)"\]', text):
        assert re.fullmatch(r"(?:[A-Za-z0-9 .,/:-]|<br>|#[0-9]+;)+", label)
    assert "#91;2001:db8::1#93;" in text


def test_a_picture_goes_to_a_file_too(graph, tmp_path):
    case = HERE / "targets/http.yaml"
    for told in ("written", "unchanged"):
        assert graph(case, "-o", "site.svg").stderr.endswith(f"osgen: site.svg is {told}\n")
    assert (tmp_path / "site.svg").read_text() == case.with_suffix(".svg").read_text()
    run = graph(case, "-o", "topology.yaml")
    assert run.returncode == 3 and "is the topology itself" in run.stderr


def test_a_thousand_instances_are_drawn(graph, tmp_path):
    case = tmp_path / "many.yaml"
    case.write_text("site: a\ninstances:\n" + "".join(f"  - ajp://h{i}\n" for i in range(1000)))
    svg = xml.etree.ElementTree.fromstring(graph(case).stdout)
    assert len(list(boxes(svg))) == 1003
