# SPDX-License-Identifier: Apache-2.0
"""Members in the odd forms that a URL may take: what is asked, and of whom."""

import socket

import pytest

from harness.wait import wait_until

CONF = """\
<Proxy "balancer://OS-Cluster/">
    BalancerMember {url} secret={secret}
    OSBalancerHealth On interval=1s fast=100ms timeout=1s {settings}
</Proxy>
<Location "/balancer-status">
    SetHandler os-balancer-status
</Location>
"""

FORMS = {
    "without a path": ("ajp://127.0.0.1:{port}", ""),
    "with a slash alone": ("ajp://127.0.0.1:{port}/", ""),
    "with the context": ("ajp://127.0.0.1:{port}/openspecimen", ""),
    "with a slash behind the context": ("ajp://127.0.0.1:{port}/openspecimen/", ""),
    "with a host name": ("ajp://localhost:{port}/openspecimen", ""),
    "in capital letters": ("AJP://LOCALHOST:{port}/openspecimen", ""),
    "with another path and context=": ("ajp://127.0.0.1:{port}/other", "context=/openspecimen"),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_member_is_checked_where_its_openspecimen_is(httpd, standins, form):
    url, settings = FORMS[form]
    server = httpd()
    server.configure(CONF.format(url=url.format(port=standins[0].ajp_port),
                                 secret=standins[0].secret, settings=settings))
    server.start()
    wait_until(lambda: [member["state"] for member in server.members().values()] == ["up"], 10,
               "the member to be up")


def test_a_wrong_context_is_not_deployed(httpd, standins):
    server = httpd()
    server.expect("unverified -> not-deployed")
    server.configure(CONF.format(url=f"ajp://127.0.0.1:{standins[0].ajp_port}/elsewhere",
                                 secret=standins[0].secret, settings=""))
    server.start()
    server.wait_for_state(f"ajp://127.0.0.1:{standins[0].ajp_port}/elsewhere", "not-deployed", 10)


def test_an_ipv6_member_is_checked(httpd):
    """Nobody listens there: what counts is that the address is understood."""
    with socket.socket(socket.AF_INET6) as holder:
        try:
            holder.bind(("::1", 0))
        except OSError:
            pytest.skip("this machine has no IPv6 loopback")
        port = holder.getsockname()[1]
        server = httpd()
        server.expect("unverified -> unreachable: the connection is refused")
        server.configure(CONF.format(url=f"ajp://[::1]:{port}/openspecimen", secret="s",
                                     settings=""))
        server.start()
        wait_until(lambda: [member["state"] for member in server.members().values()] ==
                   ["unreachable"], 10, "the member to be unreachable")


def test_a_name_without_an_address_is_unreachable_in_its_own_words(httpd):
    server = httpd()
    server.expect("its host name has no address", "AH00545", "DNS lookup")
    server.configure(CONF.format(url="ajp://no-such-host.invalid:8019/openspecimen", secret="s",
                                 settings=""))
    server.start()
    member = server.wait_for_state("ajp://no-such-host.invalid:8019/openspecimen", "unreachable",
                                   10)
    assert "no address" in member["reason"]
