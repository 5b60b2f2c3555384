# SPDX-License-Identifier: Apache-2.0
"""The module built under AddressSanitizer and UndefinedBehaviorSanitizer, in a real httpd, through
everything that it does."""

import pytest

from harness.asking import LOCALE
from harness.balancer import ECHO, FAILOVER_ERRORS
from harness.httpd import MPMS
from harness.sanitized import assert_nothing_found, sanitized

# What shows once is a fault.
pytestmark = pytest.mark.flaky(reruns=0)

CONF = """\
<Proxy "balancer://os-cluster">
    {members}
    OSBalancerHealth On interval=600ms fast=100ms timeout=600ms slowstart=1s
    ProxySet lbmethod=os_least_time
    OSBalancerFailover On budget=100% retries=2
</Proxy>
<Location "/balancer-status">
    SetHandler os-balancer-status
</Location>
ProxyPass "/balancer-status" "!"
ProxyPass "/openspecimen" "balancer://os-cluster"
"""

# Everything that a stand-in can do to a check, and the state that it makes.
SWITCHES = [({"db": "refused"}, "database-down"), ({"db": "hang"}, "stalled"),
            ({"db": "error"}, "failing"), ({"deployed": "off"}, "not-deployed"),
            ({"busy": "on"}, "hung"), ({"body": "html"}, "foreign"),
            ({"body": "truncated"}, "foreign"), ({"body": "huge"}, "foreign"),
            ({"wire": "garbage"}, "foreign"), ({"wire": "half"}, "hung"),
            ({"wire": "endless"}, "foreign"), ({"wire": "close"}, "unreachable"),
            ({"phase": "starting"}, "hung"), ({"phase": "down"}, "unreachable"),
            ({"status": 418}, "failing")]
BODY = b"x" * 30000  # more than a packet
WELL = {"db": "ok", "deployed": "on", "busy": "off", "body": "ok", "wire": "ok", "phase": "up",
        "status": 0}


def member_lines(nodes):
    """The first member over AJP and over HTTP, the second to have somebody who serves."""
    first, second = nodes
    return "\n    ".join([f"BalancerMember {first.url} secret={first.secret}",
                          f"BalancerMember {first.http_url}",
                          f"BalancerMember {second.url} secret={second.secret}"])


@pytest.mark.parametrize("mpm", MPMS)
def test_nothing_is_found_in_a_day_in_the_life(httpd, standins, mpm):
    bad, good = standins
    server = httpd(mpm=mpm, **sanitized())
    server.expect(bad.url + ": ", bad.http_url + ": ", *FAILOVER_ERRORS)
    server.configure(CONF.format(members=member_lines(standins)))
    server.start()
    for url in server.members():
        server.wait_for_state(url, "up", 20)
    for switches, state in SWITCHES:
        bad.control(**switches)
        for _ in range(0 if switches == {"wire": "endless"} else 6):
            # One retry may lead from one name of the bad node to its other one.
            assert server.request(LOCALE, timeout=20).status in (200, 404, 418, 500)
            server.request(ECHO, method="POST", body=BODY, timeout=20)
        for url in (bad.url, bad.http_url):
            server.wait_for_state(url, state, 20)
        server.graceful()
        assert server.request("/balancer-status").status == 200
        assert server.request("/openspecimen/rest/ng/echo").json["node"] == good.node
        bad.control(**{name: WELL[name] for name in switches})
        for url in (bad.url, bad.http_url):
            server.wait_for_state(url, "up", 20)
    server.stop()
    assert_nothing_found(server)
