# SPDX-License-Identifier: Apache-2.0
"""Looks at one member a hundred times a second, and remembers since when it is out or in."""

import http.client
import threading
import time

PAUSE = 0.01


class Watcher(threading.Thread):
    """PEER is asked about the member at URL."""

    def __init__(self, peer, url):
        super().__init__(daemon=True)
        self.peer = peer
        self.url = url
        self.out = None
        self.since = 0.0  # on the monotonic clock: when `out` became what it is
        self._stopping = threading.Event()

    def run(self):
        while not self._stopping.is_set():
            try:
                out = self.peer.is_out(self.url)
            except (OSError, http.client.HTTPException):
                continue
            if out != self.out:
                self.out, self.since = out, time.monotonic()
            self._stopping.wait(PAUSE)

    def stop(self):
        self._stopping.set()
        self.join()
