# SPDX-License-Identifier: Apache-2.0
"""What the balancer's container does when it is told something, and when it is killed."""

import threading
import time

import pytest

from docker_site import write, write_topology
from engine import attempt, docker
from harness.load import Load
from harness.wait import wait_until

ECHO = "/openspecimen/rest/ng/echo"

# They answer what they have accepted by the old configuration.
OLD_CHILDREN = "httpd's old children to end"


class Asked(threading.Thread):
    """One request that takes as long as the nodes are told to."""

    def __init__(self, balancer):
        super().__init__()
        self.balancer = balancer
        self.status = None
        self.start()

    def run(self):
        try:
            self.status = self.balancer.request(ECHO, timeout=30).status
        except OSError:
            self.status = 0


def slow(nodes, milliseconds):
    for node in nodes:
        node.control(delay=str(milliseconds))


def ask_slowly(one, nodes, milliseconds):
    """A request that is under way for so long, once it has reached a node."""
    slow(nodes, milliseconds)
    asked = Asked(one)
    wait_until(lambda: sum(member["busy"] for member in one.members().values()) > 0, 5,
               "a request under way")
    return asked


def test_a_reload_takes_up_the_topology_and_loses_no_request(balancer, site, nodes):
    one = balancer()
    one.wait_until_up()
    with Load(one, threads=2, pause=0.01) as load:
        write_topology(site, balance="  method: least-time\n  warmup: [/]")
        one.kill("HUP")
        one.wait_for_log("Doing graceful restart")
        wait_until(lambda: one.log().count("resuming normal operations") == 2, 10, "the reload")
        before = len(load.answers)
        wait_until(lambda: len(load.answers) > before + 50, 10, "requests after it")
    assert load.answered(200) == len(load.answers)
    assert "lbmethod=os_least_time" in one.run("cat", "/run/os_balancer/site.conf")
    write_topology(site, members=("os2",))
    one.kill("HUP")
    wait_until(lambda: set(one.members()) == {nodes[1].url}, 10, "the member to be gone")
    wait_until(lambda: one.served_by() == {"os2"}, 10, OLD_CHILDREN)


@pytest.mark.parametrize("spoil, words", [
    (lambda site: write(site / "topology.yaml", "site: [\n"), "topology.yaml:"),
    (lambda site: write_topology(site, health="{tls_ca: /nowhere.pem}"), "/nowhere.pem"),
])
def test_a_reload_of_a_bad_topology_changes_nothing(balancer, site, nodes, spoil, words):
    one = balancer()
    one.wait_until_up()
    before = one.run("cat", "/run/os_balancer/site.conf")
    spoil(site)
    one.kill("HUP")
    one.wait_for_log("entrypoint: httpd goes on as before")
    assert words in one.log()
    assert one.run("cat", "/run/os_balancer/site.conf") == before
    assert one.served_by() == {"os1", "os2"}
    assert "graceful restart" not in one.log()
    write_topology(site, members=("os1",))
    one.kill("HUP")
    wait_until(lambda: set(one.members()) == {nodes[0].url}, 10, "the member to be gone")


def test_each_of_many_reloads_counts(balancer, site, nodes):
    """The last word holds, however quickly they come."""
    one = balancer()
    one.wait_until_up()
    for members in (*[("os1",), ("os1", "os2")] * 10, ("os2",)):
        write_topology(site, members=members)
        one.kill("HUP")
    wait_until(lambda: set(one.members()) == {nodes[1].url}, 20, "the last topology")
    wait_until(lambda: one.served_by() == {"os2"}, 10, OLD_CHILDREN)


def test_sigterm_lets_requests_end(balancer, nodes):
    one = balancer()
    one.wait_until_up()
    asked = ask_slowly(one, nodes, 2500)
    one.kill("TERM")
    one.wait_for_log("shutting down gracefully")
    assert not one.answers()
    asked.join()
    assert asked.status == 200
    assert one.wait_until_ended() == 0


def test_sigterm_waits_no_longer_than_it_is_told(balancer, nodes):
    one = balancer("-e", "DRAIN_SECONDS=2")
    one.wait_until_up()
    asked = ask_slowly(one, nodes, 20000)
    began = time.monotonic()
    one.kill("TERM")
    assert one.wait_until_ended() == 0
    assert 2 < time.monotonic() - began < 6
    asked.join()
    assert asked.status != 200


def test_a_second_sigterm_ends_it_at_once(balancer, nodes):
    one = balancer("-e", "DRAIN_SECONDS=60")
    one.wait_until_up()
    asked = ask_slowly(one, nodes, 20000)
    one.kill("TERM")
    one.wait_for_log("shutting down gracefully")
    assert one.running
    one.kill("TERM")
    assert one.wait_until_ended(limit=3) == 0
    asked.join()


@pytest.mark.parametrize("pause", [0, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5])
def test_sigterm_counts_whenever_it_comes(balancer, pause):
    one = balancer()
    time.sleep(pause)
    began = time.monotonic()
    docker("stop", "-t", "8", one.id)
    assert time.monotonic() - began < 6
    assert one.state()["ExitCode"] == 0


@pytest.mark.parametrize("guarded", [True, False])
def test_what_a_killed_container_leaves_does_no_harm(balancer, nodes, guarded):
    """Without a tmpfs on /run, its pid file names a process id that has another owner at the next
    start."""
    one = balancer() if guarded else balancer(guards=())
    one.wait_until_up()
    one.kill()
    one.wait_until_ended()
    left = attempt("docker", "cp", f"{one.id}:/run/os_balancer/httpd.pid", "-").returncode == 0
    assert left != guarded
    for _ in range(2):
        one.start()
        one.wait_until_up()
        assert one.served_by() == {"os1", "os2"}
        one.kill()
        one.wait_until_ended()
    assert "already running" not in one.log() and "AH00098" not in one.log()


def test_it_ends_when_httpd_does(balancer, nodes):
    one = balancer()
    one.wait_until_up()
    one.run("sh", "-c", 'kill -9 "$(cat /run/os_balancer/httpd.pid)"')
    assert one.wait_until_ended() == 137


@pytest.fixture
def volume(engine):
    name = docker("volume", "create")
    yield name
    docker("volume", "rm", "-f", name)


def test_what_the_checks_know_outlives_a_kill_on_a_volume(volume, balancer, nodes):
    one = balancer("-v", f"{volume}:/var/lib/os_balancer")
    one.wait_until_up()
    nodes[0].control(deployed="off")
    one.wait_for_state(nodes[0].url, "not-deployed", 10)
    events = one.status()["journal"][0]["number"]
    wait_until(lambda: "not-deployed" in attempt("docker", "exec", one.id, "cat",
                                                 "/var/lib/os_balancer/state").stdout,
               10, "the state file")
    one.kill()
    one.wait_until_ended()
    one.start()
    wait_until(one.answers, 10, "httpd's answer")
    assert one.members()[nodes[0].url]["state"] == "not-deployed"
    assert one.status()["journal"][0]["number"] == events
    assert one.served_by() == {"os2"}
