# SPDX-License-Identifier: Apache-2.0
"""osgen apply and try at each of their steps, before a program and a page in httpd's place: whatever
ends them, the file is the old or the new one, whole, and httpd has reloaded that one."""

import errno
import os
import pathlib
import re
import signal

import pytest

from harness.change import wait_for_end, wait_for_trial
from harness.httpd import BUILD
from harness.ports import free_port
from harness.wait import wait_until

SHIM = os.path.join(BUILD, "fault_at.so")
USUAL = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
SOFT = (*USUAL, signal.SIGQUIT)


# ---- what goes well -------------------------------------------------------------------------------


def test_apply_brings_the_new_file_into_force_and_keeps_the_old_one(scene):
    one = scene()
    before = one.conf.stat()
    run = one.change(code=0)
    one.check_new()
    kept = one.conf.parent / ".site.conf.old"
    assert kept.read_text() == one.old and kept.stat().st_ino == before.st_ino
    assert one.conf.stat().st_mode == before.st_mode
    assert one.reloads.calls == ["configtest", "graceful"]
    assert run.stdout == ""
    steps = [line for line in run.stderr.splitlines() if line.startswith("osgen: [")]
    assert [step.split("]")[0] for step in steps] == [f"osgen: [{n}/4" for n in (1, 2, 3, 4)]
    assert f"osgen: done: {one.conf} is the new file; the old one is {kept}\n" in run.stderr


def test_a_first_file_needs_no_old_one(scene):
    one = scene(existed=False)
    run = one.change(code=0)
    one.check_new()
    assert sorted(os.listdir(one.conf.parent)) == ["site.conf"]
    assert run.stderr.endswith(f"osgen: done: {one.conf} is there, and in force\n")


def test_what_is_as_it_should_be_is_reloaded_by_apply_and_left_alone_by_try(scene):
    one = scene()
    one.change(code=0)
    one.reloads.run("")
    assert "there is nothing to try" in one.change("try", code=0).stderr
    assert one.reloads.live == ""
    run = one.change(code=0)
    assert f"{one.conf} is as {one.topology} has it" in run.stderr and "[1/3]" in run.stderr
    one.check_new()


def test_a_dry_run_touches_nothing(scene):
    one = scene()
    for command, steps in (("apply", 4), ("try", 5)):
        run = one.change(command, "--dry-run", code=0)
        assert f"[{steps}/{steps}]" in run.stderr
        assert "10.0.0.2:8009/openspecimen leaves" in run.stderr
    one.check_old()
    assert one.reloads.calls == []


def test_try_keeps_what_is_confirmed_from_elsewhere(scene):
    one = scene()
    process = one.begin("try")
    wait_for_trial(one)
    assert one.reloads.live == one.new, "it is in force while somebody is asked"
    note = f"note: {one.conf} is on trial; osgen try --confirm -o {one.conf} keeps it\n"
    assert note in one.osgen("diff", "-o", one.conf, one.topology, code=0).stderr
    assert one.confirm(code=0).stderr == f"osgen: confirmed: {one.conf} stays as it is now\n"
    code, said = wait_for_end(process)
    assert code == 0, said
    one.check_new()


def test_try_takes_back_what_nobody_confirms(scene):
    one = scene()
    run = one.change("try", "--timeout", "300ms", code=1)
    assert "nobody has confirmed it" in run.stderr
    assert f"taken back: {one.conf} is the old file again" in run.stderr
    one.check_old()
    assert one.reloads.calls == ["configtest", "graceful", "configtest", "graceful"]


def test_a_first_file_that_nobody_confirms_is_gone_again(scene):
    one = scene(existed=False)
    assert f"taken back: {one.conf} is gone again, as there was none before\n" in \
        one.change("try", "-t", "300ms", code=1).stderr
    one.check_old()
    assert os.listdir(one.conf.parent) == []


def test_a_symbolic_link_stays_one(scene):
    one = scene()
    link = one.root / "enabled.conf"
    link.symlink_to(one.conf)
    one.osgen("apply", "-o", link, "--control", one.reloads.control, one.topology, code=0)
    assert link.is_symlink()
    one.check_new()


# ---- what goes wrong ------------------------------------------------------------------------------


