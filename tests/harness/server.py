# SPDX-License-Identifier: Apache-2.0
"""A balancer as its users and its status page's readers meet it, wherever it runs."""

import http.client
import json

from .wait import wait_until


class Response:
    def __init__(self, answer):
        self.status = answer.status
        self.headers = answer.headers
        self.body = answer.read()

    @property
    def text(self):
        return self.body.decode("utf-8")

    @property
    def json(self):
        return json.loads(self.body)


class Server:
    """Whoever inherits this has a port on the loopback interface in self.port."""

    def request(self, path, method="GET", headers=None, body=None, source="127.0.0.1",
                timeout=10, host=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout,
                                                source_address=(source, 0))
        try:
            connection.request(method, path, body=body,
                               headers={"Connection": "close",
                                        **({"Host": host} if host else {}), **(headers or {})})
            return Response(connection.getresponse())
        finally:
            connection.close()

    def status(self, path="/balancer-status"):
        """The status handler's JSON."""
        answer = self.request(path + "?format=json")
        assert answer.status == 200, answer.text
        return answer.json

    def members(self, path="/balancer-status"):
        """The members' JSON by their URL."""
        return {member["url"]: member for balancer in self.status(path)["balancers"]
                for member in balancer["members"]}

    def wait_for_state(self, url, state, limit):
        """Waits until the member is in the state; returns its JSON."""
        def reached():
            member = self.members()[url]
            return member if member["state"] == state else None
        return wait_until(reached, limit, f"{url} to be {state}")

    def wait_until_out(self, url, limit=1):
        """Waits until the member serves nobody: its state is on the board a moment before that."""
        wait_until(lambda: not self.members()[url]["serves"], limit, f"{url} to be out")
