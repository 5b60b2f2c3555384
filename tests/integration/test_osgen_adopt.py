# SPDX-License-Identifier: Apache-2.0
"""A site that somebody wrote by hand, through osgen adopt and osgen render: users are served as before,
and nobody comes in who didn't."""

import os
import stat
import subprocess

import pytest

from harness.site import OSGEN
from harness.wait import wait_until

NAME = "test.openspecimen.org"
DENIED = "AH01630: client denied by server configuration"
# The balancer manager misses a Referer of its own.
MISSED = "AH10187: ignoring params in balancer-manager"


def by_hand(port, nodes, more="", rules="Require all granted", admin="127.0.0.1"):
    """As OpenSpecimen's own instructions have it."""
    members = "\n".join(f"    BalancerMember {node.url}/ secret={node.secret}"
                        for node in nodes)
    return f"""
<VirtualHost 127.0.0.1:{port}>
  ServerName {NAME}
  ProxyRequests off
  <Proxy balancer://os-cluster>
{members}
    {rules}
    ProxySet lbmethod=byrequests
  </Proxy>
{more}
  <Location /balancer-manager>
    SetHandler balancer-manager
    Require ip {admin}
  </Location>
  ProxyPass /balancer-manager !
  ProxyPass /openspecimen balancer://os-cluster/
  ProxyPassReverse /openspecimen balancer://os-cluster/
</VirtualHost>
"""


@pytest.fixture
def adopted(tmp_path, httpd, standins):
    """Starts httpd on what a configuration by hand is adopted and rendered to; CODE is what adopt
    ends with."""
    def start(code=0, **options):
        server = httpd()
        (tmp_path / "old.conf").write_text(by_hand(server.port, standins, **options))
        run = subprocess.run([OSGEN, "adopt", "-o", "topology.yaml", "--secret-file", "ajp.secret",
                              "old.conf"], cwd=tmp_path, text=True, capture_output=True, timeout=60)
        assert run.returncode == code, run.stderr
        subprocess.run([OSGEN, "render", "-o", "new.conf", "topology.yaml"], cwd=tmp_path,
                       check=True, timeout=60)
        server.configure(f'Include "{tmp_path}/new.conf"')
        server.start()
        return server
    return start


def ask(server, path):
    return server.request(path, host=NAME)


@pytest.mark.parametrize("kind", ["old", "new"])
def test_users_are_served_as_before(tmp_path, httpd, standins, adopted, kind):
    if kind == "new":
        server = adopted()
        for node in standins:
            server.wait_for_state(node.url, "up", 15)
        assert stat.S_IMODE(os.stat(tmp_path / "ajp.secret").st_mode) == 0o600
    else:
        server = httpd()
        server.configure(by_hand(server.port, standins))
        server.start()
    server.expect(MISSED)
    served = {ask(server, "/openspecimen/rest/ng/echo").json["node"] for _ in range(10)}
    assert served == {node.node for node in standins}
    assert ask(server, "/balancer-manager").status == 200


def test_rules_without_a_key_hold_as_before(adopted, standins):
    server = adopted(rules="<RequireAll>\nRequire all granted\nRequire not ip 127.0.0.1\n</RequireAll>")
    server.expect(DENIED, MISSED)
    assert ask(server, "/openspecimen/").status == 403
    assert ask(server, "/balancer-manager").status == 200
    wait_until(lambda: server.members()[standins[0].url]["state"] == "up", 15)


def test_a_location_for_everybody_opens_no_page(adopted, standins):
    server = adopted(more="<Location />\nRequire all granted\nHeader set X-Site os\n</Location>\n"
                     "<LocationMatch ^/>\nRequire all granted\n</LocationMatch>",
                     admin="192.0.2.1", code=1)
    server.expect(DENIED)
    for page in ("/balancer-manager", "/balancer-status", "/server-status"):
        assert server.request(page, host=NAME, source="127.0.0.2").status == 403
    assert ask(server, "/balancer-status").status == 200, "osgen itself looks at it from here"
    answer = ask(server, "/openspecimen/rest/ng/echo")
    assert (answer.status, answer.headers["X-Site"]) == (200, "os")
    assert answer.json["node"] in {node.node for node in standins}