def test_a_configuration_that_httpd_refuses_is_taken_back_before_any_reload(scene):
    one = scene()
    one.reloads.refuse("configtest", "AH00526: Syntax error on line 5\nBalancerMember x secret=hush\n")
    run = one.change(code=1)
    assert "    AH00526: Syntax error on line 5\n    BalancerMember x secret=***\n" in run.stderr
    assert "hush" not in run.stderr
    assert "refuses its configuration with the old file too" in run.stderr
    one.check_old()
    assert "graceful" not in one.reloads.calls


@pytest.mark.parametrize("existed", [True, False], ids=["changed", "first"])
def test_a_file_that_httpd_does_not_include_is_taken_back_before_any_reload(scene, existed):
    one = scene(existed=existed)
    one.reloads.include(one.reloads.control)
    said = one.change(code=1).stderr
    assert f"osgen: httpd doesn't include {one.conf}: its configuration lacks an Include of it\n" \
        in said
    one.check_old()
    assert one.reloads.calls == ["configtest"]


@pytest.mark.parametrize("directory, existed, told", [
    ("sites-available", True, "a2ensite site"),
    ("conf-available", False, "osgen render -o it first, then a2enconf site")])
def test_on_debian_it_is_told_how_a_file_is_included(scene, directory, existed, told):
    one = scene()
    conf = one.root / directory / "site.conf"
    conf.parent.mkdir()
    if existed:
        conf.write_text(one.old)
    one.reloads.include(one.reloads.control)
    run = one.osgen("apply", "-o", conf, "--control", one.reloads.control, one.topology, code=1)
    assert f"osgen: httpd doesn't include {conf}: {told}\n" in run.stderr


def test_a_directory_that_httpd_includes_whole_is_refused(scene):
    """What lies beside the file while it is changed would be read too, and the old site first."""
    one = scene()
    undo = one.conf.parent / ".site.conf.undo"
    one.reloads.include(one.reloads.control, undo, one.conf)
    assert f"osgen: httpd includes {undo} too, where the old file is meanwhile: have its Include " \
        f"name {one.conf.parent}/*.conf\n" in one.change(code=1).stderr
    one.check_old()
    assert one.reloads.calls == ["configtest"]


def test_a_file_may_be_included_under_another_name(scene):
    one = scene()
    link = one.root / "enabled.conf"
    link.symlink_to(one.conf)
    one.reloads.include(one.reloads.control, one.reloads.control, link)
    one.change(code=0)
    one.check_new()


def test_where_httpd_cannot_tell_what_it_includes_that_is_no_hindrance(scene):
    """Its program says nothing of it, or of the files of another machine."""
    one = scene()
    one.reloads.include("/no/such/httpd.conf")
    one.change(code=0)
    os.unlink(os.path.join(one.reloads.root, "includes"))
    one.change(code=0)
    one.check_new()


def test_a_reload_that_fails_is_taken_back(scene):
    one = scene()
    one.reloads.refuse("graceful", "httpd: no\n")
    run = one.change(code=1)
    assert f"{one.reloads.control} graceful failed:\n    httpd: no\n" in run.stderr
    assert one.reloads.calls[-1] == "start", "perhaps it had ended"
    assert one.held() == one.old and one.beside() == []
    one.reloads.take("graceful")
    one.change(code=0)
    one.check_new()


def test_an_httpd_that_neither_reloads_nor_starts_is_for_somebody_to_look_after(scene):
    one = scene()
    one.reloads.refuse("graceful")
    one.reloads.refuse("start")
    assert "somebody has to look after httpd now" in one.change(code=3).stderr
    assert one.held() == one.old and one.beside() == [".site.conf.told"]
    one.reloads.take("graceful")
    assert "an earlier osgen didn't see httpd reload the file as it is now\n" in \
        one.change(code=0).stderr
    one.check_new()


def test_where_nobody_looks_httpd_is_started_in_any_case_and_no_more_is_claimed(scene):
    one = scene()
    said = one.change("try", "--no-wait", "-t", "300ms", code=1).stderr
    assert said.endswith("osgen: httpd was told to reload it; nobody has looked whether it runs\n")
    assert one.reloads.calls == ["configtest", "graceful", "configtest", "graceful", "start"]
    one.check_old()


