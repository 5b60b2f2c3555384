# SPDX-License-Identifier: Apache-2.0
"""An HTTP client that sends the bytes it is given and keeps those it gets, with the places where
the server cut them."""

import re
import socket
import struct
from dataclasses import dataclass, field

NO_BODY = re.compile(rb"HTTP/1\.\d (1\d\d|204|304)\b")


@dataclass
class Reply:
    # Empty if the connection ended without an answer.
    status_line: bytes = b""
    headers: list = field(default_factory=list)
    # Answers of 1xx that came before, each with its headers.
    interim: list = field(default_factory=list)
    body: bytes = b""
    # Lengths of the chunks, or None if it isn't chunked.
    chunks: list = None
    trailers: list = field(default_factory=list)
    # Whether all came that was announced.
    whole: bool = False
    # Whether it stopped in the middle, and the connection stood.
    silent: bool = False
    # Whether the server lets the connection be used again, by its own words.
    kept: bool = False

    @property
    def status(self):
        return int(self.status_line.split()[1]) if self.status_line else 0

    def values(self, name):
        """Of a header, NAME in lower case, as bytes."""
        parts = [line.partition(b":") for line in self.headers]
        return [value.strip() for key, _, value in parts if key.lower() == name]


class Ended(Exception):
    """The server ended the connection."""


class Client:
    """One place, and the connection to it, made anew where the last one wasn't kept."""

    def __init__(self, port, tls=None, timeout=10.0):
        self.port, self.tls, self.timeout = port, tls, timeout
        self._socket = None
        self._bytes = b""
        # How many connections were made, and the last one's port on our side.
        self.connections = self.own_port = 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        if self._socket:
            self._socket.close()
        self._socket, self._bytes = None, b""

    def reset(self):
        """Ends the connection at once: what is on its way is nobody's."""
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close()

    def send(self, data):
        if self._socket is None:
            self._connect()
        try:
            self._socket.sendall(data)
        except ConnectionError:
            pass  # what it answers is to be read still

    def _connect(self):
        plain = socket.create_connection(("127.0.0.1", self.port), self.timeout)
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.own_port = plain.getsockname()[1]
        self._socket = self.tls.wrap_socket(plain, server_hostname="www.test") if self.tls \
            else plain
        self.connections += 1

    def receive(self, limit=None):
        """More bytes into the buffer; False if none came within LIMIT seconds."""
        self._socket.settimeout(limit or self.timeout)
        try:
            got = self._socket.recv(65536)
        except TimeoutError:
            if limit is None:
                raise
            return False
        except ConnectionError:
            got = b""
        if not got:
            raise Ended
        self._bytes += got
        return True

    def _line(self):
        while b"\n" not in self._bytes:
            self.receive()
        line, _, self._bytes = self._bytes.partition(b"\n")
        return line.removesuffix(b"\r")

    def _lines(self):
        """Up to an empty one."""
        return list(iter(self._line, b""))

    def _take(self, length):
        while len(self._bytes) < length:
            self.receive()
        taken, self._bytes = self._bytes[:length], self._bytes[length:]
        return taken

    def exchange(self, data, is_head=False):
        self.send(data)
        reply = Reply()
        try:
            self.read_head(reply)
            self._read_body(reply, is_head)
            reply.whole = True
        except (Ended, TimeoutError) as end:
            reply.silent = isinstance(end, TimeoutError)
            reply.body += self._bytes
            reply.kept = False
        if not reply.kept:
            self.close()
        return reply

    def read_head(self, reply):
        line = self._line()
        while re.match(rb"HTTP/1\.\d 1\d\d", line):
            reply.interim.append([line, *self._lines()])
            if line.split()[1] == b"101":
                break
            line = self._line()
        reply.status_line = line
        reply.headers = self._lines()
        words = b",".join(reply.values(b"connection")).lower()
        reply.kept = b"close" not in words and (line.startswith(b"HTTP/1.1") or
                                                b"keep-alive" in words)

    def _read_body(self, reply, is_head):
        if is_head or NO_BODY.match(reply.status_line):
            return
        if reply.values(b"transfer-encoding") == [b"chunked"]:
            reply.chunks = []
            while piece := self.read_chunk(reply):
                reply.body += piece
            reply.trailers = self._lines()
        elif reply.values(b"content-length"):
            reply.body = self._take(int(reply.values(b"content-length")[0]))
        else:
            reply.kept = False
            try:
                while True:
                    self.receive()
            except Ended:
                reply.body, self._bytes = self._bytes, b""

    def read_chunk(self, reply):
        length = int(self._line(), 16)
        if length == 0:
            return b""
        reply.chunks.append(length)
        piece = self._take(length)
        self._take(2)
        return piece

    @property
    def waiting(self):
        """What has come and isn't taken yet."""
        return self._bytes
