# SPDX-License-Identifier: Apache-2.0
"""Whether checks go on: the status is asked four times a second for how many there were."""

import http.client
import threading
import time

PAUSE = 0.25
LONGEST = 2.0  # seconds without any check


class Pulse(threading.Thread):
    def __init__(self, server):
        super().__init__(daemon=True)
        self.server = server
        self.checks = 0
        self.longest = 0.0    # s without a check, where none was allowed for
        self.unanswered = 0   # looks at the status that failed
        self._since = time.monotonic()
        self._allowed_until = 0.0
        self._stopping = threading.Event()

    def allow_pause(self, seconds):
        """A restart: what pause there is until then doesn't count."""
        self._allowed_until = time.monotonic() + seconds

    def run(self):
        while not self._stopping.wait(PAUSE):
            try:
                self._look(sum(member["checks"] for member in self.server.members().values()))
            except (OSError, http.client.HTTPException, AssertionError, ValueError):
                self.unanswered += 1

    def _look(self, checks):
        now = time.monotonic()
        if now < self._allowed_until:
            self._since = now
        elif checks != self.checks:
            self._since = now
        self.checks = checks
        self.longest = max(self.longest, now - self._since)

    def stop(self):
        self._stopping.set()
        self.join()