def test_after_the_way_back_the_old_files_address_counts(scene):
    """Where the new file has the site, httpd still answers."""
    one = scene()
    port = free_port()
    one.old = one.old.replace(f"127.0.0.1:{one.reloads.port}", f"127.0.0.1:{port}")
    assert str(port) in one.old
    one.conf.write_text(one.old)
    one.reloads.hidden = {"ajp://10.0.0.3:8009/openspecimen"}
    said = one.change("apply", "--timeout", "1s", code=3).stderr
    assert f"osgen: httpd doesn't answer at http://127.0.0.1:{port}/balancer-status?format=json, " \
        "where the old file has the site\nosgen: somebody has to look after httpd now" in said
    assert one.reloads.calls == ["configtest", "graceful", "configtest", "start", "graceful"]
    assert one.held() == one.old


def test_an_old_file_that_httpd_refuses_is_not_gone_back_to(scene):
    """Somebody has changed it by hand since httpd read it."""
    one = scene()
    old = one.conf.parent / ".site.conf.old"
    one.reloads.hidden = {"ajp://10.0.0.3:8009/openspecimen"}
    one.reloads.bar(one.old)
    said = one.change("apply", "--timeout", "500ms", code=3).stderr
    assert said.endswith(f"osgen: httpd refuses its configuration with the old file, which is now {old}\n"
                         f"osgen: {one.conf} stays the new file, which httpd's test has passed\n")
    one.check_new()
    assert old.read_text() == one.old


def test_no_file_that_httpd_refuses_is_not_gone_back_to(scene):
    one = scene(existed=False)
    one.reloads.hidden = {"ajp://10.0.0.3:8009/openspecimen"}
    one.reloads.bar(None)
    assert "osgen: httpd refuses its configuration without the file\n" in \
        one.change("apply", "--timeout", "500ms", code=3).stderr
    one.check_new()


def test_a_page_elsewhere_that_never_answered_raises_no_alarm(scene):
    one = scene()
    page = f"http://127.0.0.1:{free_port()}/"
    said = one.change("apply", "--status-url", page, "-t", "500ms", code=1).stderr
    assert "httpd doesn't answer: " in said
    assert said.endswith("osgen: httpd was told to reload it; nobody has looked whether it runs\n")
    one.check_old()


def test_whether_anybody_could_serve_is_seen_where_the_old_file_has_the_site(scene):
    """The balancer has another name now; by that, nobody is to be seen before the reload."""
    one = scene()
    one.write(["ajp://10.0.0.3:8009"], "balance: {name: other}\nadmin: [127.0.0.1]\n")
    one.reloads.states = {f"ajp://10.0.0.{n}:8009/openspecimen": ("unreachable", False)
                          for n in (1, 2, 3)}
    one.change(code=0)


def test_members_that_never_show_are_taken_back(scene):
    one = scene()
    one.reloads.hidden = {"ajp://10.0.0.3:8009/openspecimen"}
    run = one.change("apply", "--timeout", "1s", code=1)
    assert "the status page shows 1 of the 2 members" in run.stderr
    one.check_old()


def test_a_member_without_a_url_is_nobody_that_the_file_has(scene):
    one = scene()
    one.reloads.left = {""}
    assert "the status page still shows a member without a URL\n" in \
        one.change("apply", "--timeout", "300ms", code=1).stderr
    one.check_old()


def test_a_page_that_refuses_this_machine_is_told_and_taken_back(scene):
    one = scene()
    one.reloads.status = 403
    run = one.change("apply", "--timeout", "1s", code=1)
    assert "the status page answers 403: let admin.allow have this machine in, or say " \
        "--status-url or --no-wait\n" in run.stderr
    one.check_old()


def test_a_change_after_which_nobody_can_serve_is_taken_back(scene):
    one = scene()
    one.reloads.states = {f"ajp://10.0.0.{n}:8009/openspecimen": ("forbidden", False)
                          for n in (1, 3)}
    run = one.change(code=1)
    assert "no instance can serve" in run.stderr
    assert "    ajp://10.0.0.1:8009/openspecimen is forbidden: as it is\n" in run.stderr
    one.check_old()


