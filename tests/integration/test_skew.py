# SPDX-License-Identifier: Apache-2.0
"""OSBalancerSkew: members that run different builds on one database are told apart, and the
minority is shown or taken out."""

import re
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from harness.asking import LOCALE, PROPS, over_http
from harness.balancer import (FAILOVER_ERRORS, conf, journal, served_by, start_standins, told,
                              wait_for_checks, wait_for_states)
from harness.liar import ANY, Liar, mark
from harness.lies import Lie, by_ajp
from harness.wait import stays, wait_until

# Room for one bad check, after which the build is asked for, without a change of state.
HEALTH = "interval=1s fast=100ms timeout=1s fall=20"
ALARM = "members run different builds"
# The alarm's end, whatever its words.
OVER = r"^\[notice\].*os_balancer: balancer://os-cluster: "
BANNER = "Members run different builds:"


def configure(server, nodes, policy="", health=HEALTH):
    server.configure(conf(nodes, health, inside=f"OSBalancerSkew {policy}" if policy else ""))


def skewed(server):
    """The URLs of the members that are flagged."""
    return {url for url, member in server.members().items() if "skewed" in member["flags"]}


def balancer(server):
    return server.status()["balancers"][0]


def change_build(server, node, build, url=None):
    """As a new version on a node does, but with a pause so short that its state stays."""
    url = url or node.url
    failed = server.members()[url]["checks_failed"]
    node.control(build=build, deployed="off")
    wait_until(lambda: server.members()[url]["checks_failed"] > failed, 5, "a bad check")
    node.deploy()
    wait_until(lambda: server.members()[url]["build"]["version"] == build, 5, "its build")


@pytest.fixture
def three(tmp_path, after_servers):
    """The third runs another build."""
    return start_standins(after_servers, tmp_path, "v12.2", "v12.2", "v12.1")


@pytest.mark.parametrize("policy", ["", "warn"])
def test_by_default_the_minority_is_flagged_told_of_once_and_serves(httpd, three, policy):
    server = httpd()
    server.expect(ALARM)
    configure(server, three, policy)
    server.start()
    wait_until(lambda: skewed(server), 10, "the flag")
    assert skewed(server) == {three[2].url}
    assert balancer(server)["skewed"] and balancer(server)["skew_policy"] == "warn"
    page = server.request("/balancer-status").text
    assert BANNER in page and "The minority is out" not in page
    assert page.count("another build than most") == 1
    assert served_by(server) == {node.node for node in three}
    wait_for_checks(server, three[2:], 3)
    lines = told(server, ALARM)
    assert len(lines) == 1 and lines[0].startswith("[warn]")
    assert "balancer://os-cluster: " in lines[0]
    events = journal(server, "skew")
    assert [(event["over"], event["member"]) for event in events] == [(False, None)]


def test_a_change_of_build_is_told_and_ends_the_alarm(httpd, three):
    server = httpd()
    server.expect(ALARM)
    configure(server, three)
    server.start()
    wait_until(lambda: skewed(server), 10, "the flag")
    change_build(server, three[2], "v12.2")
    wait_until(lambda: told(server, OVER), 5, "the end of the alarm")
    assert len(told(server, OVER)) == 1
    assert skewed(server) == set() and not balancer(server)["skewed"]
    assert BANNER not in server.request("/balancer-status").text
    lines = told(server, "build changed: ")
    assert len(lines) == 1 and lines[0].startswith("[notice]")
    assert re.search(re.escape(three[2].url) + r": build changed: v12\.1\b.* -> v12\.2\b", lines[0])
    events = journal(server, "skew", "build")
    assert [(event["kind"], event.get("over")) for event in events] == [
        ("skew", False), ("build", None), ("skew", True)]
    assert events[1]["member"] == three[2].url
    assert re.match(r"v12\.1\b.* -> v12\.2\b", events[1]["words"])
    assert served_by(server) == {node.node for node in three}


def test_a_change_of_build_begins_the_alarm(httpd, standins):
    server = httpd()
    server.expect(ALARM)
    configure(server, standins)
    server.start()
    wait_for_states(server, standins, "up")
    assert journal(server, "skew", "build") == []
    change_build(server, standins[0], "v12.3")
    wait_until(lambda: told(server, ALARM), 5, "the alarm")
    assert [event["kind"] for event in journal(server, "skew", "build")] == ["build", "skew"]
    assert len(server.transitions()) == 3, "one line is the build's, and no state changed"


def test_eject_takes_the_minority_out_until_nobody_else_is_up(httpd, three):
    server = httpd()
    server.expect(ALARM, "up -> unreachable")
    configure(server, three, "eject", "interval=1s fast=100ms timeout=1s")
    server.start()
    wait_until(lambda: skewed(server) == {three[2].url}, 10, "the flag")
    wait_until(lambda: not server.members()[three[2].url]["serves"], 5, "it to be out")
    assert served_by(server) == {"os1", "os2"}
    assert server.members()[three[2].url]["state"] == "up"
    assert "The minority is out" in server.request("/balancer-status").text
    for node in three[:2]:
        node.control(phase="down")
    wait_for_states(server, three[:2], "unreachable")
    wait_until(lambda: server.members()[three[2].url]["serves"], 5, "it to be in")
    assert skewed(server) == set() and served_by(server) == {"os3"}
    for node in three[:2]:
        node.control(phase="up")
    wait_for_states(server, three[:2], "up")
    wait_until(lambda: not server.members()[three[2].url]["serves"], 5, "it to be out again")
    assert served_by(server) == {"os1", "os2"}


