# SPDX-License-Identifier: Apache-2.0
"""OSBalancerNotify: a program is run on each event, one after the other, and whatever it does harms
neither checks nor requests."""

import json
import os
import re
import signal
import time

import pytest

from harness.balancer import (HEALTH, NAME, common_directory, conf, journal, served_by, told,
                              wait_for_states)
from harness.crowd import Crowd, Member
from harness.httpd import MPMS, ROOT
from harness.program import Program
from harness.wait import stays, wait_until

FLAP = "interval=100ms fast=100ms timeout=100ms rise=1 fall=1"
JOURNAL_LENGTH = 256


@pytest.fixture
def directory(after_servers):
    return after_servers.enter_context(common_directory())


def configure(server, nodes, program, health=HEALTH, extra=""):
    server.configure(conf(nodes, health, extra='ErrorLogFormat "[%l] [pid %P] %M %E"\n'
                          f'OSBalancerNotify "{program.path}"\n{extra}'))


def wait_for_runs(program, count, limit=10):
    return wait_until(lambda: len(program.runs()) >= count and program.runs(), limit,
                      f"{count} runs")


def assert_one_after_the_other(runs):
    for sooner, later in zip(runs, runs[1:]):
        assert later.begin >= sooner.end


def exists(pid):
    """Whether there is such a process, and not only what is left of one."""
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii") as stat:
            return stat.read().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def switch(server, node, state, **switches):
    node.control(**switches)
    server.wait_for_state(node.url, state, 10)


def test_each_event_is_told_by_arguments_and_as_json(httpd, standins, directory):
    """States, builds and both alarms, in the journal's order and words."""
    first, second = standins
    program = Program(directory)
    server = httpd()
    server.expect("up -> ", "unverified -> ", "no member has its database", "different builds")
    second.control(build="v12.1")
    configure(server, standins, program)
    server.start()
    wait_for_states(server, standins, "up")
    wait_until(lambda: server.status()["balancers"][0]["skewed"], 5, "the skew")
    switch(server, second, "not-deployed", deployed="off")
    switch(server, second, "up", deployed="on", build="v12.2")
    switch(server, first, "database-down", db="refused")
    switch(server, second, "database-down", db="refused")
    switch(server, first, "up", db="ok")
    wait_until(lambda: len(journal(server, "database")) == 2, 5, "the end of the alarm")
    events = journal(server)
    runs = wait_for_runs(program, len(events))
    assert [run.event for run in runs] == events
    assert {event["kind"] for event in events} == {"state", "build", "database", "skew"}
    for run, event in zip(runs, events):
        assert run.argv == [event["kind"], NAME, event["member"] or "", event["from"] or "",
                            event["to"] or ""]
    document = re.sub(r'"event":.*', "", runs[0].words, flags=re.S)
    assert '"schema":1' in document.replace(" ", "") and "mod_os_balancer/" in document
    assert runs[0].argv[2:] == [events[0]["member"], "unverified", "up"]


def test_it_is_run_by_the_checking_child_with_nothing_but_three_streams(httpd, standins, directory):
    """No socket of a check, no file of the server's is open in it, and no signal is blocked."""
    program = Program(directory, """\
time.sleep(0.2)
streams = {number: os.readlink(f"/proc/self/fd/{number}") for number in os.listdir("/proc/self/fd")
           if os.path.lexists(f"/proc/self/fd/{number}")}
blocked = [line.split()[1] for line in open("/proc/self/status") if line.startswith("SigBlk")]
note(streams=streams, blocked=blocked)""")
    server = httpd()
    server.expect(standins[1].url)
    configure(server, standins, program, FLAP)
    server.start()
    wait_for_states(server, standins, "up")
    switch(server, standins[1], "not-deployed", deployed="off")
    checker = server.status()["checker"]["pid"]
    for run in wait_for_runs(program, 3):
        assert run.parent == checker
        assert int(run.more["blocked"][0], 16) == 0
        assert set(run.more["streams"]) == {"0", "1", "2"}, run.more["streams"]


