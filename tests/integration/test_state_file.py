# SPDX-License-Identifier: Apache-2.0
"""OSBalancerStateFile: a stop and a start forget nothing, whatever becomes of the file in
between."""

import os
import re
import signal
import stat
import threading
import time

import pytest

from harness import statefile
from harness.balancer import (HEALTH, common_directory, conf, journal, served_by, told,
                              wait_for_states)
from harness.httpd import MPMS, Httpd
from harness.ports import free_port
from harness.wait import wait_until

FLAP = "interval=100ms fast=100ms timeout=100ms rise=1 fall=1"


@pytest.fixture
def directory(after_servers):
    return after_servers.enter_context(common_directory())


@pytest.fixture
def path(directory):
    return os.path.join(directory, "state")


def configure(server, nodes, path, health=HEALTH):
    """With the system's own words on errors at the end of a log line, as httpd has them too if it
    isn't told another format."""
    extra = f'OSBalancerStateFile "{path}"' if path else ""
    server.configure(conf(nodes, health, extra='ErrorLogFormat "[%l] [pid %P] %M %E"\n' + extra))


def lines_since(server, log):
    return server.log()[len(log):]


def wait_for_file(path):
    wait_until(lambda: statefile.is_whole(path), 5, "the file")


class Flapping:
    """A member that is deployed and undeployed again and again."""

    def __init__(self, node):
        self.node = node
        self.stopping = threading.Event()
        self.thread = threading.Thread(target=self._run)

    def _run(self):
        while not self.stopping.wait(0.15):
            self.node.undeploy()
            self.stopping.wait(0.15)
            self.node.deploy()

    def __enter__(self):
        self.thread.start()

    def __exit__(self, *_):
        self.stopping.set()
        self.thread.join()


# ---- what outlives a stop ----


@pytest.mark.parametrize("mpm", MPMS)
def test_states_counters_and_journal_go_on_after_a_stop(httpd, standins, path, mpm):
    good, bad = standins
    server = httpd(mpm=mpm)
    server.expect(bad.url + ": up -> not-deployed")
    configure(server, standins, path, "interval=200ms fast=100ms timeout=200ms")
    server.start()
    wait_for_states(server, standins, "up")
    bad.undeploy()
    server.wait_for_state(bad.url, "not-deployed", 5)
    wait_until(lambda: len(statefile.events(path)) == 3, 5, "the latest event in the file")
    written = server.members()[bad.url]["checks"]
    wait_until(lambda: server.members()[bad.url]["checks"] > written + 8, 5,
               "checks that only the stop brings there")
    events, before = journal(server), server.members()
    log = server.log()
    server.stop()
    server.start()
    assert [event["number"] for event in events] == [1, 2, 3]
    assert journal(server) == events
    after = server.members()
    for node in standins:
        assert after[node.url]["checks"] >= before[node.url]["checks"]
        for key in ("state", "since", "build"):
            assert after[node.url][key] == before[node.url][key]
    assert after[bad.url]["checks_failed"] >= before[bad.url]["checks_failed"] > 0
    assert served_by(server) == {good.node}
    assert "2 members are known from " + path in lines_since(server, log)
    bad.deploy()
    server.wait_for_state(bad.url, "up", 5)
    assert [event["number"] for event in journal(server)] == [1, 2, 3, 4]
    lines = [line for line in lines_since(server, log).splitlines() if " -> " in line]
    assert len(lines) == 1 and "not-deployed -> up" in lines[0], "a start is no transition"


def test_a_dead_member_gets_no_request_before_its_first_check_is_over(httpd, standins, path):
    """It hangs, so that its first check takes two seconds, and a request would take as long."""
    good, bad = standins
    server = httpd()
    server.expect(bad.url + ": up -> hung")
    configure(server, standins, path, "interval=2s timeout=2s fast=100ms fall=1")
    server.start()
    wait_for_states(server, standins, "up")
    bad.control(phase="starting")
    server.wait_for_state(bad.url, "hung", 10)
    server.stop()
    checks = next(member["checks"] for member in statefile.read(path).members
                  if member["key"].endswith(bad.url))
    server.start()
    started = time.monotonic()
    assert served_by(server, 20) == {good.node}
    member = server.members()[bad.url]
    assert member["state"] == "hung" and not member["serves"]
    assert member["checks"] == checks and time.monotonic() - started < 2