def test_who_is_out_for_its_build_alone_finishes_what_it_has_begun(httpd, standins, after_servers):
    node, done = standins[1], threading.Event()
    liar = Liar(node, {1: Lie("in the end", (done.wait, by_ajp(ANY, 200, b"of the minority")))})
    after_servers.callback(liar.stop)
    after_servers.callback(done.set)
    server = httpd()
    server.expect(ALARM, *FAILOVER_ERRORS)
    server.configure(conf([standins[0], liar], HEALTH,
                          inside="OSBalancerSkew eject\nOSBalancerFailover On budget=100%"))
    server.start()
    wait_for_states(server, [standins[0], liar], "up")
    with ThreadPoolExecutor(4) as pool:
        answers = [pool.submit(server.request, LOCALE, headers={"X-Mark": mark(1).decode()})
                   for _ in range(4)]
        wait_until(lambda: liar.asked[1], 5, "a request there")
        change_build(server, node, "v12.9", liar.url)
        wait_until(lambda: not server.members()[liar.url]["serves"], 10, "it to be out")
        stays(lambda: liar.asked[1] and not liar.told[1], 0.5, "it is waited for")
        done.set()
        assert b"of the minority" in {answer.result().body for answer in answers}
    assert server.members()[liar.url]["failovers"] == 0


def test_of_two_the_one_that_was_up_first_stays(httpd, tmp_path, after_servers):
    """The later one stands first in the configuration, and keeps its turn over a reload."""
    later, sooner = start_standins(after_servers, tmp_path, "v12.3", "v12.2")
    server = httpd()
    server.expect(ALARM, later.url + ": unverified -> unreachable")
    configure(server, [later, sooner], "eject")
    later.control(phase="down")
    server.start()
    server.wait_for_state(later.url, "unreachable", 5)
    server.wait_for_state(sooner.url, "up", 5)
    later.control(phase="up")
    server.wait_for_state(later.url, "up", 5)
    wait_until(lambda: skewed(server) == {later.url}, 5, "the flag")
    wait_until(lambda: not server.members()[later.url]["serves"], 5, "it to be out")
    assert served_by(server) == {sooner.node}
    server.graceful()
    assert served_by(server) == {sooner.node} and skewed(server) == {later.url}


def test_ignore_says_and_does_nothing(httpd, three):
    server = httpd()
    configure(server, three, "ignore")
    server.start()
    wait_for_states(server, three, "up")
    wait_until(lambda: all(member["build"] for member in server.members().values()), 5, "builds")
    wait_for_checks(server, three[2:], 2)
    assert skewed(server) == set() and not balancer(server)["skewed"]
    assert balancer(server)["skew_policy"] == "ignore"
    assert BANNER not in server.request("/balancer-status").text
    assert told(server, ALARM) == [] and journal(server, "skew") == []
    assert served_by(server) == {node.node for node in three}


def test_ignore_still_tells_of_a_change_of_build(httpd, standins):
    server = httpd()
    configure(server, standins, "ignore")
    server.start()
    wait_for_states(server, standins, "up")
    change_build(server, standins[0], "v12.3")
    event = wait_until(lambda: journal(server, "build"), 5, "the event")[0]
    assert event["member"] == standins[0].url
    assert re.match(r"v12\.2\b.* -> v12\.3\b", event["words"])
    line, = told(server, "build changed: ")
    assert line.startswith("[notice]") and standins[0].url in line


def test_a_build_is_shown_as_the_node_tells_it(httpd, standins):
    server = httpd()
    server.expect(ALARM)
    standins[1].control(build="v13.0.RC1")
    configure(server, standins)
    server.start()
    wait_for_states(server, standins, "up")
    for node in standins:
        props = over_http(node, PROPS).json
        assert server.members()[node.url]["build"] == {
            "version": props["build_version"],
            "commit": props["build_commit_revision"],
            "date": props["build_date"],
            "environment": props["deploy_env"],
            "plugins": ", ".join(f"{plugin['os-plugin-name']} {plugin['version']}"
                                 for plugin in props["pluginsDetail"])}


def reload_with_another_policy(httpd, three, policy):
    """After the alarm of `warn`."""
    server = httpd()
    server.expect(ALARM)
    configure(server, three, "warn")
    server.start()
    wait_until(lambda: told(server, ALARM), 10, "the alarm")
    configure(server, three, policy)
    server.graceful()
    return server


def test_another_policy_counts_from_the_reload_on_and_repeats_no_alarm(httpd, three):
    server = reload_with_another_policy(httpd, three, "eject")
    assert served_by(server) == {"os1", "os2"}
    wait_for_checks(server, three[2:], 2)
    assert len(told(server, ALARM)) == 1 and len(journal(server, "skew")) == 1


def test_builds_that_are_no_longer_compared_are_not_said_to_be_one(httpd, three):
    server = reload_with_another_policy(httpd, three, "ignore")
    wait_for_checks(server, three[2:], 2)
    line, = told(server, OVER)
    assert "no longer compared" in line


def test_two_tomcats_of_different_builds(site, tomcats):
    old, new = tomcats
    one = site(tomcats, health="{interval: 1s, fast: 200ms, timeout: 1s}")
    one.httpd.expect(ALARM, new.url + ": up -> not-deployed")
    one.start()
    one.wait_until_up()
    new.control(build="v12.3")
    new.undeploy()
    one.wait_for_state(new, "not-deployed", 10)
    new.deploy()
    one.wait_for_state(new, "up", 20)
    wait_until(lambda: one.member(new)["flags"] == ["skewed"], 5, "the flag")
    assert one.member(old)["flags"] == []
    assert one.member(new)["build"]["version"] == "v12.3"
    assert BANNER in one.request("/balancer-status").text
    assert one.served_by() == {old.node, new.node}
    assert "build changed: " in one.httpd.log()
