# SPDX-License-Identifier: Apache-2.0
"""Two balancer hosts and real keepalived: the virtual addresses go to the one that serves."""

import os
import shutil
import signal
import time

import pytest

from harness import netns
from harness.pair import NODE, VIRTUAL, Pair
from harness.wait import stays, wait_until

pytestmark = pytest.mark.skipif(shutil.which("keepalived") is None,
                                reason="keepalived isn't installed")

# What users may notice of a fault, in seconds.
SOON = 1.0

# What httpd tells of an instance that it doesn't reach.
LEFT_ALONE = (f"ajp://{NODE}/openspecimen: up -> ", "AH01170: balancer://os-cluster",
              "AH00957: AJP: attempt to connect", "AH00959: ap_proxy_connect_backend disabling",
              f"no connection to ajp://{NODE}")


@pytest.fixture(scope="module")
def namespaces():
    why = netns.why_not()
    if why is not None:
        pytest.skip(why)


@pytest.fixture
def pair(tmp_path, namespaces):
    with Pair(tmp_path) as one:
        one.wait_until_well()
        yield one


def calls(pair):
    """A user at each virtual address, and served."""
    users = [pair.call(address) for address in VIRTUAL]
    for user in users:
        wait_until(lambda: user.last() == "lb1", 10, "the first answer")
    return users


def measure(users, since, who):
    for user, address in zip(users, VIRTUAL):
        outage = wait_until(lambda: user.outage(since, who), 10, f"{who} to answer at {address}")
        print(f"{who} answers at {address} after {outage:.2f} s; {user.failures(since)} failed")
        yield outage


def test_the_addresses_move_when_httpd_dies_and_come_back_with_it(pair):
    first, second = pair.balancers
    first.httpd.expect("AH00098: pid file .* overwritten")
    users = calls(pair)
    since = time.monotonic()
    first.httpd.kill()
    assert max(measure(users, since, "lb2")) < SOON
    pair.wait_for(second)
    since = time.monotonic()
    first.httpd.start()
    list(measure(users, since, "lb1"))
    pair.wait_for(first)
    # It comes back when it is well, and not before: hardly a request fails on its way.
    assert max(user.failures(since) for user in users) <= 5


def test_the_addresses_move_when_the_host_dies(pair):
    users = calls(pair)
    since = time.monotonic()
    pair.balancers[0].die()
    assert max(measure(users, since, "lb2")) < SOON
    assert pair.balancers[1].has_addresses()


def test_the_addresses_move_when_httpd_hangs(pair):
    first, second = pair.balancers
    user = calls(pair)[0]
    os.killpg(first.httpd.pid, signal.SIGSTOP)
    try:
        wait_until(lambda: user.last() == "lb2", 20, "lb2 to answer")
        pair.wait_for(second)
    finally:
        os.killpg(first.httpd.pid, signal.SIGCONT)
    pair.wait_for(first)


def test_the_addresses_move_to_a_host_that_reaches_an_instance(pair):
    first, second = pair.balancers
    first.httpd.expect(*LEFT_ALONE)
    user = pair.call(VIRTUAL[0])
    wait_until(lambda: user.last() == "lb1", 10)
    first.host.cut(NODE)
    pair.wait_for(second, 15)
    wait_until(lambda: user.last() == "lb2", 5)
    first.host.mend(NODE)
    pair.wait_for(first, 15)


def kill_the_node(pair):
    for balancer in pair.balancers:
        balancer.httpd.expect(*LEFT_ALONE)
    pair.node.kill()


def take_curl_away(pair):
    with open(pair.check, encoding="utf-8") as text:
        script = text.read()
    assert script.count("curl --") == 1
    with open(pair.check + ".new", "w", encoding="utf-8") as out:
        out.write(script.replace("curl --", "no-such-curl --"))
    os.chmod(pair.check + ".new", 0o755)
    os.replace(pair.check + ".new", pair.check)


@pytest.mark.parametrize("trouble", [kill_the_node, take_curl_away])
def test_the_addresses_stay_when_both_hosts_are_in_the_same_trouble(pair, trouble):
    trouble(pair)
    for balancer in pair.balancers:
        wait_until(lambda: "Changing effective priority from" in balancer.log(), 15,
                   "keepalived to notice")
    stays(pair.balancers[0].has_addresses, 3)
    assert "Entering MASTER STATE" not in pair.balancers[1].log()
