# SPDX-License-Identifier: Apache-2.0
"""Users of a balancer, and what became of their requests."""

import json
import os
import signal
import sys
import time
from dataclasses import dataclass
from typing import Optional

from harness.process import Process
from harness.wait import wait_until

from .. import settings
from . import client

PATIENCE = 5.0  # seconds after which an answer comes too late
SLOW = 1.0


@dataclass(frozen=True)
class Answer:
    number: int
    method: str
    # Seconds after the first request at which this one was due.
    due: float
    # How long it took from then on; so far, if there is no answer.
    seconds: float
    # 0 if it was broken off; None if it was still waited for in the end.
    status: Optional[int]

    @property
    def failed(self):
        return self.status != 200 or self.seconds > PATIENCE

    @property
    def slow(self):
        return self.seconds > SLOW


class Users:
    """A process that asks at PORT. Its clock begins half a second from now."""

    def __init__(self, directory, port, seconds, posts=0):
        self.path = os.path.join(directory, "answers.json")
        self.seconds = seconds
        self.start = time.monotonic() + 0.5
        self.process = Process(
            [sys.executable, client.__file__, *map(str, (port, settings.RATE, self.start, seconds,
                                                         settings.TAIL, posts)), self.path],
            os.path.join(directory, "client.log"))
        self.cpu = self.late = None
        self.answers = []

    @property
    def now(self):
        return time.monotonic() - self.start

    def sleep_until(self, moment):
        time.sleep(max(0, moment - self.now))

    def finish(self, early=False):
        """Waits for the last answer; EARLY: no request is begun any more."""
        if early:
            self.process.signal(signal.SIGTERM)
        wait_until(lambda: not self.process.running, self.seconds + settings.TAIL + 30,
                   "the last answers")
        with open(self.path, encoding="ascii") as file:
            told = json.load(file)
        self.cpu, self.late = told["cpu"], told["late"]
        self.answers = [Answer(*row) for row in told["answers"]]

    def stop(self):
        self.process.kill()
