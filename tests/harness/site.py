# SPDX-License-Identifier: Apache-2.0
"""A whole site as its sysadmin sets it up: a topology, rendered by osgen, included by httpd."""

import os
import subprocess

from .httpd import BUILD, Httpd

OSGEN = os.path.join(BUILD, "osgen")
NAME = "test.openspecimen.org"


def write_secret(path, secret):
    with open(path, "w", encoding="ascii") as out:
        os.fchmod(out.fileno(), 0o600)
        out.write(secret + "\n")


class Site:
    """NODES are Tomcats or stand-ins. HEALTH is YAML for balance.health, ADMIN the hosts that may
    look at the status pages, BALANCE more lines under balance:."""

    def __init__(self, root, nodes, mpm="event", health="{interval: 1s, fast: 200ms, timeout: 1s}",
                 admin="127.0.0.1", balance="", log_level="info", port=None, name=NAME):
        self.root = os.fspath(root)
        self.nodes = nodes
        self.name = name
        self.httpd = Httpd(os.path.join(self.root, "httpd"), mpm=mpm, log_level=log_level,
                           port=port)
        self.health = health
        self.admin = admin
        self.balance = balance
        self.topology = os.path.join(self.root, "topology.yaml")
        self.conf = os.path.join(self.root, "openspecimen-vhost.conf")

    def write_topology(self):
        lines = ["site:", f"  name: {self.name}", f"  listen: ['127.0.0.1:{self.httpd.port}']",
                 "instances:"]
        for number, node in enumerate(self.nodes, 1):
            lines += [f"  - name: os{number}", f"    url: {node.url}"]
            if node.url.startswith("ajp:"):
                write_secret(os.path.join(self.root, f"os{number}.secret"), node.secret)
                lines += [f"    secret_file: os{number}.secret"]
        lines += ["balance:", f"  health: {self.health}", *self.balance.splitlines()]
        lines += [f"admin: ['{self.admin}']", ""]
        with open(self.topology, "w", encoding="utf-8") as out:
            out.write("\n".join(lines))

    def render(self):
        """Topology to configuration, with osgen. Its words on stderr come back."""
        os.makedirs(self.root, exist_ok=True)
        self.write_topology()
        done = subprocess.run([OSGEN, "render", "-o", self.conf, self.topology],
                              capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stderr

    def start(self, extra=""):
        self.render()
        self.httpd.configure(f'Include "{self.conf}"\n{extra}')
        self.httpd.start()

    def url(self, node):
        """The member's URL on the status page."""
        return node.url

    def request(self, path, **options):
        return self.httpd.request(path, host=self.name, **options)

    def member(self, node):
        return self.httpd.members()[node.url]

    def wait_for_state(self, node, state, limit):
        return self.httpd.wait_for_state(node.url, state, limit)

    def wait_until_up(self, limit=15):
        for node in self.nodes:
            self.wait_for_state(node, "up", limit)

    def served_by(self, count=20):
        """Which nodes answer COUNT requests, by name; fails if one isn't answered with 200."""
        names = set()
        for _ in range(count):
            answer = self.request("/openspecimen/rest/ng/echo")
            assert answer.status == 200, answer.text
            names.add(answer.json["node"])
        return names

    def stop(self):
        self.httpd.stop()
