# SPDX-License-Identifier: Apache-2.0
"""One child checks, under every MPM, and what it does with members, balancers and bits; what happens
when that child is lost is in test_leader.py."""

import re

import pytest

from harness.httpd import MPMS
from harness.wait import wait_until

HEALTH = "OSBalancerHealth On interval=1s fast=100ms timeout=1s"
STATUS = """\
<Location "/balancer-status">
    SetHandler os-balancer-status
</Location>
ProxyPass "/balancer-status" "!"
"""


def balancer(name, nodes, health=HEALTH):
    members = "\n".join(f"    BalancerMember {node.url} secret={node.secret}" for node in nodes)
    return f'<Proxy "balancer://{name}">\n{members}\n    {health}\n</Proxy>\n'


def checking_children(server):
    """Process ids of the children that took over the checks, in order."""
    return [int(pid) for pid in re.findall(r"\[pid (\d+)\] os_balancer: this child now checks",
                                           server.log())]


@pytest.fixture(params=MPMS)
def server(request, httpd, standins):
    one = httpd(mpm=request.param)
    one.configure(balancer("os-cluster", standins) + STATUS +
                  'ProxyPass "/openspecimen" "balancer://os-cluster"\n'
                  "StartServers 3\n")
    one.start()
    for node in standins:
        one.wait_for_state(node.url, "up", 10)
    return one


def test_one_of_several_children_checks(server):
    assert len(server.children()) >= 2
    assert len(checking_children(server)) == 1


def test_each_transition_is_one_line(server, standins):
    server.expect(standins[1].url + ": up -> ")
    standins[1].control(db="refused")
    server.wait_for_state(standins[1].url, "database-down", 5)
    checks = server.members()[standins[1].url]["checks"]
    wait_until(lambda: server.members()[standins[1].url]["checks"] > checks + 3, 5, "more checks")
    standins[1].control(db="ok")
    server.wait_for_state(standins[1].url, "up", 5)
    lines = [line for line in server.transitions() if standins[1].url in line]
    assert len(lines) == 3, lines
    assert re.search(r"balancer://os-cluster member \S+: up -> database-down: "
                     r"OpenSpecimen gets no connection to its database "
                     r"\(check took \d+ ms, 2 bad in a row, was up for \d+ (ms|s)\)$", lines[1])
    assert re.search(r"database-down -> up: .*2 good in a row", lines[2])


def test_the_manager_shows_who_is_out(httpd, standins):
    server = httpd()
    server.expect(standins[1].url + ": up -> ", "AH10187")
    server.configure(balancer("os-cluster", standins) + STATUS +
                     '<Location "/balancer-manager">\nSetHandler balancer-manager\n</Location>')
    server.start()
    for node in standins:
        server.wait_for_state(node.url, "up", 10)
    assert server.request("/balancer-manager").text.count("HcFl") == 0
    standins[1].undeploy()
    server.wait_for_state(standins[1].url, "not-deployed", 5)
    assert server.request("/balancer-manager").text.count("HcFl") == 1


def test_virtual_hosts_and_balancers_are_checked_each_and_once(httpd, standins):
    """One balancer of the main server that a virtual host inherits, one of a virtual host's own
    with the same name as another's, and one without the directive."""
    server = httpd()
    server.expect("AH01150", "AH01149")
    hosts = "".join(
        f'<VirtualHost *:{server.port}>\nServerName {name}\n'
        f'{balancer("own", [node])}'
        f'ProxyPass "/openspecimen" "balancer://own"\n{STATUS}</VirtualHost>\n'
        for name, node in zip(("a.test", "b.test"), standins))
    server.configure(balancer("shared", standins) +
                     balancer("unchecked", standins, health="") + hosts + STATUS)
    server.start()
    wait_until(lambda: all(member["state"] == "up" for one in server.status()["balancers"]
                           for member in one["members"]), 10, "all to be up")
    found = [(one["server"].split(":")[0], one["name"], len(one["members"]))
             for one in server.status()["balancers"]]
    assert sorted(found) == [("a.test", "balancer://own", 1), ("b.test", "balancer://own", 1),
                             ("test.invalid", "balancer://shared", 2)]
    assert len(server.transitions()) == 4


