# SPDX-License-Identifier: Apache-2.0
"""Sockets of the loopback interface, from outside of whoever has them."""

import socket

ESTABLISHED = "01"


def connections_to(port):
    """How many connections to that port of 127.0.0.1 stand."""
    wanted = f"0100007F:{port:04X}"
    with open("/proc/net/tcp", encoding="ascii") as table:
        rows = [line.split() for line in table.readlines()[1:]]
    return sum(row[2] == wanted and row[3] == ESTABLISHED for row in rows)


def silent_places(stack, count):
    """AJP places that take connections and never say a word, as HOST:PORT; STACK closes them."""
    places = []
    for number in range(count):
        host = f"127.0.2.{number + 1}"
        place = stack.enter_context(socket.create_server((host, 0), backlog=1000))
        places.append(f"{host}:{place.getsockname()[1]}")
    return places
