# SPDX-License-Identifier: Apache-2.0
"""The balancer of the soak test and its members."""

import os

from harness.httpd import SITE_MODULES, Httpd
from harness.ports import free_port
from harness.standin import Standin

NODES = 24   # of them every third is spoken to by HTTP
NAMES = 4    # members whose names no resolver knows
CLOSED = 2   # members at ports where nobody listens

CONF = """\
StartServers 2
ServerLimit 24
ThreadsPerChild 25
MaxRequestWorkers 600
Timeout 10
OSBalancerStateFile "{root}/state/members"
OSBalancerNotify "/bin/true"
<Proxy "balancer://os-cluster">
{members}
    OSBalancerHealth On interval=1s fast=200ms timeout=1s
</Proxy>
ProxyPass "/openspecimen" "balancer://os-cluster"
<Location "/balancer-status">
    SetHandler os-balancer-status
    Require local
</Location>
"""


def make_nodes(root):
    return [Standin(os.path.join(root, f"os{number}"), node=f"os{number}")
            for number in range(NODES)]


def urls(nodes):
    yield from ((node.http_url if number % 3 == 2 else node.url, node.secret)
                for number, node in enumerate(nodes))
    yield from ((f"ajp://no-such-host-{number}.invalid:8009/openspecimen", "s")
                for number in range(NAMES))
    yield from ((f"ajp://127.0.0.1:{free_port()}/openspecimen", "s") for _ in range(CLOSED))


def make_server(root, nodes):
    """Connections to members aren't kept, so that the descriptors of a child show a leak and not
    how many users there were at a time."""
    server = Httpd(os.path.join(root, "httpd"), modules=SITE_MODULES, log_level="notice")
    lines = [f"    BalancerMember {url} timeout=2 disablereuse=on"
             + (f" secret={secret}" if url.startswith("ajp:") else "")
             for url, secret in urls(nodes)]
    server.configure(CONF.format(root=server.root, members="\n".join(lines)))
    return server