def test_where_nobody_could_serve_before_nobody_needs_to(scene):
    one = scene()
    one.reloads.states = {f"ajp://10.0.0.{n}:8009/openspecimen": ("unreachable", False)
                          for n in (1, 2, 3)}
    one.change(code=0)
    one.check_new()


def test_a_topology_that_lets_nobody_here_see_the_page_is_told_first(scene):
    one = scene()
    for allow in ("10.0.0.5", "10.0.0.0/8", "'::1'"):
        one.write(["ajp://10.0.0.1:8009"], f"admin: [{allow}]\n")
        assert "admin.allow doesn't let this machine see the status page" in \
            one.change(code=3).stderr
    one.check_old()
    assert one.reloads.calls == []
    for allow in ("127.0.0.0/8", "all", "localhost"):
        one.write(["ajp://10.0.0.1:8009"], f"admin: [{allow}]\n")
        one.change("apply", "--dry-run", code=0)


def test_no_page_of_members_is_no_hindrance(scene):
    one = scene()
    one.write(["ajp://10.0.0.1:8009"], "balance: {health: off}\n")
    one.new = one.osgen("render", one.topology).stdout
    one.change(code=0)
    one.check_new()


@pytest.mark.parametrize("args, told", [
    (["--control", "apachectl"], '--control needs a path, and "apachectl" has no slash'),
    (["--control", "/no/such"], "/no/such is not a program that can be run"),
    (["--status-url", "ftp://x/"],
     '--status-url: "ftp://x/" doesn\'t begin with http:// or https://'),
])
def test_what_cannot_be_begun_leaves_all_as_it_is(scene, args, told):
    one = scene()
    rest = [] if args[0] == "--control" else ["--control", one.reloads.control]
    assert told in one.osgen("apply", "-o", one.conf, *args, *rest, one.topology, code=3).stderr
    one.check_old()


def test_the_topology_itself_is_not_applied_over(scene):
    one = scene()
    run = one.osgen("apply", "-o", one.topology, "--control", one.reloads.control, one.topology)
    assert run.returncode == 3 and "is the topology itself" in run.stderr


# ---- two at a time --------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["apply", "try"])
def test_a_second_run_is_refused_and_does_no_harm(scene, command):
    one = scene()
    process = one.begin("try")
    wait_for_trial(one)
    run = one.change(command, code=3)
    assert f"another osgen, process {process.pid}, is changing {one.conf}" in run.stderr
    one.confirm(code=0)
    assert wait_for_end(process)[0] == 0
    one.check_new()


def test_a_lock_that_leads_elsewhere_is_refused(scene):
    one = scene()
    lock = one.conf.parent / ".site.conf.lock"
    lock.symlink_to("../elsewhere")
    assert f"osgen: {lock} can't be made: Too many levels of symbolic links\n" in \
        one.change(code=3).stderr
    lock.unlink()
    one.check_old()
    assert one.reloads.calls == [] and not (one.root / "elsewhere").exists()


def test_another_file_of_the_same_httpd_is_refused_until_the_first_is_settled(scene):
    one = scene()
    process = one.begin("try")
    wait_for_trial(one)
    other, control = one.root / "conf" / "other.conf", one.root / "apachectl"
    control.symlink_to(one.reloads.control)
    words = ["apply", "-o", other, "--control", control, one.topology]
    said = one.osgen(*words, code=3).stderr
    assert said.endswith(f"osgen: another osgen, process {process.pid}, is changing another file "
                         "of this httpd\n")
    assert not other.exists() and one.reloads.live == one.new
    process.kill()
    one.reloads.include(one.reloads.control, other)
    one.osgen(*words, code=0)
    assert other.exists()


def test_a_word_that_nobody_waits_for_is_told(scene):
    one = scene()
    assert one.confirm(code=1).stderr == f"osgen: nobody asks for a word on {one.conf}\n"
    one.reloads.hang("configtest")
    process = one.begin("try", "-t", "300ms")
    one.reloads.wait_until_in("configtest")
    assert f"process {process.pid} doesn't wait for a word on {one.conf}, not yet or no more\n" in \
        one.confirm(code=1).stderr
    one.reloads.let_go("configtest")
    assert wait_for_end(process)[0] == 1
    one.check_old()


