# SPDX-License-Identifier: Apache-2.0
"""Topologies in several files: what goldens of one directory can't show."""

import os
import pathlib
import subprocess

import pytest

ROOT = pathlib.Path(__file__).parents[2]
OSGEN = ROOT / os.environ.get("BUILD", "build") / "osgen"
SITE = "site: os.example.org\ninstances: [ajp://127.0.0.1:8009]\n"


@pytest.fixture
def write(tmp_path):
    def write(**texts):
        for name, text in texts.items():
            path = tmp_path / name.replace("__", "/")
            path.parent.mkdir(exist_ok=True)
            path = path if path.suffix else path.with_suffix(".yaml")
            path.write_text(text)
            path.chmod(0o640)
    return write


@pytest.fixture
def render(tmp_path):
    def run(topology="topology.yaml", cwd=tmp_path, *options, **more):
        return subprocess.run([OSGEN, "render", *options, topology], cwd=cwd, text=True,
                              capture_output=True, timeout=60, check=False, **more)
    return run


def test_parts_say_what_the_whole_says(write, render):
    write(topology=SITE + "balance: {method: least-time, timeout: 60s, health: {interval: 3s, rise: 3}}\n"
          "admin: {allow: 10.0.0.1, status: off}\n")
    whole = render().stdout
    write(topology="include: [a.yaml, b.yaml]\nbalance: {timeout: 60s, health: {rise: 3}}\nsite: os.example.org\n",
          a="instances: [ajp://127.0.0.1:8009]\nadmin: [10.0.0.1]\nbalance: bytraffic\n",
          b="admin: {status: off}\nbalance: {method: least-time, timeout: 1s, health: {interval: 3s}}\n")
    parts = render()
    assert (parts.stdout, parts.stderr) == (whole, "")
    assert "interval=3s" in whole


def test_names_of_files_begin_at_the_file_that_has_them(write, render, tmp_path):
    write(top__topology="include: ../common/balance.yaml\n" + SITE, common__balance="include: more.yaml\n",
          common__more="balance: {secret_file: ajp.secret}\n")
    (tmp_path / "common/ajp.secret").write_text("hush\n")
    (tmp_path / "common/ajp.secret").chmod(0o600)
    for topology, cwd in [("top/topology.yaml", tmp_path), ("topology.yaml", tmp_path / "top"),
                          (tmp_path / "top/topology.yaml", pathlib.Path("/"))]:
        run = render(topology, cwd)
        assert (run.returncode, run.stderr) == (0, "")
        assert " secret=hush\n" in run.stdout


def test_standard_input_includes_what_is_in_the_current_directory(write, render):
    write(common="balance: least-time\n")
    run = render("-", input="include: common.yaml\n" + SITE)
    assert "lbmethod=os_least_time" in run.stdout


@pytest.mark.parametrize("files, told", [(8, None), (9, "more than 8 files inside one another")])
def test_files_inside_one_another_have_an_end(write, render, files, told):
    write(topology=SITE + "include: f1.yaml\n",
          **{f"f{i}": f"include: f{i + 1}.yaml\n" for i in range(1, files)},
          **{f"f{files}": "balance: least-time\n"})
    run = render()
    assert run.returncode == (3 if told else 0)
    assert told in run.stderr if told else "lbmethod=os_least_time" in run.stdout


def test_files_side_by_side_have_an_end_too(write, render):
    write(common="balance: least-time\n", topology=SITE + f"include: [{'common.yaml, ' * 32}]\n")
    assert render().returncode == 0
    write(topology=SITE + f"include: [{'common.yaml, ' * 33}]\n")
    run = render()
    assert run.returncode == 3
    assert "more than 8 files inside one another, or 32 in all, which no topology needs" in run.stderr


def test_what_would_grow_without_end_is_refused_at_once(write, render):
    """Each file includes the next one twice."""
    write(topology=SITE + "include: [f1.yaml, f1.yaml]\n",
          **{f"f{i}": f"include: [f{i + 1}.yaml, f{i + 1}.yaml]\n" for i in range(1, 8)},
          f8="balance: least-time\n")
    run = render()
    assert run.returncode == 3
    assert len(run.stderr) < 10000


def test_a_way_around_to_itself_is_found_by_the_file_and_not_by_its_name(write, render, tmp_path):
    write(topology=SITE + "include: link.yaml\n")
    (tmp_path / "link.yaml").symlink_to("topology.yaml")
    assert '"link.yaml" would include itself' in render().stderr


def test_an_included_file_is_not_written_over(write, render, tmp_path):
    write(topology=SITE + "include: common.yaml\n", common="balance: least-time\n")
    run = render("topology.yaml", tmp_path, "-o", "common.yaml")
    assert run.returncode == 3
    assert run.stderr == ("osgen: common.yaml is a file that the topology includes and is not "
                          "written over\n")
    assert (tmp_path / "common.yaml").read_text() == "balance: least-time\n"


def test_a_secret_in_an_included_file_is_not_shown(write, render):
    write(topology=SITE + "include: common.yaml\n",
          common="balance: {secret: hush-hush, timeout: no}\n")
    run = render()
    assert "common.yaml:1:39:" in run.stderr
    assert "secret: *********, timeout: no" in run.stderr
    assert "hush" not in run.stderr


def test_what_stands_in_the_place_of_another_key_takes_it(write, render):
    write(topology="include: common.yaml\nsite:\n  name: x.org\n"
          "  tls: {managed: {contact: a@x.org, agreement: accepted}}\n"
          "instances: [ajp://127.0.0.1:8009]\nbalance: {secret: mine}\n",
          common="site: {tls: {certificate: os.pem, key: os.key, hsts: off}}\n"
          "balance: {secret_file: none}\n")
    run = render()
    assert (run.returncode, run.stderr) == (0, "")
    assert " secret=mine\n" in run.stdout
    assert "<MDomain x.org>" in run.stdout and "SSLCertificate" not in run.stdout


def test_a_dash_is_a_file_of_that_name(write, render, tmp_path):
    write(topology=SITE + "include: '-'\n")
    assert '"./-" can\'t be read' in render(input="balance: least-time\n").stderr
    (tmp_path / "-").write_text("balance: least-time\n")
    assert "lbmethod=os_least_time" in render().stdout


def test_two_sites_on_one_host_are_two_topologies(write, render, tmp_path):
    """With the same balancer, under the same name."""
    import configtest
    write(common="balance: {method: least-time}\nadmin: [10.0.0.1]\n",
          production="include: common.yaml\nsite: {name: os.example.org, tls: os.pem}\n"
          "instances: [ajp://127.0.0.1:8009, ajp://127.0.0.1:8010]\n",
          test="include: common.yaml\nsite: {name: test.example.org, tls: test.pem}\n"
          "instances: [ajp://127.0.0.1:8010]\n")
    both = "".join(render(f"{name}.yaml").stdout for name in ("production", "test"))
    (tmp_path / "both.conf").write_text(both)
    run = configtest.run(tmp_path, tmp_path / "both.conf", OSGEN.parent / "mod_os_balancer.so")
    assert run.stderr == "Syntax OK\n"
