# SPDX-License-Identifier: Apache-2.0
"""The README's way from a virtual host that somebody wrote by hand to one that osgen keeps: adopt,
check, diff, apply, under the eyes of users."""

import os
import subprocess

import pytest

from harness.httpd import binary
from harness.load import Load
from harness.site import OSGEN
from harness.wait import wait_until

NAME = "test.openspecimen.org"
ECHO = "/openspecimen/rest/ng/echo"

# As the instructions have it, its misspelt directive left out, which httpd refuses.
BY_HAND = """\
<VirtualHost 127.0.0.1:{port}>
  ServerName {name}
  ProxyRequests off
  <Proxy balancer://os-cluster>
{members}
    Require all granted
    ProxySet lbmethod=byrequests
  </Proxy>
  <Location /balancer-manager>
    SetHandler balancer-manager
    Require ip 127.0.0.1
  </Location>
  ProxyPass /balancer-manager !
  ProxyPass /openspecimen balancer://os-cluster/
  ProxyPassReverse /openspecimen balancer://os-cluster/
</VirtualHost>
"""

CONTROL = """\
#!/bin/sh
if [ "$1" = configtest ]; then exec {httpd} -f {conf} -t; fi
exec {httpd} -f {conf} -k "$1"
"""


class Walk:
    def __init__(self, directory, server, nodes):
        self.directory, self.server, self.nodes = directory, server, nodes
        self.vhost = directory / "openspecimen-vhost.conf"
        members = "\n".join(f"    BalancerMember {node.url}/ secret={node.secret}" for node in nodes)
        self.vhost.write_text(BY_HAND.format(port=server.port, name=NAME, members=members))
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
        self.osgen("adopt", "-o", "topology.yaml", "--secret-file", "ajp.secret", self.vhost)
        assert "has no problems" in self.osgen("check", "--silence", "one-host",
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
        assert "# the checks: On is new" in told and all(node.secret not in told for node in walk.nodes)
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
