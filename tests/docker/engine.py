# SPDX-License-Identifier: Apache-2.0
"""A Docker engine, and containers on it. Images are made by the old builder unless DOCKER_BUILDKIT
says otherwise; DOCKER_BUILD_OPTIONS is what this machine's builds need to reach packages."""

import json
import os
import shlex
import shutil
import subprocess

from docker_site import OS1, OS2
from harness.httpd import ROOT
from harness.node import Node
from harness.ports import free_port
from harness.server import Server
from harness.wait import wait_until

BASE = os.environ.get("BASE", "debian:bookworm-slim")
BALANCER, STANDIN = "os-balancer:test", "os-balancer-standin:test"
PROMETHEUS = "os-balancer-prometheus:test"
SECRET = "docker-test-secret"

os.environ.setdefault("DOCKER_BUILDKIT", "0")


def attempt(*argv, limit=120):
    return subprocess.run(argv, capture_output=True, text=True, timeout=limit)


def run(*argv, limit=120):
    """Its standard output; fails with its words if it fails."""
    done = attempt(*argv, limit=limit)
    assert done.returncode == 0, f"{shlex.join(argv)}\n{done.stdout}{done.stderr}"
    return done.stdout.strip()


def docker(*arguments, limit=120):
    return run("docker", *arguments, limit=limit)


def why_no_image(image):
    """Why that image isn't to be had, or None."""
    if attempt("docker", "image", "inspect", image).returncode == 0:
        return None
    done = attempt("docker", "pull", "-q", image, limit=600)
    if done.returncode != 0:
        return f"no image {image}: " + (done.stderr.strip().splitlines() or ["?"])[-1]
    return None


def why_not():
    """Why nothing can be run here, or None."""
    if shutil.which("docker") is None:
        return "there is no docker command"
    done = attempt("docker", "version", "--format", "{{.Server.Version}}")
    if done.returncode != 0:
        return "no Docker engine answers: " + (done.stderr.strip().splitlines() or ["?"])[-1]
    return why_no_image(BASE)


def compose_command():
    """The words that compose is called by, or None. COMPOSE chooses where there are two."""
    for words in (os.environ.get("COMPOSE", "").split(), ["docker", "compose"], ["docker-compose"]):
        if words and shutil.which(words[0]) and attempt(*words, "version").returncode == 0:
            return words
    return None


def build(tag, *options, file="docker/Dockerfile"):
    docker("build", "-q", "-t", tag, "-f", os.path.join(ROOT, file),
           "--build-arg", f"BASE={BASE}", *options,
           *shlex.split(os.environ.get("DOCKER_BUILD_OPTIONS", "")), ROOT, limit=1800)


class Container:
    """What `docker run -d` starts."""

    def __init__(self, image, *options, arguments=()):
        self.id = docker("run", "-d", *options, image, *arguments)

    def state(self):
        return json.loads(docker("inspect", "-f", "{{json .State}}", self.id))

    @property
    def running(self):
        return self.state()["Running"]

    def health(self):
        return self.state()["Health"]["Status"]

    def wait_for_health(self, status, limit=15):
        wait_until(lambda: self.health() == status, limit, f"the container to be {status}", 0.1)

    def wait_for_health_checks(self, count=2):
        """Lets COUNT more of them pass."""
        def times():
            return {check["Start"] for check in self.state()["Health"]["Log"]}
        before = times()
        wait_until(lambda: len(times() - before) >= count, 15, "health checks", 0.1)

    def wait_until_ended(self, limit=10):
        """Its exit code."""
        wait_until(lambda: not self.running, limit, "the container's end", 0.05)
        return self.state()["ExitCode"]

    def log(self):
        """Both streams together."""
        done = subprocess.run(["docker", "logs", self.id], stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, timeout=60)
        return done.stdout

    def wait_for_log(self, words, limit=10):
        wait_until(lambda: words in self.log(), limit, f"the log to say {words!r}", 0.1)

    def run(self, *argv):
        return docker("exec", self.id, *argv)

    def kill(self, signal="KILL"):
        docker("kill", "-s", signal, self.id)

    def start(self):
        docker("start", self.id)

    def remove(self):
        """Again is nothing."""
        attempt("docker", "rm", "-f", "-v", self.id)


class Standin(Container):
    """A node of the name NAME on NETWORK, with its switches within reach."""

    control = Node.control

    def __init__(self, name, network, secret_file):
        self.node = name
        self.url = f"ajp://{name}/openspecimen"
        self.control_port = free_port()
        super().__init__(STANDIN, "--network", network, "--network-alias", name,
                         "--hostname", name, "-p", f"127.0.0.1:{self.control_port}:8081",
                         "-v", f"{secret_file}:/run/secrets/ajp:ro",
                         arguments=("--ajp", "0.0.0.0:8009", "--control", "0.0.0.0:8081"))


class Users(Server):
    """What users do with a balancer at self.port."""

    def wait_until_up(self, limit=20):
        """Both nodes."""
        wait_until(self.answers, limit, "httpd's answer")
        for url in (OS1, OS2):
            self.wait_for_state(url, "up", limit)

    def answers(self):
        """Whether the status page does."""
        try:
            return self.request("/balancer-status").status == 200
        except OSError:
            return False

    def served_by(self, count=12):
        """Which nodes answer COUNT requests, by name; fails if one isn't answered with 200."""
        answers = [self.request("/openspecimen/rest/ng/echo") for _ in range(count)]
        assert {answer.status for answer in answers} == {200}
        return {answer.json["node"] for answer in answers}


class Balancer(Container, Users):
    """A balancer on NETWORK that reads its topology in SITE, as the README runs it; SITE_PORT is
    where the topology says that it listens."""

    GUARDS = ("--read-only", "--tmpfs", "/run", "--tmpfs", "/tmp", "--cap-drop", "ALL",
              "--security-opt", "no-new-privileges")

    def __init__(self, network, site, secret_file, *options, site_port=8080, guards=GUARDS):
        self.port = free_port()
        super().__init__(BALANCER, "--network", network, "-p", f"127.0.0.1:{self.port}:{site_port}",
                         "-v", f"{site}:/etc/openspecimen:ro",
                         "-v", f"{secret_file}:/run/secrets/ajp:ro", *guards, *options)
