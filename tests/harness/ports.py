# SPDX-License-Identifier: Apache-2.0
"""Ports of our own on the loopback interface."""

import random
import socket

# Below the range from which the kernel takes ports for outgoing connections: a node that is down
# for a moment must find its own still free.
FIRST, LAST = 20000, 32000

_given = set()


def is_taken(port, host="127.0.0.1"):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return True
    return False


def free_port(host="127.0.0.1"):
    """A port that nobody listens on now and that this process didn't give before."""
    for _ in range(1000):
        port = random.randint(FIRST, LAST)
        if port not in _given and not is_taken(port, host):
            _given.add(port)
            return port
    raise AssertionError("no free port")
