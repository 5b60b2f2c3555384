# SPDX-License-Identifier: Apache-2.0
"""A site of docker/compose.yaml, under a project name and a port of a test's own."""

import json
import os
import pathlib
import re
import shlex
import subprocess

from engine import BALANCER, STANDIN, Users, docker
from harness.httpd import ROOT
from harness.ports import free_port
from harness.wait import wait_until

FOLDER = os.path.join(ROOT, "docker")


class Project(Users):
    """COMPOSE: the words that compose is called by. SITE: the directory of the topology. SECRET:
    the file of the AJP secret."""

    def __init__(self, compose, site, secret):
        self.compose = compose
        self.site = pathlib.Path(site)
        self.port = free_port()
        self.prometheus_port = free_port()
        self.name = f"osb-test-{self.port}"
        self.files = ["compose.yaml"]
        self.options = []
        self.env = {**os.environ, "OS_LISTEN": f"127.0.0.1:{self.port}",
                    "OS_PROMETHEUS": f"127.0.0.1:{self.prometheus_port}", "OS_SITE": str(site),
                    "OS_SECRET": str(secret), "OS_BALANCER_IMAGE": BALANCER,
                    "OS_STANDIN_IMAGE": STANDIN}

    def override(self, file, **env):
        self.files.append(file)
        self.env.update(env)

    def attempt(self, *arguments, limit=180):
        files = [word for file in self.files for word in ("-f", os.path.join(FOLDER, file))]
        return subprocess.run([*self.compose, "-p", self.name, *files, *self.options, *arguments], env=self.env,
                              capture_output=True, text=True, timeout=limit)

    def run(self, *arguments):
        done = self.attempt(*arguments)
        assert done.returncode == 0, f"{shlex.join(arguments)}\n{done.stdout}{done.stderr}"
        return done.stdout

    def version(self):
        words = self.run("version")
        return tuple(int(part) for part in re.search(r"(\d+)\.(\d+)", words).groups())

    def up(self, wait=True):
        """`up --wait`, or what comes to the same where compose doesn't know that."""
        if not wait or self.version() < (2, 1):
            self.run("up", "-d")
        else:
            self.run("up", "--wait")
        if wait:
            wait_until(lambda: self.health("balancer") == "healthy", 30, "good health", 0.2)

    def down(self):
        self.run("down", "-v", "-t", "5")

    def id(self, service):
        return self.run("ps", "-a", "-q", service).strip()

    def inspect(self, service):
        return json.loads(docker("inspect", self.id(service)))[0]

    def health(self, service):
        return self.inspect(service)["State"]["Health"]["Status"]

    def address(self, service):
        """Its address on the network of the nodes."""
        networks = self.inspect(service)["NetworkSettings"]["Networks"]
        return networks[self.name + "_nodes"]["IPAddress"]