def test_the_first_check_after_a_start_decides_at_once(httpd, standins, path):
    """One member died while httpd was down, the other one came back."""
    dies, returns = standins
    server = httpd()
    server.expect("unverified -> not-deployed", "up -> not-deployed")
    returns.undeploy()
    configure(server, standins, path, "interval=10s timeout=1s rise=50 fall=50")
    server.start()
    server.wait_for_state(dies.url, "up", 5)
    server.wait_for_state(returns.url, "not-deployed", 5)
    server.stop()
    dies.undeploy()
    returns.deploy()
    server.start()
    assert server.wait_for_state(dies.url, "not-deployed", 2)["consecutive_bad"] == 1
    assert server.wait_for_state(returns.url, "up", 2)["consecutive_good"] == 1
    assert served_by(server) == {returns.node}


def test_a_cold_start_waits_for_one_check_and_not_for_rise_of_them(httpd, standins):
    server = httpd()
    configure(server, standins, None, "interval=30s timeout=1s fast=10s rise=10 fall=10")
    server.start()
    wait_for_states(server, standins, "up", 1.5)
    assert [member["checks"] for member in server.members().values()] == [1, 1]
    assert served_by(server) == {node.node for node in standins}


@pytest.mark.parametrize("over", ["a stop", "a reload"])
def test_a_member_with_another_url_begins_anew(httpd, standins, path, over):
    same, moved = standins
    server = httpd()
    configure(server, standins, path)
    server.start()
    wait_for_states(server, standins, "up")
    log = server.log()
    if over == "a stop":
        server.stop()
    server.configure(conf(standins, extra=f'OSBalancerStateFile "{path}"').replace(
        moved.url, moved.http_url))
    if over == "a stop":
        server.start()
    else:
        server.graceful()
    server.wait_for_state(moved.http_url, "up", 5)
    lines = [line for line in lines_since(server, log).splitlines() if " -> " in line]
    assert len(lines) == 1 and moved.http_url + ": unverified -> up" in lines[0]
    assert server.members()[same.url]["state"] == "up"


def test_a_member_with_another_weight_keeps_its_state(httpd, standins, path):
    bad = standins[1]
    server = httpd()
    server.expect(bad.url + ": up -> not-deployed")
    configure(server, standins, path)
    server.start()
    wait_for_states(server, standins, "up")
    bad.undeploy()
    before = server.wait_for_state(bad.url, "not-deployed", 5)
    server.stop()
    server.configure(conf(standins, extra=f'OSBalancerStateFile "{path}"').replace(
        f"secret={bad.secret}", f"secret={bad.secret} loadfactor=7"))
    server.start()
    after = server.members()[bad.url]
    assert after["weight_percent"] == 700
    assert (after["state"], after["since"]) == ("not-deployed", before["since"])


TWO_HOSTS = """\
OSBalancerStateFile "{path}"
Listen {other}
{hosts}
<Location "/balancer-status">
    SetHandler os-balancer-status
</Location>
"""
HOST = """\
<VirtualHost {place}>
    ServerName {name}
    <Proxy "balancer://os-cluster">
        BalancerMember {node.url} secret={node.secret}
        OSBalancerHealth On interval=200ms fast=100ms timeout=200ms context={context}
    </Proxy>
</VirtualHost>
"""


@pytest.mark.parametrize("apart", ["by their addresses", "by their ports"])
def test_two_hosts_of_one_name_keep_their_members_apart(httpd, standins, path, apart):
    """Both have the same member, but ask it for different things."""
    server, node = httpd(), standins[0]
    server.expect("unverified -> not-deployed")
    other, name = ((f"127.0.0.2:{server.port}", "x.test") if apart == "by their addresses" else
                   (f"127.0.0.1:{free_port()}", "x.test:80"))
    hosts = "".join(HOST.format(place=place, name=name, node=node, context=context)
                    for place, context in ((f"127.0.0.1:{server.port}", "/openspecimen"),
                                           (other, "/elsewhere")))
    server.configure(TWO_HOSTS.format(path=path, other=other, hosts=hosts))
    server.start()

    def known(*keys):
        """Of the two members, in the order of their states."""
        return sorted([member[key] for key in ("state", *keys)]
                      for balancer in server.status()["balancers"]
                      for member in balancer["members"])

    wait_until(lambda: known() == [["not-deployed"], ["up"]], 5, "the states")
    before, checks = known("since"), known("checks")
    log = server.log()
    server.stop()
    server.start()
    assert " is ignored" not in server.log()
    assert "2 members are known from" in lines_since(server, log)
    assert known("since") == before
    wait_until(lambda: all(now > then + 3 for (_, now), (_, then) in zip(known("checks"), checks)),
               5, "more checks")
    assert known("since") == before and len(server.transitions()) == 2