def test_what_it_says_goes_to_the_error_log(httpd, standins, directory):
    program = Program(directory, 'print("said aloud", flush=True); '
                      'print("and whispered", file=sys.stderr); note()')
    server = httpd()
    configure(server, standins, program)
    server.start()
    wait_for_runs(program, 2)
    wait_until(lambda: server.log().count("said aloud\n") == 2, 5, "its output")
    assert server.log().count("and whispered\n") == 2


@pytest.mark.parametrize("mpm", MPMS)
def test_two_runs_never_overlap(httpd, standins, directory, mpm):
    program = Program(directory, "time.sleep(0.3); note()")
    server = httpd(mpm=mpm)
    server.expect(re.escape(standins[1].url))
    configure(server, standins, program, FLAP)
    server.start()
    wait_for_states(server, standins, "up")
    for _ in range(2):
        switch(server, standins[1], "not-deployed", deployed="off")
        switch(server, standins[1], "up", deployed="on")
    count = len(journal(server))
    assert count >= 6 and len(program.runs()) < count, "they wait for each other"
    runs = wait_for_runs(program, count)
    assert [run.event["number"] for run in runs] == list(range(1, len(runs) + 1))
    assert_one_after_the_other(runs)


def test_a_run_that_takes_too_long_is_killed_with_what_it_started(httpd, standins, directory):
    """And while it hangs, checks and requests go on as if it weren't there."""
    program = Program(directory, """\
note(child=subprocess.Popen(["sleep", "1000"]).pid)
time.sleep(1000)""")
    server = httpd()
    server.expect("event 1: ", standins[1].url)
    configure(server, standins, program)
    server.start()
    hangs = wait_for_runs(program, 1)[0]
    wait_for_states(server, standins, "up")
    switch(server, standins[1], "not-deployed", deployed="off")
    begin = time.monotonic()
    assert served_by(server, 40) == {standins[0].node}
    assert time.monotonic() - begin < 4
    assert len(program.runs()) == 1 and exists(hangs.pid) and exists(hangs.more["child"])
    program.write("note()")
    wait_until(lambda: not exists(hangs.pid), 12, "the end of the run")
    assert 9 < time.monotonic() - hangs.begin < 12
    wait_until(lambda: not exists(hangs.more["child"]), 1, "the end of its child")
    wait_for_runs(program, 3)
    assert program.numbers() == [1, 2, 3]
    assert len(told(server, r"^\[warn\].*event 1: .*notify is killed, it takes too long")) == 1
    assert len(told(server, "event [23]: ")) == 0


FAILURES = {
    "an exit code": ("sys.exit(3)", r"^\[warn\].*event 1: \S*/notify failed with exit code 3"),
    "a signal": ("os.kill(os.getpid(), signal.SIGKILL)",
                 r"^\[warn\].*event 1: \S*/notify was ended by signal 9"),
    "input that is never read": ("os.close(0); sys.exit(1)", "event 1: .* exit code 1"),
}


@pytest.mark.parametrize("failure", FAILURES)
def test_a_failure_is_logged_and_the_next_event_is_told(httpd, standins, directory, failure):
    body, words = FAILURES[failure]
    program = Program(directory, body)
    server = httpd()
    server.expect("event [12]: ", standins[1].url)
    configure(server, standins, program)
    server.start()
    wait_for_states(server, standins, "up")
    wait_until(lambda: told(server, "event 2: "), 5, "two failures")
    assert len(told(server, words)) == 1
    program.write("note()")
    switch(server, standins[1], "not-deployed", deployed="off")
    wait_for_runs(program, 1)
    assert program.numbers() == [3]


CAN_NOT_RUN = {
    "closed": (lambda path: os.chmod(path, 0o600), "Permission denied"),
    "gone": (os.remove, "No such file"),
    "no program": (lambda path: open(path, "w").close(), "Exec format error"),
}


