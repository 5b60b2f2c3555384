# SPDX-License-Identifier: Apache-2.0
"""Many members that one C stand-in plays, each on an address of its own in 127.0.0.0/8."""

import http.client
import ipaddress
import json

from harness.crowd import Crowd
from harness.node import CONTEXT, HOST

FIRST = ipaddress.IPv4Address("127.50.0.1")


class Fleet(Crowd):
    def __init__(self, base, count, skip=0):
        """COUNT members; SKIP: how many addresses before theirs belong to other fleets."""
        super().__init__(base, count, FIRST + skip, node="fleet")

    def urls(self, scheme):
        port = {"ajp": self.ajp_port, "http": self.http_port}[scheme]
        return [f"{scheme}://{address}:{port}{CONTEXT}" for address in self.addresses]

    def port(self, scheme):
        return {"ajp": self.ajp_port, "http": self.http_port}[scheme]

    def tally(self, begin=None):
        """Who came, from the latest call with BEGIN on: that begins anew, and a longer pause than
        BEGIN milliseconds makes the next one late."""
        connection = http.client.HTTPConnection(HOST, self.control_port, timeout=10)
        try:
            connection.request("GET", "/standin/tally" + (f"?begin={begin}" if begin else ""))
            return json.loads(connection.getresponse().read())
        finally:
            connection.close()

    def places(self, scheme, kind):
        """The tally rows of one KIND, "connections", "pings", "requests" or "checks", of every member."""
        end = f":{self.port(scheme)}"
        return [rows[kind] for place, rows in self.tally()["places"].items() if place.endswith(end)]
