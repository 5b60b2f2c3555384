# SPDX-License-Identifier: Apache-2.0
"""Users at work while a test does something else."""

import http.client
import threading


class Load:
    """Requests one after another from a few threads until told to stop, PAUSE seconds apart in each
    of them. SERVER is an Httpd or a Site; an answer is its status and the node's name, if PATH
    tells it, or else its text, or 0 and the error in place of one. OPTIONS are Httpd.request's."""

    def __init__(self, server, threads=4, pause=0, path="/openspecimen/rest/ng/echo", **options):
        self.server = server
        self.pause = pause
        self.path = path
        self.options = options
        self.answers = []
        self.stopping = threading.Event()
        self.threads = [threading.Thread(target=self._run) for _ in range(threads)]

    def _run(self):
        while not self.stopping.wait(self.pause):
            try:
                answer = self.server.request(self.path, **self.options)
                node = answer.json.get("node") if answer.status == 200 else answer.text
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