def test_forty_members_of_twenty_balancers_are_held_for_what_they_are(httpd, standins):
    """Every other balancer asks for a webapp that isn't there: its bad day is none of the next."""
    server = httpd()
    server.expect("unverified -> not-deployed")
    server.configure(STATUS + "".join(
        balancer(f"os-{number}", standins, HEALTH + " context=/nowhere" * (number % 2))
        for number in range(20)))
    server.start()
    wait_until(lambda: "unverified" not in {member["state"] for one in server.status()["balancers"]
                                            for member in one["members"]}, 10, "all to be checked")
    balancers = server.status()["balancers"]
    assert len(balancers) == 20
    for number, one in enumerate(balancers):
        odd = number % 2 == 1
        assert [member["state"] for member in one["members"]] == \
            ["not-deployed" if odd else "up"] * 2
        assert [member["serves"] for member in one["members"]] == [not odd] * 2


def test_a_member_that_is_drained_does_not_count_as_up(httpd, standins):
    """Draining one node while the database is away from the other must not turn users away."""
    server = httpd()
    server.expect(standins[1].url + ": up -> database-down")
    conf = balancer("os-cluster", standins).replace(
        f"BalancerMember {standins[0].url}", f"BalancerMember {standins[0].url} status=+N")
    server.configure(conf + STATUS + 'ProxyPass "/openspecimen" "balancer://os-cluster"')
    server.start()
    for node in standins:
        server.wait_for_state(node.url, "up", 10)
    standins[1].control(db="refused")
    server.wait_for_state(standins[1].url, "database-down", 5)
    wait_until(lambda: server.members()[standins[1].url]["serves"], 5, "the other to serve")
    assert not server.members()[standins[0].url]["serves"]
    assert server.request("/openspecimen/rest/ng/echo").status == 200


def test_bits_that_mod_proxy_keeps_over_a_stop_are_not_ours(httpd, standins):
    """BalancerPersist On, a member that is out, and then a configuration that checks nobody."""
    server = httpd()
    server.expect(standins[1].url + ": up -> not-deployed")
    rest = 'ProxyPass "/openspecimen" "balancer://os-cluster"\nBalancerPersist On\n'
    server.configure(balancer("os-cluster", standins) + STATUS + rest)
    server.start()
    for node in standins:
        server.wait_for_state(node.url, "up", 10)
    standins[1].undeploy()
    server.wait_for_state(standins[1].url, "not-deployed", 5)
    server.configure(balancer("os-cluster", standins, health="") + rest)
    server.graceful()
    standins[1].deploy()
    nodes = {server.request("/openspecimen/rest/ng/echo").json["node"] for _ in range(6)}
    assert nodes == {node.node for node in standins}


def test_no_secret_is_ever_logged(httpd, standins):
    """At the most talkative level, with a member that refuses the secret."""
    server = httpd(log_level="trace8")
    standins[0].secret = "a secret that is wrong"
    server.expect("unverified -> forbidden")
    server.configure(balancer("os-cluster", standins) .replace(
        "secret=a secret that is wrong", '"secret=a secret that is wrong"') + STATUS)
    server.start()
    server.wait_for_state(standins[0].url, "forbidden", 10)
    server.wait_for_state(standins[1].url, "up", 10)
    shown = server.log() + server.request("/balancer-status").text + str(server.status())
    for node in standins:
        assert node.secret not in shown


def test_a_balancer_without_the_directive_is_left_alone(httpd, standins):
    """Its members go on as mod_proxy has them, though another balancer is checked."""
    server = httpd()
    server.expect(standins[1].url + ": up -> ", "AH10187")
    server.configure(balancer("checked", standins) + balancer("plain", standins, health="") +
                     STATUS + 'ProxyPass "/openspecimen" "balancer://plain"\n'
                     '<Location "/balancer-manager">\nSetHandler balancer-manager\n</Location>')
    server.start()
    for node in standins:
        server.wait_for_state(node.url, "up", 10)
    standins[1].undeploy()
    server.wait_for_state(standins[1].url, "not-deployed", 5)
    assert {server.request("/openspecimen/rest/ng/echo").status for _ in range(10)} == {200, 404}
    assert server.request("/balancer-manager").text.count("HcFl") == 1


def test_an_operators_bits_stay_the_operators(httpd, standins):
    """A member that starts disabled is checked, shown and left disabled."""
    server = httpd()
    conf = balancer("os-cluster", standins).replace(
        f"BalancerMember {standins[1].url}", f"BalancerMember {standins[1].url} status=+D")
    server.configure(conf + STATUS + 'ProxyPass "/openspecimen" "balancer://os-cluster"')
    server.start()
    for node in standins:
        server.wait_for_state(node.url, "up", 10)
    member = server.members()[standins[1].url]
    assert member["flags"] == ["disabled"] and not member["serves"]
    nodes = {server.request("/openspecimen/rest/ng/echo").json["node"] for _ in range(6)}
    assert nodes == {standins[0].node}
