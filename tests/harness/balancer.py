# SPDX-License-Identifier: Apache-2.0
"""A balancer written by hand, where a test wants more than osgen renders, and what is looked up
about one."""

import contextlib
import os
import re
import shutil
import tempfile

from .standin import Standin
from .wait import wait_until

NAME = "balancer://os-cluster"
HEALTH = "interval=1s fast=100ms timeout=1s"
ECHO = "/openspecimen/rest/ng/echo"

# What the log says of attempts that fail, whose requests then go on to another member.
FAILOVER_ERRORS = (r"os_balancer: no (connection|whole answer|answer)",
                   r"AH00(898|940|956|957|959)|AH01(102|114)")

CONF = """\
{extra}
<Proxy "{name}">
    {members}
    OSBalancerHealth On {health}
    {inside}
</Proxy>
<Location "/balancer-status">
    SetHandler os-balancer-status
</Location>
ProxyPass "/balancer-status" "!"
ProxyPass "/openspecimen" "{name}"
"""


def conf(nodes, health=HEALTH, inside="", extra=""):
    """INSIDE: more lines for the <Proxy> section; EXTRA: for the server."""
    members = "\n    ".join(f"BalancerMember {node.url} secret={node.secret}" for node in nodes)
    return CONF.format(name=NAME, members=members, health=health, inside=inside, extra=extra)


def start_standins(stack, base, *builds):
    """A stand-in for each build, named os1, os2 and so on; STACK stops them."""
    nodes = [Standin(base / f"standin{number}", node=f"os{number}", build=build)
             for number, build in enumerate(builds, 1)]
    for node in nodes:
        stack.callback(node.stop)
        node.start()
    return nodes


@contextlib.contextmanager
def common_directory():
    """A directory in which httpd's children may do everything whoever they are, as nobody but the
    test's own user may in pytest's."""
    path = tempfile.mkdtemp(prefix="osb-")
    try:
        os.chmod(path, 0o777)
        yield path
    finally:
        shutil.rmtree(path)


def wait_for_states(server, nodes, state, limit=10):
    for node in nodes:
        server.wait_for_state(node.url, state, limit)


def wait_for_checks(server, nodes, count):
    """Lets COUNT more checks of each node pass."""
    before = server.members()
    wait_until(lambda: all(server.members()[node.url]["checks"] >=
                           before[node.url]["checks"] + count for node in nodes),
               10, "more checks")


def served_by(server, count=12):
    """Which nodes answer COUNT requests, by name; fails if one isn't answered with 200."""
    answers = [server.request(ECHO) for _ in range(count)]
    assert {answer.status for answer in answers} == {200}
    return {answer.json["node"] for answer in answers}


def told(server, words):
    """The module's log lines that have WORDS, a regular expression, in order; each begins with its
    level in brackets."""
    return [line for line in server.log().splitlines()
            if "os_balancer: " in line and re.search(words, line)]


def journal(server, *kinds):
    """The journal's events of these kinds, or of all, oldest first."""
    events = server.status()["journal"][::-1]
    return [event for event in events if not kinds or event["kind"] in kinds]
