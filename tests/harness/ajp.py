# SPDX-License-Identifier: Apache-2.0
"""A small AJP13 client for tests, written for them alone: what a test says of an AJP port must not
rest on the code under test. Packets go out with the magic 12 34 and come in with AB."""

import socket
import struct
from dataclasses import dataclass, field

CPING, CPONG = 10, 9
FORWARD_REQUEST, SEND_BODY_CHUNK, SEND_HEADERS, END_RESPONSE, GET_BODY_CHUNK = 2, 3, 4, 5, 6
METHODS = {"OPTIONS": 1, "GET": 2, "HEAD": 3, "POST": 4, "PUT": 5, "DELETE": 6}
QUERY, SECRET, END_OF_REQUEST = b"\x05", b"\x0c", b"\xff"
RESPONSE_HEADERS = {
    0xA001: "Content-Type", 0xA002: "Content-Language", 0xA003: "Content-Length", 0xA004: "Date",
    0xA005: "Last-Modified", 0xA006: "Location", 0xA007: "Set-Cookie", 0xA008: "Set-Cookie2",
    0xA009: "Servlet-Engine", 0xA00A: "Status", 0xA00B: "WWW-Authenticate"}


@dataclass
class Answer:
    status: int = 0
    reason: str = ""
    headers: dict = field(default_factory=dict)
    body: bytes = b""
    # Whether the container lets the connection be used again.
    reuse: bool = False


class Connection:
    """One connection to an AJP port. Silence longer than TIMEOUT seconds raises TimeoutError, and
    an end from the other side ConnectionError."""

    def __init__(self, port, secret=None, timeout=5.0, host="127.0.0.1"):
        self.secret = secret
        self._unsent = b""
        self._socket = socket.create_connection((host, port), timeout)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self._socket.close()

    def ping(self):
        """Sends CPING; whether CPONG came."""
        self._send(bytes([CPING]))
        return self._packet() == bytes([CPONG])

    def request(self, method, uri, headers=None, body=b"", query=None):
        self.send(method, uri, headers, body, query)
        return self.answer()

    def send(self, method, uri, headers=None, body=b"", query=None):
        self._send(self._forward(method, uri, headers or {}, body, query))
        self._unsent = body
        if body:
            self._send_body()

    def answer(self, timeout=None):
        """The answer to the request that was sent. TIMEOUT replaces the connection's own."""
        if timeout is not None:
            self._socket.settimeout(timeout)
        answer, pieces = Answer(), []
        while True:
            packet = self._packet()
            if packet[0] == GET_BODY_CHUNK:
                self._send_body()
            elif packet[0] == SEND_HEADERS:
                _read_headers(packet, answer)
            elif packet[0] == SEND_BODY_CHUNK:
                length = struct.unpack(">H", packet[1:3])[0]
                pieces.append(packet[3:3 + length])
            elif packet[0] == END_RESPONSE:
                answer.reuse, answer.body = bool(packet[1]), b"".join(pieces)
                return answer
            else:
                raise ValueError(f"unexpected packet {packet[:16]!r}")

    def _forward(self, method, uri, headers, body, query):
        headers = {"Host": "localhost", **headers}
        if body:
            headers["Content-Length"] = str(len(body))
        parts = [bytes([FORWARD_REQUEST, METHODS[method]]), _text("HTTP/1.1"), _text(uri),
                 _text("127.0.0.1"), _text("localhost"), _text("localhost"),
                 struct.pack(">H?H", 80, False, len(headers))]
        parts += [_text(name) + _text(value) for name, value in headers.items()]
        if query is not None:
            parts.append(QUERY + _text(query))
        if self.secret is not None:
            parts.append(SECRET + _text(self.secret))
        return b"".join(parts) + END_OF_REQUEST

    def _send_body(self):
        """Sends the next piece, in a packet without a type; an empty one ends the body."""
        piece, self._unsent = self._unsent[:8186], self._unsent[8186:]
        self._send(struct.pack(">H", len(piece)) + piece if piece else b"")

    def _send(self, payload):
        self._socket.sendall(b"\x12\x34" + struct.pack(">H", len(payload)) + payload)

    def _packet(self):
        head = self._read(4)
        if head[:2] != b"AB":
            raise ValueError(f"not an AJP packet: {head!r}")
        return self._read(struct.unpack(">H", head[2:])[0])

    def _read(self, length):
        data = b""
        while len(data) < length:
            piece = self._socket.recv(length - len(data))
            if not piece:
                raise ConnectionError(f"closed after {len(data)} of {length} bytes")
            data += piece
        return data


def _text(text):
    data = text.encode()
    return struct.pack(">H", len(data)) + data + b"\0"


def _read_headers(packet, answer):
    answer.status = struct.unpack(">H", packet[1:3])[0]
    answer.reason, at = _take_text(packet, 3)
    count = struct.unpack(">H", packet[at:at + 2])[0]
    at += 2
    for _ in range(count):
        code = struct.unpack(">H", packet[at:at + 2])[0]
        if code in RESPONSE_HEADERS:
            name, at = RESPONSE_HEADERS[code], at + 2
        else:
            name, at = _take_text(packet, at)
        answer.headers[name], at = _take_text(packet, at)


def _take_text(packet, at):
    length = struct.unpack(">H", packet[at:at + 2])[0]
    if length == 0xFFFF:
        return "", at + 2
    return packet[at + 2:at + 2 + length].decode("latin-1"), at + 2 + length + 1