@pytest.mark.parametrize("case", CAN_NOT_RUN)
def test_a_program_that_can_not_be_run_any_more_is_told_of(httpd, standins, directory, case):
    spoil, words = CAN_NOT_RUN[case]
    program = Program(directory)
    server = httpd()
    server.expect("event 3: ", standins[1].url)
    configure(server, standins, program)
    server.start()
    wait_for_runs(program, 2)
    spoil(program.path)
    switch(server, standins[1], "not-deployed", deployed="off")
    wait_until(lambda: told(server, "event 3: "), 5, "a word of it")
    assert len(told(server, rf"^\[error\].*{re.escape(program.path)} can't be run.*{words}")) == 1
    program.write("note()")
    switch(server, standins[1], "up", deployed="on")
    wait_for_runs(program, 3)
    assert program.numbers() == [1, 2, 4]


def test_events_that_come_too_fast_are_dropped_and_counted(httpd, tmp_path, directory,
                                                           after_servers):
    """The program waits until the journal is longer than it can be."""
    crowd = Crowd(tmp_path / "crowd", 40)
    after_servers.callback(crowd.stop)
    crowd.start()
    program = Program(directory, """\
while not os.path.exists(os.path.join(here, "go")):
    time.sleep(0.01)
note()""")
    server = httpd()
    server.expect(r"127\.0\.9\.", "events are dropped")
    configure(server, crowd.members, program, FLAP)
    server.start()

    def all_are(state):
        return lambda: {member["state"] for member in server.members().values()} == {state}

    while len(server.transitions()) < JOURNAL_LENGTH + 80:
        crowd.deploy()
        wait_until(all_are("up"), 5, "all to be up")
        crowd.undeploy()
        wait_until(all_are("not-deployed"), 5, "all to be out")
    last = journal(server)[-1]["number"]
    assert len(journal(server)) == JOURNAL_LENGTH
    open(os.path.join(directory, "go"), "w").close()
    wait_for_runs(program, 4)
    lines = told(server, r"^\[warn\].*events are dropped")
    assert len(lines) == 1, lines
    dropped = int(re.search(r"(\d+) events are dropped", lines[0]).group(1))
    assert dropped == last - JOURNAL_LENGTH - 1, "all but the first and those in the journal"
    numbers = program.numbers()
    assert numbers[:4] == [1, dropped + 2, dropped + 3, dropped + 4]


def test_the_readmes_program_sends_a_mail(httpd, standins, directory):
    """To a `mail` of ours, the first in PATH."""
    with open(os.path.join(ROOT, "README.md"), encoding="utf-8") as readme:
        example, = (block for block in re.findall(r"```sh\n(.*?)```", readme.read(), re.S)
                    if "mail -s" in block)
    mail, program = os.path.join(directory, "mail"), os.path.join(directory, "os-balancer-mail")
    sent = os.path.join(directory, "sent")
    for path, text in ((program, example),
                       (mail, f'#!/bin/sh\nprintf "%s\\n" "$@" >>{sent}\ncat >>{sent}\n')):
        with open(path, "w", encoding="utf-8") as out:
            out.write(text)
            os.fchmod(out.fileno(), 0o755)
    server = httpd(env={"PATH": f"{directory}:{os.environ['PATH']}"})
    server.expect(standins[1].url)
    server.configure(conf(standins, extra=f'OSBalancerNotify "{program}"'))
    server.start()
    wait_for_states(server, standins, "up")
    switch(server, standins[1], "not-deployed", deployed="off")

    def mails():
        if not os.path.exists(sent):
            return None
        with open(sent, encoding="utf-8") as file:
            text = file.read()
        return text if text.rstrip().endswith("}") else None

    option, subject, to, document = wait_until(mails, 5, "a mail").split("\n", 3)
    assert (option, to) == ("-s", "admin@example.org")
    assert subject == f"OpenSpecimen: {standins[1].url}: up -> not-deployed"
    assert json.loads(document)["event"] == journal(server)[-1], "the only mail, without a start's"