# ---- interruptions --------------------------------------------------------------------------------


@pytest.mark.parametrize("action", ["configtest", "graceful"])
@pytest.mark.parametrize("number", SOFT, ids=lambda number: number.name)
def test_a_signal_while_httpds_program_runs_takes_the_change_back(scene, action, number):
    one = scene()
    one.reloads.hang(action)
    process = one.begin("try")
    one.reloads.wait_until_in(action)
    process.signal(number)
    one.reloads.wait_until_in(action)
    one.reloads.let_go(action)
    code, said = wait_for_end(process)
    assert code == 1 and f"{number.name}: the change is taken back" in said
    one.check_old()


@pytest.mark.parametrize("number", SOFT, ids=lambda number: number.name)
def test_a_signal_while_the_page_is_looked_at_takes_the_change_back(scene, number):
    one = scene()
    one.reloads.hidden = {"ajp://10.0.0.3:8009/openspecimen"}
    process = one.begin("try")
    wait_until(lambda: "[4/5]" in process.output(), 10, "the look")
    process.signal(number)
    assert wait_for_end(process)[0] == 1
    one.check_old()


@pytest.mark.parametrize("number", SOFT, ids=lambda number: number.name)
def test_a_signal_while_somebody_is_asked_takes_the_change_back(scene, number):
    one = scene()
    process = one.begin("try")
    wait_for_trial(one)
    process.signal(number)
    code, said = wait_for_end(process)
    assert code == 1 and f"taken back: {one.conf} is the old file again" in said
    one.check_old()


def at_call(call, fault, mark):
    kind = "FAULT_AT_SIGNAL" if isinstance(fault, signal.Signals) else "FAULT_AT_ERRNO"
    return {**os.environ, "LD_PRELOAD": SHIM, "FAULT_AT_CALL": str(call), kind: str(int(fault)),
            "FAULT_AT_MARK": os.fspath(mark)}


def each_call(one, fault, command, *more):
    """Runs COMMAND from the same beginning again and again, with the signal before its first,
    second, third ... call that changes a file or runs a program, or with the error as its answer,
    until there is none left."""
    mark = one.root / "mark"
    for call in range(1, 200):
        mark.unlink(missing_ok=True)
        run = one.change(command, "--no-wait", *more, env=at_call(call, fault, mark))
        if not mark.exists():
            assert call > 15, "it makes more calls than that"
            return
        yield f"{fault!s} at call {call}, {mark.read_text().strip()}: ", run
        begin_anew(one)


def begin_anew(one):
    for path in one.conf.parent.iterdir():
        path.unlink()
    if one.old is None:
        one.reloads.run("")
        os.unlink(os.path.join(one.reloads.root, "live"))
    else:
        one.conf.write_text(one.old)
        one.conf.chmod(0o600)
        one.reloads.run(one.old)


@pytest.mark.parametrize("number, existed", [*((number, True) for number in USUAL),
                                             (signal.SIGTERM, False)],
                         ids=["SIGINT", "SIGTERM", "SIGHUP", "SIGTERM-new"])
def test_a_signal_before_any_call_of_a_try_takes_it_back(scene, number, existed):
    one = scene(existed=existed)
    for where, run in each_call(one, number, "try", "-t", "100ms"):
        assert run.returncode == 1, where + run.stderr
        assert "taken back" in run.stderr or "is as it was" in run.stderr, where
        one.check_old()


@pytest.mark.parametrize("number", USUAL, ids=lambda number: number.name)
def test_a_signal_before_any_call_of_an_apply_leaves_what_it_says(scene, number):
    one = scene()
    codes = []
    for where, run in each_call(one, number, "apply"):
        codes.append(run.returncode)
        if run.returncode == 0:
            assert "is the new file" in run.stderr, where
            one.check_new()
        else:
            assert run.returncode == 1, where + run.stderr
            one.check_old()
    assert codes == sorted(codes, reverse=True), "from the last rename on, the new file stays"


def kinds(one):
    """Of the file: whether it is the old or the new one, whole."""
    held = one.held()
    assert held in (one.old, one.new)
    return held


@pytest.mark.parametrize("existed, links", [(True, True), (True, False), (False, True)],
                         ids=["linked", "copied", "new"])
