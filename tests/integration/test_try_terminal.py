# SPDX-License-Identifier: Apache-2.0
"""osgen try on a terminal: who answers, who doesn't, and who is cut off."""

import contextlib
import os
import pty
import select
import signal

import pytest

from harness.change import wait_for_trial
from harness.site import OSGEN
from harness.wait import stays, wait_until


class Terminal:
    """osgen try as the leader of a session with a terminal of its own."""

    def __init__(self, scene, *more):
        words = [OSGEN, *map(os.fspath, scene.words("try", "--no-wait", *more))]
        self.said = b""
        self.pid, self.file = pty.fork()
        if self.pid == 0:
            os.execv(words[0], words)
        self.code = None

    def read(self):
        while self.file is not None and select.select([self.file], [], [], 0)[0]:
            try:
                piece = os.read(self.file, 65536)
            except OSError:
                return
            if not piece:
                return
            self.said += piece

    def wait_for_question(self):
        def asked():
            self.read()
            return b"press Enter to keep it; anything else, or nothing within " in self.said
        wait_until(asked, 20, "the question")

    def type(self, text):
        os.write(self.file, text)

    def hang_up(self):
        os.close(self.file)
        self.file = None

    def ended(self):
        self.read()
        if self.code is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            self.code = os.waitstatus_to_exitcode(status) if pid else None
        return self.code is not None

    def wait(self):
        wait_until(self.ended, 20, "osgen's end")
        return self.code

    def close(self):
        if self.code is None:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        if self.file is not None:
            self.hang_up()


@pytest.fixture
def terminal():
    made = []

    def make(*args):
        made.append(Terminal(*args))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.mark.parametrize("answer", [b"\n", b"y\n", b"Yes\n"])
def test_enter_keeps_it(scene, terminal, answer):
    one = scene()
    at = terminal(one)
    at.wait_for_question()
    at.type(answer)
    assert at.wait() == 0
    one.check_new()


UNWANTED = b"osgen: it isn't wanted\r\n"


@pytest.mark.parametrize("answer, told", [
    (b"n\n", UNWANTED), (b"no\n", UNWANTED), (b"ye\n", UNWANTED), (b"y" * 100 + b"\n", UNWANTED),
    (b"\x03", b"osgen: SIGINT: the change is taken back\r\n"),
    (b"\x04", b"osgen: the terminal is at its end\r\n")],
    ids=["n", "no", "half", "long", "Ctrl-C", "Ctrl-D"])
def test_anything_else_takes_it_back(scene, terminal, answer, told):
    one = scene()
    at = terminal(one)
    at.wait_for_question()
    at.type(answer)
    assert at.wait() == 1
    assert told in at.said and b"taken back: " in at.said
    one.check_old()


def test_silence_takes_it_back(scene, terminal):
    one = scene()
    assert terminal(one, "-t", "300ms").wait() == 1
    one.check_old()


def test_a_lost_connection_takes_it_back(scene, terminal):
    one = scene()
    at = terminal(one)
    at.wait_for_question()
    at.hang_up()
    assert at.wait() == 1
    one.check_old()


@pytest.mark.parametrize("action", ["configtest", "graceful"])
def test_a_connection_that_is_lost_on_the_way_takes_it_back(scene, terminal, action):
    one = scene()
    one.reloads.hang(action)
    at = terminal(one)
    one.reloads.wait_until_in(action)
    at.hang_up()
    one.reloads.let_go(action)
    assert at.wait() == 1
    one.check_old()


def test_what_was_typed_before_the_question_is_no_answer(scene, terminal):
    one = scene()
    one.reloads.hang("configtest")
    at = terminal(one, "-t", "500ms")
    one.reloads.wait_until_in("configtest")
    at.type(b"\n\n")
    one.reloads.let_go("configtest")
    assert at.wait() == 1
    one.check_old()


def test_it_cannot_be_put_to_sleep(scene, terminal):
    one = scene()
    at = terminal(one, "-t", "500ms")
    at.wait_for_question()
    at.type(b"\x1a")
    assert at.wait() == 1
    one.check_old()


def test_a_confirmation_from_elsewhere_is_as_good(scene, terminal):
    one = scene()
    at = terminal(one)
    wait_for_trial(one)
    one.confirm(code=0)
    assert at.wait() == 0
    one.check_new()


def test_a_terminal_that_stands_still_does_not_stop_the_clock(scene, terminal):
    one = scene()
    at = terminal(one, "-t", "1s")
    at.wait_for_question()
    at.type(b"\x13")
    assert at.wait() == 1
    one.check_old()


@pytest.fixture
def piped():
    """Starts osgen try with a pipe for its words: its process, and the pipe's two ends."""
    with contextlib.ExitStack() as stack:
        def start(one, *more):
            out, into = (stack.enter_context(open(end, mode, buffering=0))
                         for end, mode in zip(os.pipe(), ("rb", "wb")))
            words = [OSGEN, *map(os.fspath, one.words("try", "--no-wait", *more))]
            redirect = [(os.POSIX_SPAWN_DUP2, into.fileno(), 2)]
            return os.posix_spawn(OSGEN, words, os.environ, file_actions=redirect), out, into
        yield start


def wait_for(pid):
    wait_until(lambda: os.waitpid(pid, os.WNOHANG)[0] == pid, 20, "osgen's end")


def test_a_full_pipe_does_not_stop_the_clock(scene, piped):
    one = scene()
    pid, _, into = piped(one, "-t", "1s")
    wait_for_trial(one)
    os.set_blocking(into.fileno(), False)
    while into.write(b"x") is not None:
        pass
    os.set_blocking(into.fileno(), True)
    wait_for(pid)
    one.check_old()


def test_a_pipe_that_nobody_reads_ends_nothing(scene, piped):
    """ssh without a terminal, whose connection is gone: no SIGHUP comes, and no SIGPIPE counts."""
    one = scene()
    pid, out, into = piped(one, "-t", "1s")
    into.close()
    wait_for_trial(one)
    out.close()
    wait_for(pid)
    one.check_old()


def test_a_question_that_waits_asks_for_little(scene, terminal):
    """A second of waiting costs hardly any processor time."""
    one = scene()
    at = terminal(one)
    at.wait_for_question()

    def ticks():
        with open(f"/proc/{at.pid}/stat", encoding="ascii") as stat:
            return sum(int(word) for word in stat.read().rsplit(")", 1)[1].split()[11:13])
    before = ticks()
    stays(lambda: not at.ended(), 1)
    assert ticks() - before <= 0.05 * os.sysconf("SC_CLK_TCK")