@pytest.mark.parametrize("command", ["`{}`", "$({})", "'&&{}&&'", ";{};", "|{}|*"])
def test_a_hostile_members_url_is_an_argument_and_no_command(httpd, standins, directory, command):
    node = standins[0]
    mark = os.path.join(directory, "mark")
    command = command.format(f"touch$IFS{mark}")
    place = Member(f"ajp://127.0.0.1:{node.ajp_port}/x{command}", node.secret)
    program = Program(directory)
    server = httpd()
    configure(server, [place], program, HEALTH + " context=/openspecimen")
    with open(server.conf, encoding="utf-8") as file:
        text = file.read()
    with open(server.conf, "w", encoding="utf-8") as file:
        file.write(text.replace(place.url, f'"{place.url}"'))
    server.start()
    run = wait_for_runs(program, 1)[0]
    assert run.argv[2] == run.event["member"] == list(server.members())[0]
    assert run.argv[2].endswith(command)
    assert not os.path.exists(mark)


@pytest.mark.parametrize("mpm", MPMS)
def test_a_hanging_run_does_not_outlive_httpd_nor_hold_it_up(httpd, standins, directory, mpm):
    program = Program(directory, """\
note(child=subprocess.Popen(["sleep", "1000"]).pid)
time.sleep(1000)""")
    server = httpd(mpm=mpm)
    server.expect("event 1: ")
    configure(server, standins, program)
    server.start()
    run = wait_for_runs(program, 1)[0]
    begin = time.monotonic()
    server.stop()
    assert time.monotonic() - begin < (10 if server.deaf else 5)
    wait_until(lambda: not exists(run.pid) and not exists(run.more["child"]), 1, "their end")


def test_a_reload_loses_no_event_and_tells_none_twice(httpd, standins, directory):
    program = Program(directory, "time.sleep(0.2); note()")
    server = httpd()
    server.expect(re.escape(standins[1].url))
    configure(server, standins, program, FLAP)
    server.start()
    wait_for_states(server, standins, "up")
    for _ in range(3):
        switch(server, standins[1], "not-deployed", deployed="off")
        server.graceful()
        switch(server, standins[1], "up", deployed="on")
    wait_for_runs(program, len(journal(server)))
    assert program.numbers() == [event["number"] for event in journal(server)]
    assert told(server, "event ") == []


def test_a_slow_run_outlives_a_reload_and_the_next_one_waits_for_it(httpd, standins, directory):
    program = Program(directory, "note(); time.sleep(2); note(done=True)")
    server = httpd()
    configure(server, standins, program)
    server.start()
    slow = wait_for_runs(program, 1)[0]
    wait_for_states(server, standins, "up")
    program.write("note()")
    server.graceful()
    runs = wait_for_runs(program, 3)
    assert runs[1].pid == slow.pid and runs[1].more["done"], "it came to its end first"
    assert program.numbers() == [1, 1, 2]
    assert told(server, "event ") == []


def start_with_a_run_that_hangs(httpd, standins, directory):
    program = Program(directory, "note(); time.sleep(1000)")
    server = httpd()
    server.expect("event 1: ")
    configure(server, standins, program)
    server.start()
    hanging = wait_for_runs(program, 1)[0]
    wait_for_states(server, standins, "up")
    return server, program, hanging


def test_a_run_that_hangs_over_a_reload_is_killed_by_the_new_children(httpd, standins, directory):
    server, program, hanging = start_with_a_run_that_hangs(httpd, standins, directory)
    program.write("note()")
    server.graceful()
    wait_for_runs(program, 2, limit=15)
    assert program.numbers() == [1, 2]
    wait_until(lambda: not exists(hanging.pid), 2, "its end")
    assert len(told(server, r"^\[warn\].*event 1: .* is killed, it takes too long")) == 1


def test_a_run_that_hangs_when_its_directive_is_removed_is_killed_at_its_limit(
        httpd, standins, directory):
    server, program, hanging = start_with_a_run_that_hangs(httpd, standins, directory)
    server.configure(conf(standins))
    server.graceful()
    wait_until(lambda: not exists(hanging.pid), 12, "the end of the run")
    assert 9 < time.monotonic() - hanging.begin < 12
    assert len(told(server, r"^\[warn\].*event 1: .* is killed, it takes too long")) == 1
    assert len(journal(server)) == 2 and program.numbers() == [1], "nobody is told any more"


# A run that waits for the file "go".
WAITS = """\
note(begins=True)
while not os.path.exists(os.path.join(here, "go")):
    time.sleep(0.01)
note(begins=False)"""


