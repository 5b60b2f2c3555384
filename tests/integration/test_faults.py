# SPDX-License-Identifier: Apache-2.0
"""Each fault of a real Tomcat: the right state's name, on the page and in the JSON, the member out
in time and back in time."""

import time

import pytest

from harness.wait import wait_until

INTERVAL, FAST, TIMEOUT, RISE, FALL = 1.0, 0.2, 1.0, 2, 2
HEALTH = "{interval: 1s, fast: 200ms, timeout: 1s, rise: 2, fall: 2}"

# From the fault's moment, which may be right after a check, until the page tells of it.
OUT_WITHIN = FALL * INTERVAL + TIMEOUT
BACK_WITHIN = RISE * INTERVAL + 1.0
# What a loaded machine may add to either: an allowance for the test, not a part of the promise.
ALLOWANCE = 0.5


def restart(node, **options):
    node.kill()
    node.start(**options)


# Each fault: how it comes, the state that it must be called, how it goes.
FAULTS = {
    "kill": (lambda node: node.kill(), "unreachable", lambda node: node.start()),
    "hang": (lambda node: node.hang(), "hung", lambda node: node.resume()),
    "undeploy": (lambda node: node.undeploy(), "not-deployed", lambda node: node.deploy()),
    "database refused": (lambda node: node.control(db="refused"), "database-down",
                         lambda node: node.control(db="ok")),
    "database hang": (lambda node: node.control(db="hang"), "stalled",
                      lambda node: node.control(db="ok")),
    "SQL failed midway": (lambda node: node.control(db="sqlerror"), "failing",
                          lambda node: node.control(db="ok")),
    "another exception": (lambda node: node.control(db="error"), "failing",
                          lambda node: node.control(db="ok")),
    "all threads busy": (lambda node: node.control(busy="on"), "hung",
                         lambda node: node.control(busy="off")),
    "a page that is not OpenSpecimen's": (lambda node: node.control(body="html"), "foreign",
                                          lambda node: node.control(body="ok")),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_named_and_the_member_leaves_and_returns_in_time(site, tomcats, fault):
    break_it, state, mend_it = FAULTS[fault]
    good, bad = tomcats
    one = site(tomcats, health=HEALTH)
    one.httpd.expect(rf"{bad.url}: up -> {state}: ", rf"{bad.url}: \w+ -> \w+: ",
                     r"AH0\d+.*(ajp|AJP|proxy|backend|balancer)", r"\[client ")
    one.start()
    one.wait_until_up()
    break_it(bad)
    broken = time.monotonic()
    one.wait_for_state(bad, state, OUT_WITHIN + ALLOWANCE)
    assert time.monotonic() - broken <= OUT_WITHIN + ALLOWANCE
    member = one.member(bad)
    assert not member["serves"]
    page = one.request("/balancer-status").text
    assert f">{state}</span>" in page and member["reason"].replace("'", "&#39;") in page
    assert one.served_by() == {good.node}
    mend_it(bad)
    mended = time.monotonic()
    one.wait_for_state(bad, "up", BACK_WITHIN + ALLOWANCE)
    assert time.monotonic() - mended <= BACK_WITHIN + ALLOWANCE
    assert one.served_by() == {good.node, bad.node}


def test_a_slow_start_is_starting_until_it_is_up(site, tomcats):
    bad = tomcats[1]
    one = site(tomcats, health=HEALTH)
    one.httpd.expect(rf"{bad.url}: ", r"AH0\d+.*(ajp|AJP|proxy|backend|balancer)")
    one.start()
    one.wait_until_up()
    bad.kill()
    one.wait_for_state(bad, "unreachable", OUT_WITHIN + ALLOWANCE)
    bad.start(wait=False, start_fault="slow:4")
    one.wait_for_state(bad, "starting", 10)
    one.wait_for_state(bad, "up", 15)


def test_a_failed_start_is_not_deployed_until_a_restart(site, tomcats):
    bad = tomcats[1]
    one = site(tomcats, health=HEALTH)
    one.httpd.expect(rf"{bad.url}: ", r"AH0\d+.*(ajp|AJP|proxy|backend|balancer)")
    restart(bad, start_fault="fail")
    try:
        one.start()
        one.wait_for_state(bad, "not-deployed", 10)
    finally:
        restart(bad)
    one.wait_for_state(bad, "up", BACK_WITHIN + ALLOWANCE)


def test_a_wrong_secret_is_forbidden(site, tomcats):
    bad = tomcats[1]
    one = site(tomcats, health=HEALTH)
    right = bad.secret
    one.httpd.expect(rf"{bad.url}: unverified -> forbidden: ")
    bad.secret = "not the secret of that node"
    try:
        one.start()
        member = one.wait_for_state(bad, "forbidden", 10)
    finally:
        bad.secret = right
    assert "secret" in member["reason"]
    assert not member["serves"]


def test_a_lockdown_keeps_the_member_up(site, tomcats):
    one = site(tomcats, health=HEALTH)
    one.start()
    one.wait_until_up()
    tomcats[1].control(lockdown="on")
    checks = one.member(tomcats[1])["checks"]
    wait_until(lambda: one.member(tomcats[1])["checks"] > checks + 2, 10, "three more checks")
    assert one.member(tomcats[1])["state"] == "up"


def test_when_the_database_is_down_for_all_nobody_is_taken_out(site, tomcats):
    one = site(tomcats, health=HEALTH)
    one.httpd.expect(r" -> database-down: ")
    one.start()
    one.wait_until_up()
    for node in tomcats:
        node.control(db="refused")
    for node in tomcats:
        one.wait_for_state(node, "database-down", OUT_WITHIN + ALLOWANCE)
    answers = {one.request("/openspecimen/rest/ng/config-settings/locale").status
               for _ in range(10)}
    assert answers == {500}, "OpenSpecimen's own error reaches the user, not a 503"
