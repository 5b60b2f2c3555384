# SPDX-License-Identifier: Apache-2.0
"""A child process of a test: it has a group of its own, is ended by its id, and ends by itself
when the test run dies."""

import ctypes
import os
import signal
import subprocess

from .wait import wait_until

PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


def _end_with_parent():
    _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


class Process:
    def __init__(self, argv, log, env=None, cwd=None):
        """Starts ARGV with stdout and stderr appended to the file LOG."""
        self.log = log
        with open(log, "ab") as out:
            self._popen = subprocess.Popen(
                argv, stdin=subprocess.DEVNULL, stdout=out, stderr=out, cwd=cwd,
                env={**os.environ, **(env or {})}, start_new_session=True,
                preexec_fn=_end_with_parent)

    @property
    def pid(self):
        return self._popen.pid

    @property
    def running(self):
        return self._popen.poll() is None

    @property
    def code(self):
        """Its exit code, or minus the signal that ended it; None while it runs."""
        return self._popen.poll()

    def signal(self, number):
        os.kill(self.pid, number)

    def kill(self):
        """SIGKILL to the whole group, and the corpse taken away."""
        try:
            os.killpg(self.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self._popen.wait()

    def stop(self, limit=10.0):
        """SIGTERM, time to end, then SIGKILL. A stopped process is woken first."""
        if self.running:
            self.signal(signal.SIGCONT)
            self.signal(signal.SIGTERM)
            try:
                wait_until(lambda: not self.running, limit, "the end of " + str(self.pid))
            except AssertionError:
                pass
        self.kill()

    def output(self):
        with open(self.log, encoding="utf-8", errors="replace") as log:
            return log.read()