# ---- files that are none of ours ----


def flip_a_bit(data):
    return data[:-20] + bytes([data[-20] ^ 1]) + data[-19:]


def make_newer(data):
    return statefile.seal(data.split(b"\n", 1)[1], statefile.VERSION + 1)


DAMAGES = {
    "truncated": (lambda data: data[:-7], "it is damaged: "),
    "cut in its first line": (lambda data: data[:20], "ignored"),
    "with a bit flipped": (flip_a_bit, "it is damaged: its checksum is wrong"),
    "foreign": (lambda _: b"<!DOCTYPE html>\n<html></html>\n", "ignored"),
    "of a newer version": (make_newer, "it was written by a newer version: its format is 2, not 1"),
    "empty": (lambda _: b"", "ignored"),
    "sealed, but not what it says": (lambda _: statefile.seal(b'{"members":1}\n'), "it is damaged"),
    "binary": (lambda _: bytes(range(256)) * 100, "ignored"),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_file_that_is_no_state_file_is_named_and_ignored(httpd, standins, path, damage):
    spoil, why = DAMAGES[damage]
    server = httpd()
    server.expect("state file ")
    configure(server, standins, path)
    server.start()
    wait_for_states(server, standins, "up")
    server.stop()
    with open(path, "rb") as file:
        spoilt = spoil(file.read())
    with open(path, "wb") as file:
        file.write(spoilt)
    log = server.log()
    server.start()
    wait_for_states(server, standins, "up")
    wait_for_file(path)
    lines = [line for line in lines_since(server, log).splitlines() if "state file" in line]
    assert len(lines) == 1 and lines[0].startswith("[warn]"), lines
    assert path in lines[0] and why in lines[0]
    assert [event["from"] for event in journal(server)] == ["unverified"] * 2
    assert [event["number"] for event in journal(server)] == [1, 2]


def make_loop(path):
    os.symlink(path, path)


UNREADABLE = {
    "a pipe": (os.mkfifo, "no file|not a (regular )?file"),
    "a link to itself": (make_loop, "[Ss]ymbolic links"),
}


@pytest.mark.parametrize("kind", UNREADABLE)
def test_what_can_not_be_read_is_named_and_replaced(httpd, standins, path, kind):
    make, why = UNREADABLE[kind]
    make(path)
    server = httpd()
    server.expect("state file ")
    configure(server, standins, path)
    server.start()
    wait_for_states(server, standins, "up")
    wait_for_file(path)
    lines = told(server, "state file")
    assert len(lines) == 1 and lines[0].startswith("[warn]"), lines
    assert path in lines[0] and re.search(why, lines[0]), lines


@pytest.mark.skipif(os.getuid() == 0, reason="root reads every file")
def test_a_file_that_is_closed_to_us_is_named_and_replaced(httpd, standins, path):
    with open(path, "w", encoding="ascii"):
        os.chmod(path, 0)
    server = httpd()
    server.expect("state file ")
    configure(server, standins, path)
    server.start()
    wait_for_states(server, standins, "up")
    wait_for_file(path)
    assert len(told(server, "state file")) == 1
    assert path in told(server, "[Pp]ermission denied")[0]


def test_a_directory_in_its_place_is_named_and_left_alone(httpd, standins, path):
    os.mkdir(path)
    server = httpd()
    server.expect("state file ")
    configure(server, standins, path, FLAP)
    server.start()
    wait_for_states(server, standins, "up")
    server.expect(standins[1].url)
    with Flapping(standins[1]):
        wait_until(lambda: len(server.transitions()) > 12 and told(server, "can't be written"), 20,
                   "some seconds of events")
    lines = told(server, "state file")
    assert [line.split("]")[0] for line in lines] == ["[warn", "[error"], lines
    assert all(path in line for line in lines)
    assert all(re.search("[Dd]irectory|no file", line) for line in lines)
    os.rmdir(path)
    wait_for_file(path)
    wait_until(lambda: told(server, r"^\[notice\].*is written again"), 5, "the good news")


# ---- how it is written ----


def test_it_is_its_owners_alone_and_nothing_lies_beside_it(httpd, standins, directory, path):
    server = httpd()
    configure(server, standins, path)
    server.start()
    wait_for_states(server, standins, "up")
    wait_for_file(path)
    with open(f"/proc/{server.children()[0]}/status", encoding="ascii") as status:
        owner = int(re.search(r"^Uid:\s+(\d+)", status.read(), re.M).group(1))
    info = os.stat(path)
    assert stat.S_IMODE(info.st_mode) == 0o600 and info.st_uid == owner
    server.stop()
    assert os.listdir(directory) == ["state"]


def test_it_is_written_at_most_once_a_second_and_whole_each_time(httpd, standins, path):
    server = httpd()
    server.expect(standins[1].url)
    configure(server, standins, path, FLAP)
    server.start()
    wait_for_states(server, standins, "up")
    wait_for_file(path)
    seen = {statefile.version_of(path)}

    def watch():
        statefile.read(path)
        seen.add(statefile.version_of(path))
        return len(seen) >= 6

    with Flapping(standins[1]):
        wait_until(watch, 20, "five writes", pause=0.005)
    times = sorted(written / 1e9 for _, written in seen)[1:]
    pauses = [later - sooner for sooner, later in zip(times, times[1:])]
    assert min(pauses) > 0.95, "no two within a second, by the file's own time"
    assert max(pauses) < 3, "and each event within one or little more"
    assert len(server.transitions()) > 3 * len(seen), "there were many more events than writes"


def test_a_directory_that_is_missing_is_made(standins, directory, after_servers):
    """A relative path begins at DefaultRuntimeDir."""
    server = Httpd(os.path.join(directory, "httpd"))
    after_servers.callback(server.stop)
    configure(server, standins, "os_balancer/state")
    server.start()
    wait_for_states(server, standins, "up")
    wait_for_file(os.path.join(server.root, "os_balancer", "state"))
    assert stat.S_IMODE(os.stat(os.path.join(server.root, "os_balancer")).st_mode) == 0o700


def test_a_file_that_comes_with_a_reload_has_its_directory_made_too(httpd, standins, directory):
    path = os.path.join(directory, "new", "state")
    server = httpd()
    configure(server, standins, None)
    server.start()
    wait_for_states(server, standins, "up")
    configure(server, standins, path)
    server.graceful()
    wait_for_file(path)
    assert len(statefile.read(path).members) == 2


def test_a_directory_that_takes_no_file_is_complained_of_once(httpd, standins, directory):
    closed = os.path.join(directory, "closed")
    path = os.path.join(closed, "state")
    os.mkdir(closed, 0o555)
    server = httpd()
    server.expect(standins[1].url, "state file ")
    configure(server, standins, path, FLAP)
    server.start()
    wait_for_states(server, standins, "up")
    with Flapping(standins[1]):
        wait_until(lambda: len(server.transitions()) > 12 and told(server, "can't be written"), 20,
                   "some seconds of events")
    lines = told(server, "state file")
    assert len(lines) == 1 and lines[0].startswith("[error]"), lines
    assert path in lines[0] and "Permission denied" in lines[0]
    os.chmod(closed, 0o777)
    wait_for_file(path)
    wait_until(lambda: told(server, r"^\[notice\].*is written again"), 5, "the good news")


def test_a_server_that_is_killed_leaves_a_whole_file(httpd, standins, directory, path):
    bad = standins[1]
    server = httpd()
    server.expect(re.escape(bad.url), "AH00098")
    configure(server, standins, path, FLAP)
    server.start()
    wait_for_states(server, standins, "up")
    with Flapping(bad):
        wait_until(lambda: statefile.is_whole(path) and len(statefile.read(path).events) > 6, 20,
                   "some events in the file")
        server.kill()
    saved, written = statefile.read(path), statefile.version_of(path)
    assert len(saved.members) == 2
    with open(path + ".new", "w", encoding="ascii") as litter:
        litter.write("half")
    server.start()
    assert journal(server)[0]["number"] == 1
    assert len(journal(server)) >= len(saved.events)
    wait_until(lambda: statefile.version_of(path) != written, 5, "a new file")
    server.stop()
    assert os.listdir(directory) == ["state"]


def test_after_the_checking_child_is_killed_another_one_writes(httpd, standins, path):
    bad = standins[1]
    server = httpd()
    server.expect(bad.url + ": up -> not-deployed", "child pid .* exit signal Killed", "AH0005[12]")
    server.configure(conf(standins, extra=f'OSBalancerStateFile "{path}"\nStartServers 2'))
    server.start()
    wait_for_states(server, standins, "up")
    wait_for_file(path)
    os.kill(server.status()["checker"]["pid"], signal.SIGKILL)
    bad.undeploy()
    server.wait_for_state(bad.url, "not-deployed", 10)
    wait_until(lambda: [event["to"] for event in statefile.events(path)] ==
               ["up", "up", "not-deployed"], 5, "the event in the file")
