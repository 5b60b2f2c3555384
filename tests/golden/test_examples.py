# SPDX-License-Identifier: Apache-2.0
"""conf/ is true: every example renders to the .conf beside it, httpd takes that, and the full one
has every key there is. GOLDEN_WRITE=1 writes the .conf files."""

import os
import pathlib
import re
import shutil
import subprocess

import pytest

import configtest

ROOT = pathlib.Path(__file__).parents[2]
BUILD = ROOT / os.environ.get("BUILD", "build")
EXAMPLES = sorted((ROOT / "conf").glob("*.yaml"))


def test_there_are_examples():
    assert {path.stem for path in EXAMPLES} >= {"shortest", "usual", "fastest", "production",
                                                  "full"}


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_renders_to_what_is_beside_it(example, tmp_path):
    conf = shutil.copytree(ROOT / "conf", tmp_path / "conf")
    for secret in conf.glob("*.secret"):
        secret.chmod(0o600)
    run = subprocess.run([BUILD / "osgen", "render", example.name], cwd=conf, text=True,
                         capture_output=True, timeout=60)
    assert run.returncode == 0, run.stderr
    if os.environ.get("GOLDEN_WRITE") == "1":
        example.with_suffix(".conf").write_text(run.stdout)
    assert run.stdout == example.with_suffix(".conf").read_text()


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_httpd_takes_an_example(example, tmp_path):
    run = configtest.run(tmp_path, example.with_suffix(".conf"), BUILD / "mod_os_balancer.so")
    assert run.stderr == "Syntax OK\n", run.stderr


def test_the_full_example_has_every_key():
    keys = set()
    for source in (ROOT / "osgen/topology").glob("read_*.c"):
        keys |= set(re.findall(r'^\s*\{\.name = "(\w+)"', source.read_text(), re.M))
    vocabulary = (ROOT / "mod_os_balancer/core/vocabulary.h").read_text()
    health = set(re.findall(r'OSB_KEY_\w+ +"(\w+)"', vocabulary))
    assert len(keys) >= 20 and len(health) >= 6
    full = (ROOT / "conf/full.yaml").read_text()
    missing = [key for key in sorted(keys | health)
               if not re.search(rf"^[ #-]*{key}:", full, re.M)]
    assert missing == []


def readme_examples():
    """The YAML of the README, made whole where it is only a part of a topology."""
    blocks = re.findall(r"^```yaml\n(.*?)^```$|<<'EOF'\n(site:.*?)^EOF$",
                        (ROOT / "README.md").read_text(), re.M | re.S)
    rest = {"site": "site: os.example.org\n", "instances": "instances: [ajp://10.0.1.1]\n"}
    return ["".join([yaml or here, *(line for key, line in rest.items()
                                     if not re.search(f"^{key}:", yaml or here, re.M))])
            for yaml, here in blocks]


def included():
    """The one example that is there to be included."""
    return [text for text in readme_examples() if text.startswith("balance:\n  method: least-time")]


@pytest.mark.parametrize("number", range(len(readme_examples())))
def test_httpd_takes_what_the_readme_shows(number, tmp_path):
    (tmp_path / "topology.yaml").write_text(readme_examples()[number])
    for secret in (ROOT / "conf").glob("*.secret"):
        shutil.copy(secret, tmp_path)
        (tmp_path / secret.name).chmod(0o600)
    (tmp_path / "common.yaml").write_text(included()[0])
    run = subprocess.run([BUILD / "osgen", "render", "-o", "readme.conf", "topology.yaml"],
                         cwd=tmp_path, text=True, capture_output=True, timeout=60)
    assert run.returncode == 0, run.stderr
    run = configtest.run(tmp_path, tmp_path / "readme.conf", BUILD / "mod_os_balancer.so")
    assert run.stderr == "Syntax OK\n", run.stderr


def test_the_readme_shows_whole_sites():
    assert len(readme_examples()) >= 3


def test_defaults_said_aloud_change_nothing(tmp_path):
    aloud = """
site: {name: os.example.org, listen: "*:80", context: /openspecimen}
instances: [{url: "ajp://10.0.1.1:8009", weight: 1, standby: off, disabled: off}]
balance:
  method: byrequests
  name: os-cluster
  timeout: 180s
  connect_timeout: 5s
admin: {manager: /balancer-manager, status: /balancer-status, server_status: /server-status}
"""
    short = "site: os.example.org\ninstances: [ajp://10.0.1.1:8009]\n"
    renderings = []
    for text in (aloud, short):
        (tmp_path / "topology.yaml").write_text(text)
        renderings.append(subprocess.run([BUILD / "osgen", "render", "topology.yaml"],
                                         cwd=tmp_path, text=True, capture_output=True,
                                         check=True, timeout=60).stdout)
    assert renderings[0] == renderings[1]
