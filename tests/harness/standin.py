# SPDX-License-Identifier: Apache-2.0
"""A node on the stand-in of tests/standin: it starts in milliseconds, and takes faults that no real
Tomcat has."""

import http.client
import json
import os

from .node import HOST, Node

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def binary(flavour=""):
    """The path of the program; FLAVOUR "asan" or "clang" for one of the other builds."""
    return os.path.join(ROOT, os.environ.get("BUILD", "build"), flavour, "standin")


class Standin(Node):
    def __init__(self, base, node="node", build="v12.2", program=None):
        """PROGRAM: another path than binary()."""
        super().__init__(base, node, build, "standin.log")
        self.program = program or binary()

    def start(self, wait=True, start_fault=None):
        """START_FAULT: None, "slow:SECONDS" or "fail". With WAIT, returns when requests are
        answered, which is after a slow start."""
        argv = [self.program, "--node", self.node, "--build", self.build, "--secret", self.secret,
                "--ajp", f"{HOST}:{self.ajp_port}", "--http", f"{HOST}:{self.http_port}",
                "--control", f"{HOST}:{self.control_port}"]
        if start_fault:
            argv += ["--start", start_fault]
        self._run(argv, wait)

    def serves(self, switches):
        return switches["phase"] == "up"

    def tally(self, begin=None):
        """Who came to the AJP port so far: connections, pings, requests and checks, each with its count and
        its longest pause in milliseconds. BEGIN: counts from zero on after that, and a pause over
        so many milliseconds is late."""
        connection = http.client.HTTPConnection(HOST, self.control_port, timeout=10)
        try:
            connection.request("GET", "/standin/tally" + (f"?begin={begin}" if begin else ""))
            counts = json.loads(connection.getresponse().read())
        finally:
            connection.close()
        return counts["places"][f"{HOST}:{self.ajp_port}"]

    def checks(self):
        """How many checks came by AJP."""
        return self.tally()["checks"]["count"]
