# SPDX-License-Identifier: Apache-2.0
"""A node on the stand-in of tests/standin: it starts in milliseconds, and takes faults that no real
Tomcat has. What it has in common with harness.tomcat.Tomcat has the same names."""

import http.client
import json
import os
import secrets
import signal
import socket
import urllib.parse

from .ports import free_port
from .process import Process
from .wait import wait_until

HOST = "127.0.0.1"
CONTEXT = "/openspecimen"
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def binary(flavour=""):
    """The path of the program; FLAVOUR "asan" or "clang" for one of the other builds."""
    return os.path.join(ROOT, os.environ.get("BUILD", "build"), flavour, "standin")


class Standin:
    """One node. Its ports and its secret stay the same from start to start."""

    def __init__(self, base, node="node", build="v12.2", program=None):
        """BASE: a directory for the log, made if missing. BUILD: the version that app-props tells
        after each start. PROGRAM: another path than binary()."""
        self.base = os.fspath(base)
        self.node = node
        self.build = build
        self.program = program or binary()
        self.secret = secrets.token_hex(16)
        self.ajp_port, self.http_port, self.control_port = (free_port() for _ in range(3))
        os.makedirs(self.base, exist_ok=True)
        self.log = os.path.join(self.base, "standin.log")
        self._process = None

    @property
    def url(self):
        """The node as a balancer's member."""
        return f"ajp://{HOST}:{self.ajp_port}{CONTEXT}"

    @property
    def http_url(self):
        return f"http://{HOST}:{self.http_port}{CONTEXT}"

    @property
    def running(self):
        return self._process is not None and self._process.running

    @property
    def pid(self):
        return self._process.pid

    @property
    def listening(self):
        """Whether the AJP port takes connections, answered or not."""
        try:
            socket.create_connection((HOST, self.ajp_port), 1).close()
        except OSError:
            return False
        return True

    def start(self, wait=True, start_fault=None):
        """START_FAULT: None, "slow:SECONDS" or "fail". With WAIT, returns when requests are
        answered, which is after a slow start."""
        assert not self.running, "this stand-in runs already"
        argv = [self.program, "--node", self.node, "--build", self.build, "--secret", self.secret,
                "--ajp", f"{HOST}:{self.ajp_port}", "--http", f"{HOST}:{self.http_port}",
                "--control", f"{HOST}:{self.control_port}"]
        if start_fault:
            argv += ["--start", start_fault]
        self._process = Process(argv, self.log)
        if wait:
            wait_until(self._is_up_or_ended, 60, "the start of a stand-in, see " + self.log)
            assert self.running, "the stand-in ended at once:\n" + self.output()

    def _is_up_or_ended(self):
        if not self.running:
            return True
        try:
            return self.control()["phase"] == "up"
        except OSError:
            return False

    def stop(self):
        if self._process:
            self._process.stop()

    def kill(self):
        self._process.kill()

    def hang(self):
        """The kernel still accepts connections for it."""
        self._process.signal(signal.SIGSTOP)

    def resume(self):
        self._process.signal(signal.SIGCONT)

    def control(self, **switches):
        """Turns the switches of these names; returns all of them as they are now."""
        connection = http.client.HTTPConnection(HOST, self.control_port, timeout=10)
        try:
            connection.request("GET", "/standin/control?" + urllib.parse.urlencode(switches))
            answer = connection.getresponse()
            body = answer.read().decode()
        finally:
            connection.close()
        if answer.status != 200:
            raise ValueError(f"control request refused with {answer.status}: {body}")
        return json.loads(body)

    def undeploy(self):
        self.control(deployed="off")

    def deploy(self):
        self.control(deployed="on")

    def output(self):
        """What the process wrote."""
        return self._process.output() if self._process else ""
