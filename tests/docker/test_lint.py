# SPDX-License-Identifier: Apache-2.0
"""What linters say of the scripts, the Dockerfile and the compose files. They need no engine."""

import glob
import json
import os
import shutil
import subprocess

import pytest

from engine import attempt, compose_command
from harness.httpd import ROOT

FOLDER = os.path.join(ROOT, "docker")


def tool(name, where):
    if shutil.which(name) is None:
        pytest.skip(f"{name} is not installed; {where}")
    return name


def compose_or_skip():
    words = compose_command()
    if words is None:
        pytest.skip("there is neither docker compose nor docker-compose")
    return words


def flawless(*argv, **env):
    done = subprocess.run(argv, cwd=ROOT, env={**os.environ, **env}, capture_output=True,
                          text=True, timeout=120)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def scripts():
    """Every file that git has and that begins as a shell script does."""
    listing = subprocess.run(["git", "ls-files"], cwd=ROOT, check=True, capture_output=True,
                             text=True).stdout.splitlines()
    found = []
    for path in listing:
        with open(os.path.join(ROOT, path), "rb") as file:
            first = file.readline()
        if first.startswith(b"#!") and first.rstrip().endswith((b"sh", b"bash")):
            found.append(path)
    return found


def test_shellcheck_finds_nothing_in_any_script():
    name = tool("shellcheck", "tests/deps.sh docker installs it")
    found = scripts()
    assert {"docker/entrypoint.sh", "docker/healthcheck.sh", "tests/deps.sh"} <= set(found)
    flawless(name, *found)


def dockerfile():
    """Its instructions, a line each."""
    with open(os.path.join(FOLDER, "Dockerfile"), encoding="utf-8") as file:
        lines = [line for line in file.read().splitlines() if not line.startswith("#")]
    return "\n".join(lines).replace("\\\n", " ").splitlines()


def test_shellcheck_finds_nothing_in_what_the_dockerfile_runs(tmp_path):
    name = tool("shellcheck", "tests/deps.sh docker installs it")
    scripts = [line.removeprefix("RUN ") for line in dockerfile() if line.startswith("RUN ")]
    scripts += [json.loads(line.removeprefix("ENTRYPOINT "))[2] for line in dockerfile()
                if line.startswith('ENTRYPOINT ["sh", "-c"')]
    assert len(scripts) >= 5
    for number, script in enumerate(scripts):
        (tmp_path / f"{number}.sh").write_text(script + "\n")
        flawless(name, "-s", "sh", tmp_path / f"{number}.sh")


def test_dockerfile_utils_finds_nothing_in_the_dockerfile():
    name = tool("dockerfile-utils", "npm install -g dockerfile-utils")
    done = subprocess.run([name, "lint", "docker/Dockerfile"], cwd=ROOT, capture_output=True,
                          text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr


def test_hadolint_finds_nothing_in_the_dockerfile():
    name = tool("hadolint", "Debian has no package of it")
    # DL3008: versions of packages are the distribution's to keep safe
    flawless(name, "--ignore", "DL3008", "docker/Dockerfile")


def test_yamllint_finds_nothing_in_the_compose_files():
    name = tool("yamllint", "tests/deps.sh docker installs it")
    files = glob.glob(os.path.join(FOLDER, "**", "*.y*ml"), recursive=True)
    assert len(files) >= 4
    flawless(name, "--strict", "-c", "tests/docker/yamllint.yaml", *files)


@pytest.mark.parametrize("options", [(), ("--profile", "monitoring")])
def test_compose_takes_its_file(options):
    flawless(*compose_or_skip(), "-f", "docker/compose.yaml", *options, "config", "-q")


def test_compose_takes_the_override():
    words = compose_or_skip()
    if attempt(*words, "up", "--help").stdout.find("--wait") < 0:
        pytest.skip("this compose is the old one and knows no !reset")
    flawless(*words, "-f", "docker/compose.yaml", "-f", "docker/compose.openspecimen.yaml",
             "config", "-q", OPENSPECIMEN_IMAGE="x", OPENSPECIMEN_SERVER_XML="/server.xml")


def test_the_dockerfile_is_one_for_old_builders():
    with open(os.path.join(FOLDER, "Dockerfile"), encoding="utf-8") as file:
        lines = file.read().splitlines()
    assert "ARG BASE=debian:bookworm-slim" in lines
    assert not [line for line in lines
                if line.replace(" ", "").startswith("#syntax=") or "<<" in line or "--mount" in line]
