# SPDX-License-Identifier: Apache-2.0
"""The README's way from a virtual host that somebody wrote by hand to one that osgen keeps: adopt,
check, diff, apply, under the eyes of users."""

import os
import re
import subprocess

import pytest

from harness.httpd import ROOT, binary
from harness.load import Load
from harness.site import OSGEN
from harness.wait import wait_until

NAME = "test.openspecimen.org"
ECHO = "/openspecimen/rest/ng/echo"
# The nodes are on one host here, and the instructions let administrators in by a host name.
MEANT = ("one-host", "host-lookup")

# The virtual host of the instructions, which is a golden file too.
INSTRUCTIONS = os.path.join(ROOT, "tests", "golden", "adopt", "001-instructions.conf")


def by_hand(port, nodes):
    """As a site has it that followed them: its own addresses, the connectors' secret, and without
    the misspelt directive, which httpd refuses."""
    with open(INSTRUCTIONS, encoding="utf-8") as file:
        text = file.read()
    for number, node in enumerate(nodes, 1):
        there = f"BalancerMember ajp://os{number}.internal.openspecimen.org:8009/openspecimen/"
        assert there in text
        text = text.replace(there, f"BalancerMember {node.url}/ secret={node.secret}")
    assert "<VirtualHost *:80>" in text and text.count("ProxyPassRervese") == 1
    text = text.replace("<VirtualHost *:80>", f"<VirtualHost 127.0.0.1:{port}>")
    return re.sub(r"\n *ProxyPassRervese.*", "", text)


CONTROL = """\
#!/bin/sh
if [ "$1" = configtest ]; then exec {httpd} -f {conf} -t; fi
exec {httpd} -f {conf} -k "$1"
"""


class Walk:
    def __init__(self, directory, server, nodes):
        self.directory, self.server, self.nodes = directory, server, nodes
        self.vhost = directory / "openspecimen-vhost.conf"
        self.vhost.write_text(by_hand(server.port, nodes))
        self.old = self.vhost.read_text()
        self.control = directory / "apachectl"
        server.configure(f'Include "{self.vhost}"')
        self.control.write_text(CONTROL.format(httpd=binary(), conf=server.conf))
        self.control.chmod(0o755)
        server.start()

    def osgen(self, *words, code=0):
        run = subprocess.run([OSGEN, *words], cwd=self.directory, text=True, capture_output=True,
                             stdin=subprocess.DEVNULL, timeout=120)
        assert run.returncode == code, run.stdout + run.stderr
        return run.stdout + run.stderr

    def prepare(self):
        told = self.osgen("adopt", "-o", "topology.yaml", "--secret-file", "ajp.secret", self.vhost,
                          code=1)
        assert "warning: 127.0.0.1 may see this page now" in told and "1 warning\n" in told
        assert "has no problems" in self.osgen("check", *(f"--silence={name}" for name in MEANT),
                                               "topology.yaml")

    def in_place(self, *more):
        return ["-o", self.vhost, *more, "topology.yaml"]


@pytest.fixture
def walk(tmp_path, httpd, standins):
    return Walk(tmp_path, httpd(), standins)


def test_a_virtual_host_by_hand_becomes_osgens_and_users_notice_nothing(walk):
    with Load(walk.server, threads=2, path=ECHO) as load:
        wait_until(lambda: len(load.answers) > 20, 10, "the first requests")
        walk.prepare()
        told = walk.osgen("diff", *walk.in_place(), code=1)
        assert "# instances are checked from now on\n" in told
        assert all(node.secret not in told for node in walk.nodes)
        assert walk.vhost.read_text() == walk.old
        walk.osgen("apply", *walk.in_place("--control", walk.control))
        before = len(load.answers)
        wait_until(lambda: len(load.answers) > before + 20, 10, "more requests")
    assert {answer[0] for answer in load.answers} == {200}
    for node in walk.nodes:
        assert walk.server.members()[node.url]["state"] == "up"
    walk.osgen("diff", *walk.in_place())


def test_a_try_that_nobody_confirms_leaves_the_one_by_hand(walk):
    walk.prepare()
    told = walk.osgen("try", *walk.in_place("--control", walk.control, "--timeout", "2s"), code=1)
    assert "back" in told
    assert walk.vhost.read_text() == walk.old
    assert walk.server.request(ECHO, host=NAME).status == 200
    assert [name for name in os.listdir(walk.directory) if name.startswith(".openspecimen")] == []