def ends(program):
    """The runs that came to their end."""
    return [run for run in program.runs() if not run.more["begins"]]


@pytest.mark.parametrize("first", ["the run ends", "the leader wakes"])
def test_a_leader_that_was_stopped_during_a_run_leaves_the_next_ones_to_its_successor(
        httpd, standins, directory, first):
    node = standins[0]
    program = Program(directory, WAITS)
    server = httpd()
    server.expect(node.url + ": up -> not-deployed")
    configure(server, [node], program, "interval=300ms timeout=300ms fast=100ms rise=1 fall=1",
              extra="StartServers 3")
    server.start()
    wait_for_runs(program, 1)
    leader = server.status()["checker"]["pid"]
    go = os.path.join(directory, "go")
    os.kill(leader, signal.SIGSTOP)
    try:
        wait_until(lambda: len(told(server, "this child now checks")) == 2, 5, "a successor")
        switch(server, node, "not-deployed", deployed="off")
        switch(server, node, "up", deployed="on")
        if first == "the run ends":
            open(go, "w").close()
            wait_until(lambda: ends(program), 5, "the end of the run")
    finally:
        os.kill(leader, signal.SIGCONT)
    open(go, "w").close()
    wait_until(lambda: len(ends(program)) >= 3, 8, "three runs")
    stays(lambda: len(program.runs()) == 6, 0.5, "three runs")
    assert [run.event["number"] for run in ends(program)] == [1, 2, 3]
    assert_one_after_the_other(ends(program))
    assert told(server, "event ") == [], "none was killed"


@pytest.mark.parametrize("mpm", MPMS)
def test_a_run_outlives_the_child_that_began_it_and_the_next_one_waits_for_it(
        httpd, standins, directory, mpm):
    """The child has had as many connections as it may have."""
    server = httpd(mpm=mpm)
    length = 8 if server.deaf else 3
    program = Program(directory, f"note(begins=True); time.sleep({length}); note(begins=False)")
    configure(server, standins, program, extra="StartServers 2\nMaxConnectionsPerChild 10")
    server.start()
    run = wait_for_runs(program, 1)[0]
    wait_until(lambda: server.status() and run.parent not in server.children(), 10,
               "the end of its parent")
    assert len(program.runs()) == 1 and exists(run.pid)
    program.write("note(begins=True); note(begins=False)")
    wait_until(lambda: len(ends(program)) == 2, 10, "two runs")
    assert program.numbers() == [1, 1, 2, 2]
    assert_one_after_the_other(ends(program))
    assert told(server, "event ") == [], "none was killed"


def test_events_before_the_directive_came_are_not_told(httpd, standins, directory):
    program = Program(directory)
    server = httpd()
    server.expect(standins[1].url)
    server.configure(conf(standins))
    server.start()
    wait_for_states(server, standins, "up")
    configure(server, standins, program)
    server.graceful()
    switch(server, standins[1], "not-deployed", deployed="off")
    wait_for_runs(program, 1)
    assert program.numbers() == [3]


def test_what_was_not_told_before_a_stop_is_told_after_it(httpd, standins, directory):
    """By the state file, which keeps the journal and how far it was told."""
    bad = standins[1]
    program = Program(directory, "time.sleep(0.7); note()")
    server = httpd()
    server.expect(re.escape(bad.url), "event ")
    configure(server, standins, program, FLAP,
              extra=f'OSBalancerStateFile "{directory}/state"')
    server.start()
    wait_for_states(server, standins, "up")
    for _ in range(2):
        switch(server, bad, "not-deployed", deployed="off")
        switch(server, bad, "up", deployed="on")
    before = len(program.runs())
    last = journal(server)[-1]["number"]
    server.stop()
    assert before < last - 2
    program.write("note()")
    server.start()
    wait_until(lambda: program.numbers() and program.numbers()[-1] >= last, 10, "the rest")
    numbers = program.numbers()
    assert numbers == sorted(set(numbers)), "each once"
    assert len(numbers) >= last - 1, "but for the one that the stop broke off"
