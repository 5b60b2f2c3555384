# SPDX-License-Identifier: Apache-2.0
"""What of users' requests reached a node, from its access log."""

import os
import time
from dataclasses import dataclass


@dataclass(frozen=True)
class Arrival:
    # On the monotonic clock; the log's is exact to a millisecond.
    begin: float
    seconds: float
    status: int
    method: str
    user: str


def _arrival(line, offset):
    begin, took, status, method, user = line.split()
    return Arrival(int(begin) / 1000 - offset, int(took) / 1e6, int(status), method, user)


class Arrivals:
    """Of one node, from now on."""

    def __init__(self, node):
        self.path = node.access_log
        self._from = os.path.getsize(self.path)

    def read(self):
        """Those that are answered, in order of their ends; checks aren't among them."""
        offset = time.time() - time.monotonic()
        with open(self.path, encoding="ascii") as log:
            log.seek(self._from)
            lines = [line for line in log if line.endswith("\n") and not line.endswith(" -\n")]
        return [_arrival(line, offset) for line in lines]
