# SPDX-License-Identifier: Apache-2.0
"""What the two kinds of nodes have in common: a process with an AJP port, an HTTP port and a port
for control requests, which turn its faults on and off."""

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


class Node:
    """One node. Its ports and its secret stay the same from start to start; what is changed of the
    attributes counts from the next start."""

    def __init__(self, base, node, build, log):
        """BASE: a directory of its own, made if missing. NODE: its name. BUILD: the version that
        app-props tells after each start. LOG: the name of its log there."""
        self.base = os.fspath(base)
        self.node = node
        self.build = build
        self.secret = secrets.token_hex(16)
        self.ajp_port, self.http_port, self.control_port = (free_port() for _ in range(3))
        self.log = os.path.join(self.base, log)
        self._process = None
        os.makedirs(self.base, exist_ok=True)

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

    def _run(self, argv, wait, cwd=None):
        """Starts ARGV, and with WAIT waits until the node serves."""
        assert not self.running, "this node runs already"
        self._process = Process(argv, self.log, cwd=cwd)
        if wait:
            wait_until(self._serves_or_ended, 60, "the start of a node, see " + self.log)
            assert self.running, "the node ended at once:\n" + self.output()

    def _serves_or_ended(self):
        if not self.running:
            return True
        try:
            return self.serves(self.control())
        except OSError:
            return False

    def serves(self, switches):
        """Whether a node with these SWITCHES has started."""
        raise NotImplementedError

    def stop(self):
        """An orderly end."""
        if self._process:
            self._process.stop()

    def kill(self):
        self._process.kill()

    def hang(self):
        """The kernel still accepts connections for it, until the backlog is full."""
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
        """Returns when it is done."""
        self.control(deployed="off")

    def deploy(self):
        self.control(deployed="on")

    def output(self):
        """What the process wrote."""
        return self._process.output() if self._process else ""
