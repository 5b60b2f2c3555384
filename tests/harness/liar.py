# SPDX-License-Identifier: Apache-2.0
"""An AJP member that tells the checks what a good node tells them, and users what a test says."""

import re
import socket
import struct
import threading
import time
from collections import Counter

from .ajp import CPING
from .asking import over_ajp
from .lies import END, PONG, WAIT, body, send_headers, text
from .node import CONTEXT, HOST
from .ports import free_port

# The number stands there twice: a mark that a lie has damaged is none.
MARK = re.compile(rb"lie-(\d{5})-\1-")
PATH = re.compile(rb"/openspecimen/[\w/-]*")
MOMENT = 0.03  # seconds
# After a lie, how long the connection stands if nothing comes on it.
PATIENCE = 0.05


def mark(number):
    """Of a request; all are of the same length."""
    return b"lie-%05d-%05d-" % (number, number)


# What stands in a lie for the mark of the request that it is told to.
ANY = mark(0)


class Liar:
    """NODE: a good one. Requests that bear a mark are answered with the lie of that number."""

    def __init__(self, node, lies):
        self.node = node
        self.lies = lies
        self.secret = node.secret
        # How often each lie was asked for, and how often it was told to its end.
        self.asked, self.told = Counter(), Counter()
        self._listener = socket.create_server((HOST, free_port()), backlog=100)
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._listen, daemon=True).start()

    @property
    def url(self):
        return f"ajp://{HOST}:{self.port}{CONTEXT}"

    def stop(self):
        # Closing it alone doesn't wake the thread.
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _listen(self):
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        with connection:
            try:
                while (payload := _receive(connection)) is not None:
                    if not self._answer(connection, payload):
                        return
            except OSError:
                pass  # httpd has enough, or wants nothing more

    def _answer(self, connection, payload):
        """Whether the connection stands on."""
        if payload == bytes([CPING]):
            connection.sendall(PONG)
        elif marked := MARK.search(payload):
            return self._lie(connection, int(marked.group(1)))
        elif path := PATH.search(payload):
            connection.sendall(self._truth(path.group().decode()))
        return True

    def _truth(self, path):
        answer = over_ajp(self.node, path)
        lines = [text(name.encode()) + text(value.encode())
                 for name, value in answer.headers.items()]
        return send_headers(answer.status, b"", lines) + body(answer.body) + END

    def _lie(self, connection, number):
        lie = self.lies[number]
        self.asked[number] += 1
        connection.settimeout(PATIENCE)
        try:
            for piece in lie.pieces:
                if piece is WAIT:
                    time.sleep(MOMENT)
                else:
                    connection.sendall(piece.replace(ANY, mark(number)))
        finally:
            self.told[number] += 1
        return not lie.ends


def _receive(connection):
    """The payload of the next packet; None at the end of the connection."""
    head = _read(connection, 4)
    if head is None or head[:2] != b"\x12\x34":
        return None
    return _read(connection, struct.unpack(">H", head[2:])[0])


def _read(connection, length):
    data = b""
    while len(data) < length:
        piece = connection.recv(length - len(data))
        if not piece:
            return None
        data += piece
    return data
