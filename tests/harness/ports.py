# SPDX-License-Identifier: Apache-2.0
"""Ports of our own on the loopback interface."""

import socket


def free_port(host="127.0.0.1"):
    """A port that nobody listens on now. Linux hands such ports out in turn, so that two callers
    don't get the same one before they bind it."""
    with socket.socket() as probe:
        probe.bind((host, 0))
        return probe.getsockname()[1]


def is_taken(port, host="127.0.0.1"):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return True
    return False
