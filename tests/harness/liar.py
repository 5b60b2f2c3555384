# SPDX-License-Identifier: Apache-2.0
"""A member that tells the checks what a good node tells them, and users what a test says."""

import re
import socket
import struct
import threading
import time
from collections import Counter

from .ajp import CPING
from .asking import over_ajp, over_http
from .lies import END, PONG, WAIT, body, by_ajp, by_http, send_headers, text, wants_body
from .node import CONTEXT, HOST
from .ports import free_port

# The number stands there twice: a mark that a lie has damaged is none.
MARK = re.compile(rb"lie-(\d{5})-\1-")
PATH = re.compile(rb"/openspecimen/[\w/-]*")
# Of a request by AJP that has a body.
CONTENT_LENGTH = re.compile(rb"\xa0\x08\0.[1-9]")
MOMENT = 0.03  # seconds
# How long anything waits for httpd.
LIMIT = 20


def mark(number):
    """Of a request; all are of the same length."""
    return b"lie-%05d-%05d-" % (number, number)


# What stands in a lie for the mark of the request that it is told to.
ANY = mark(0)


class Liar:
    """NODE: a good one. Requests that bear a mark are answered with the lie of that number. PATIENCE:
    after a lie, for how many seconds the connection stands if nothing comes on it."""

    scheme = "ajp"
    # An honest answer.
    answer = staticmethod(by_ajp)

    def __init__(self, node, lies, patience=LIMIT):
        self.node = node
        self.patience = patience
        self.lies = lies
        self.secret = node.secret
        # How often each lie was asked for, and how often it was told to its end.
        self.asked, self.told = Counter(), Counter()
        # The latest request of each number.
        self.heads = {}
        self._listener = socket.create_server((HOST, free_port()), backlog=100)
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._listen, daemon=True).start()

    @property
    def url(self):
        return f"{self.scheme}://{HOST}:{self.port}{CONTEXT}"

    def stop(self):
        """Takes no more connections. It may be told so again."""
        if self._listener.fileno() != -1:
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
                while (head := self._receive(connection)) is not None:
                    if not self._answer(connection, head):
                        return
            except OSError:
                pass  # httpd has enough, or wants nothing more

    def _answer(self, connection, head):
        """Whether the connection stands on."""
        if marked := MARK.search(head):
            return self._lie(connection, head, int(marked.group(1)))
        if path := PATH.search(head):
            connection.sendall(self._truth(path.group().decode()))
        return True

    def _lie(self, connection, head, number):
        lie = self.lies[number]
        self.asked[number] += 1
        self.heads[number] = head
        connection.settimeout(LIMIT)
        try:
            self._read_body(connection, head, lie.reads)
            for piece in lie.pieces:
                if piece is WAIT:
                    time.sleep(MOMENT)
                elif callable(piece):
                    piece()
                else:
                    connection.sendall(piece.replace(ANY, mark(number)))
        finally:
            self.told[number] += 1
        connection.settimeout(self.patience)
        return not lie.ends

    def _receive(self, connection):
        """The next packet; None at the end of the connection."""
        head = _read(connection, 4)
        if head is None or head[:2] != b"\x12\x34":
            return None
        payload = _read(connection, struct.unpack(">H", head[2:])[0])
        if payload == bytes([CPING]):
            connection.sendall(PONG)
        return payload

    def _read_body(self, connection, head, reads):
        """READS: "all" of it, "some" or "none". The first packet comes unasked unless the body
        is in chunks."""
        in_chunks = b"chunked" in head
        if reads == "none" or not (in_chunks or CONTENT_LENGTH.search(head)):
            return
        if in_chunks:
            connection.sendall(wants_body(8000))
        while self._receive(connection) not in (None, b"", b"\0\0") and reads == "all":
            connection.sendall(wants_body(8000))

    def _truth(self, path):
        answer = over_ajp(self.node, path)
        lines = [text(name.encode()) + text(value.encode())
                 for name, value in answer.headers.items()]
        return send_headers(answer.status, b"", lines) + body(answer.body) + END


class HttpLiar(Liar):
    """The same over HTTP. A body in chunks is taken to end at the first empty line."""

    scheme = "http"
    answer = staticmethod(by_http)

    def _receive(self, connection):
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            byte = connection.recv(1)
            if not byte:
                return None
            head += byte
        return head

    def _read_body(self, connection, head, reads):
        length = re.search(rb"(?i)content-length: *([1-9]\d*)", head)
        if reads == "none" or not (length or b"chunked" in head):
            return
        if reads == "some":
            connection.recv(1)
        elif length:
            _read(connection, int(length.group(1)))
        else:
            self._receive(connection)

    def _truth(self, path):
        answer = over_http(self.node, path)
        return b"HTTP/1.1 %d OK\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s" % (
            answer.status, answer.headers["Content-Type"].encode(), len(answer.body), answer.body)


KINDS = {kind.scheme: kind for kind in (Liar, HttpLiar)}


def _read(connection, length):
    data = b""
    while len(data) < length:
        piece = connection.recv(length - len(data))
        if not piece:
            return None
        data += piece
    return data
