# SPDX-License-Identifier: Apache-2.0
"""Users at work while a test does something else."""

import http.client
import threading


class Load:
    """Requests one after another from a few threads until told to stop. SERVER is an Httpd or a
    Site; an answer is its status and the node's name, or 0 and the error in place of one."""

    def __init__(self, server, threads=4):
        self.server = server
        self.answers = []
        self.stopping = threading.Event()
        self.threads = [threading.Thread(target=self._run) for _ in range(threads)]

    def _run(self):
        while not self.stopping.is_set():
            try:
                answer = self.server.request("/openspecimen/rest/ng/echo")
                node = answer.json["node"] if answer.status == 200 else answer.text
                self.answers.append((answer.status, node))
            except (OSError, ValueError, http.client.HTTPException) as error:
                self.answers.append((0, repr(error)))

    def answered(self, status):
        return sum(answer[0] == status for answer in self.answers)

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.stopping.set()
        for thread in self.threads:
            thread.join()