def test_after_a_kill_the_next_run_begins_with_the_old_file(scene, existed, links, monkeypatch):
    """The next one is refused by httpd, so that what it puts back is seen."""
    one = scene(existed=existed)
    if not links:
        monkeypatch.setenv("LINK_FAILS", "1")
    ends = set()
    for where, run in each_call(one, signal.SIGKILL, "try", "-t", "100ms"):
        assert run.returncode == -signal.SIGKILL, where
        ends.add(kinds(one))
        one.reloads.refuse("configtest")
        again = one.change("apply", "--no-wait", code=1)
        one.reloads.take("configtest")
        one.check_mended(where, again)
    assert ends == {one.old, one.new}, "it was killed before and after the new file's rename"


@pytest.mark.parametrize("command", ["apply", "try"])
def test_after_a_kill_the_next_run_goes_on(scene, command):
    one = scene()
    for where, _ in each_call(one, signal.SIGKILL, command, *(["-t", "100ms"] * (command == "try"))):
        kinds(one)
        one.change("apply", "--no-wait", code=0)
        assert (one.held(), one.reloads.live) == (one.new, one.new), where
        one.check_swept(where)


# What osgen can't do is told by the name of what it can't be done to.
CANNOT = re.compile(r"^osgen: \S+ can't be ([\w ]+): Input/output error$", re.M)


@pytest.mark.parametrize("command, existed, links, told", [
    ("apply", True, True, {"renamed"}), ("apply", True, False, {"renamed"}),
    ("apply", False, True, {"removed"}), ("try", True, True, {"renamed", "put back"}),
    ("try", False, True, {"renamed", "removed"})],
    ids=["apply", "copied", "new", "try", "try-new"])
def test_what_fails_at_any_call_is_told_and_the_file_is_whole(scene, monkeypatch, command, existed,
                                                              links, told):
    one = scene(existed=existed)
    if not links:
        monkeypatch.setenv("LINK_FAILS", "1")
    failed = set()
    for where, run in each_call(one, errno.EIO, command, *(["-t", "100ms"] * (command == "try"))):
        where += run.stderr
        failed.update(CANNOT.findall(run.stderr))
        old = re.search(r"the new file may still be in place; the old one is (\S+)\n", run.stderr)
        if "the new file may still be in place" in run.stderr:
            assert one.held() in (one.old, one.new), where
            assert (f"put it back by hand, and reload httpd: mv {old[1]} {one.conf}\n" if existed else
                    "the new file may still be in place, where there was none before\n"
                    f"osgen: remove it by hand, and reload httpd: rm {one.conf}\n") in where
            assert not existed or pathlib.Path(old[1]).read_text() == one.old, where
        else:
            assert one.held() == (one.new if run.returncode == 0 else one.old), where
        if run.returncode == 3:
            assert CANNOT.search(run.stderr) or "somebody has to look after httpd" in run.stderr, where
        one.change("apply", "--no-wait", code=0)
        assert (one.held(), one.reloads.live) == (one.new, one.new), where
        one.check_swept(where)
    assert failed == told | {"locked", "written", "replaced", "replaced with its mode kept"}


def test_a_kill_while_somebody_is_asked_is_told_and_mended(scene):
    one = scene()
    process = one.begin("try")
    wait_for_trial(one)
    process.kill()
    assert one.reloads.live == one.new
    assert "was cut off; the next apply or try begins with the file from before" in \
        one.confirm(code=1).stderr
    dry = one.change("apply", "--dry-run", code=0)
    assert "the file from before it would be put back first" in dry.stderr
    assert "10.0.0.2:8009/openspecimen leaves" in dry.stderr and "[4/4]" in dry.stderr
    note = f"note: nobody has confirmed what {one.conf} is now, and who changed it was cut off; " \
        f"the next osgen apply or try -o {one.conf} begins with the file from before\n"
    for command, told in (("diff", "is as"), ("render", "is unchanged")):
        said = one.osgen(command, "-o", one.conf, one.topology, code=0).stderr
        assert told in said and note in said
    one.reloads.refuse("configtest")
    run = one.change(code=1)
    assert "cut off before anybody had confirmed its change" in run.stderr
    assert one.held() == one.old and one.reloads.live == one.old
