# SPDX-License-Identifier: Apache-2.0
"""Many members that one stand-in plays, each on an address of its own."""

import ipaddress
from dataclasses import dataclass

from .node import CONTEXT, HOST
from .standin import Standin

FIRST = ipaddress.IPv4Address("127.0.9.1")


@dataclass
class Member:
    """As a configuration wants it."""
    url: str
    secret: str


class Crowd(Standin):
    def __init__(self, base, size, first=FIRST, node="crowd"):
        super().__init__(base, node=node)
        self.addresses = [first + number for number in range(size)]

    @property
    def members(self):
        return [Member(f"ajp://{address}:{self.ajp_port}{CONTEXT}", self.secret)
                for address in self.addresses]

    def start(self, wait=True, start_fault=None):
        span = f"{self.addresses[0]}-{self.addresses[-1]}"
        self._run([self.program, "--node", self.node, "--secret", self.secret,
                   "--ajp", f"{span}:{self.ajp_port}", "--http", f"{span}:{self.http_port}",
                   "--control", f"{HOST}:{self.control_port}"], wait)
