# SPDX-License-Identifier: Apache-2.0
"""Answers by AJP that are wrong in one way or another. Each bears a mark wherever there is room for
text, so that whoever gets it can tell whose it is."""

import random
import struct
from dataclasses import dataclass

from .ajp import CPONG, END_RESPONSE, GET_BODY_CHUNK, SEND_BODY_CHUNK, SEND_HEADERS

WAIT = object()  # between two pieces: a moment in which nothing comes
CONTENT_TYPE = 0xA001


@dataclass
class Lie:
    """PIECES: bytes, each a write of its own; between them may be WAIT, and functions to call."""
    name: str
    pieces: tuple
    # Whether the connection ends behind them; otherwise it stands for as long as httpd may use it.
    ends: bool = False
    # How much of the request's body is read before: "none", "some" or "all".
    reads: str = "none"


def short(number):
    return struct.pack(">H", number)


def text(value):
    return short(len(value)) + value + b"\0"


def packet(payload):
    return b"AB" + short(len(payload)) + payload


def send_headers(status, reason, lines):
    return packet(bytes([SEND_HEADERS]) + short(status) + text(reason) + short(len(lines)) +
                  b"".join(lines))


def headers(mark, status=200, more=(), reason=b"200"):
    lines = [short(CONTENT_TYPE) + text(b"text/plain"), text(b"X-Lie") + text(mark), *more]
    return send_headers(status, reason, lines)


def body(data):
    return packet(bytes([SEND_BODY_CHUNK]) + text(data))


def wants_body(size=100):
    return packet(bytes([GET_BODY_CHUNK]) + short(size))


END = packet(bytes([END_RESPONSE, 1]))
END_WITHOUT_REUSE = packet(bytes([END_RESPONSE, 0]))
PONG = packet(bytes([CPONG]))


def answer(mark, status=200, more=()):
    return headers(mark, status, more) + body(b"body of " + mark) + END


# ---- honest answers, by either protocol --------------------------------------------------------

# What Tomcat says where there is no webapp, and OpenSpecimen without its database.
STOCK_404 = b'<!doctype html><html lang="en"><head><title>HTTP Status 404</title></head></html>'
NO_DATABASE = b'[{"code":"COMMON_DB_CONN_ERROR","message":"The database server might be down."}]'


def by_ajp(mark, status, data, *lines):
    """LINES: names and values of more headers."""
    return headers(mark, status, [text(name) + text(value) for name, value in lines]) + \
        body(data) + END


def by_http(mark, status, data, *lines):
    more = b"".join(b"%s: %s\r\n" % line for line in lines)
    return b"HTTP/1.1 %d X\r\nX-Lie: %s\r\n%sContent-Length: %d\r\n\r\n%s" % (
        status, mark, more, len(data), data)


# ---- every field ---------------------------------------------------------------------------------

def fields(mark):
    """The parts of an honest answer by name. Integers and texts are told apart by their names: an
    integer's begins with its size."""
    chunk = b"body of " + mark
    of_headers = [
        ("1 kind", bytes([SEND_HEADERS])), ("2 status", short(200)),
        ("2 reason's length", short(3)), ("reason", b"200"), ("1 reason's end", b"\0"),
        ("2 headers", short(2)), ("2 name's code", short(CONTENT_TYPE)),
        ("2 value's length", short(10)), ("value", b"text/plain"), ("1 value's end", b"\0"),
        ("2 name's length", short(5)), ("name", b"X-Lie"), ("1 name's end", b"\0"),
        ("2 last value's length", short(len(mark))), ("last value", mark),
        ("1 last value's end", b"\0")]
    of_body = [("1 chunk's kind", bytes([SEND_BODY_CHUNK])), ("2 chunk's length", short(len(chunk))),
               ("chunk", chunk), ("1 chunk's end", b"\0")]
    of_end = [("1 end's kind", bytes([END_RESPONSE])), ("1 reuse", b"\1")]
    parts = []
    for name, payload in (("first", of_headers), ("second", of_body), ("third", of_end)):
        length = sum(len(value) for _, value in payload)
        parts += [(f"2 {name} magic", b"AB"), (f"2 {name} packet's length", short(length)), *payload]
    return parts


BYTES = (0, 1, 2, 3, 4, 5, 6, 7, 9, 10, 0x41, 0x7F, 0x80, 0xFF)
SHORTS = (0, 1, 2, 3, 99, 204, 304, 503, 999, 1000, 0x7F, 0x80, 0xFF, 0x100, 0x1234, 0x4142, 0x7FFF, 0x8000,
          0x9FFF, 0xA000, 0xA001, 0xA00B, 0xA00C, 0xFFF8, 0xFFFC, 0xFFFE, 0xFFFF)
TEXTS = (b"", b"\0", b"\r\n", b"a\r\nX-B: b", b"a\0b", b" ", b"a b", b":", b"\x7f", b"\x1b[2J",
         b"\xe9\xff", b"%s%n", b"Set-Cookie", b"Transfer-Encoding", b"Content-Length",
         b"a" * 5000, b"\xff" * 70000)


def values(name, true):
    """What is said in place of what is TRUE."""
    if name[0] == "1":
        return [bytes([value]) for value in BYTES if value != true[0]]
    if name[0] == "2":
        own = struct.unpack(">H", true)[0]
        return [short(value) for value in sorted({*SHORTS, own - 1, own + 1, own + 256} - {own})]
    return [value for value in TEXTS if value != true]


def shown(value):
    return value.hex() if len(value) <= 12 else f"{value[:4]!r} and {len(value) - 4} more"


def of_fields(mark):
    """Each field with each value in its place, as it is and with the packet's length made right."""
    parts = fields(mark)
    for index, (name, true) in enumerate(parts):
        for value in values(name, true):
            pieces = [other for _, other in parts]
            pieces[index] = value
            yield Lie(f"{name}: {shown(value)}", (b"".join(pieces),))


def of_texts(mark):
    """Texts that no answer should have, in packets that are right."""
    for value in TEXTS:
        if len(value) > 60000:
            continue
        name = value or b"X"
        yield Lie(f"a header named {shown(value)}",
                  (headers(mark, more=[text(value) + text(b"x")]) + body(mark) + END,))
        yield Lie(f"a header that says {shown(value)}",
                  (headers(mark, more=[text(b"X-A") + text(value)]) + body(mark) + END,))
        yield Lie(f"a length that says {shown(value)}",
                  (headers(mark, more=[text(b"Content-Length") + text(value)]) + body(mark) + END,))
        yield Lie(f"the reason {shown(value)}",
                  (headers(mark, reason=value) + body(mark) + END,))
        yield Lie(f"the coding {shown(name)}",
                  (headers(mark, more=[text(b"Transfer-Encoding") + text(name)]) + body(mark) + END,))


# ---- every byte ----------------------------------------------------------------------------------

def of_cuts(mark):
    whole = answer(mark)
    for length in range(len(whole)):
        yield Lie(f"cut at {length}", (whole[:length],), ends=True)


def of_chance(mark, seed, count):
    """Honest and long answers with bytes changed, left out, doubled and moved."""
    draw = random.Random(seed)
    for number in range(count):
        data = bytearray(answer(mark, draw.choice((200, 200, 404, 500, 503)),
                                [text(b"X-%d" % index) + text(mark)
                                 for index in range(draw.choice((0, 0, 3, 40)))]))
        for _ in range(draw.choice((1, 1, 2, 5))):
            at, length = draw.randrange(len(data)), draw.choice((1, 1, 2, 4, 20))
            change = draw.randrange(4)
            if change == 0:
                data[at:at + length] = draw.randbytes(length)
            elif change == 1:
                del data[at:at + length]
            elif change == 2:
                data[at:at] = data[at:at + length]
            else:
                data[at:at] = draw.randbytes(length)
        cut = draw.randrange(len(data) + 1)
        pieces = (bytes(data),) if draw.random() < 0.7 else (bytes(data[:cut]), bytes(data[cut:]))
        yield Lie(f"chance {seed}.{number}", pieces, ends=draw.random() < 0.3)


# ---- packets that are right, in an order that is not ---------------------------------------------

def of_order(mark):
    whole, head, piece = answer(mark), headers(mark), body(b"body of " + mark)
    tiny = body(b"x")
    rows = {
        "garbage behind the end": (whole + b"garbage of " + mark,),
        "garbage behind the end, later": (whole, WAIT, b"garbage of " + mark),
        "two answers": (whole + whole,),
        "two answers, one later": (whole, WAIT, whole),
        "a hundred answers": (whole * 100,),
        "half an answer behind the end": (whole + head + piece,),
        "an end behind the end": (whole + END,),
        "an end behind the end, later": (whole, WAIT, END),
        "a body behind the end": (whole + piece,),
        "CPONG behind the end": (whole + PONG,),
        "the end and no headers": (END,),
        "the end without reuse and no headers": (END_WITHOUT_REUSE,),
        "a body and no headers": (piece + END,),
        "a body before the headers": (piece + whole,),
        "headers twice": (head + whole,),
        "headers behind a body": (head + piece + whole,),
        "other headers behind a body": (head + piece + headers(mark, 503) + piece + END,),
        "CPONG first": (PONG + whole,),
        "CPONG in the middle": (head + PONG + piece + END,),
        "a wish for a body": (wants_body() + whole,),
        "a wish for a body in the middle": (head + wants_body() + piece + END,),
        "two wishes for a body": (wants_body() * 2 + whole,),
        "a thousand wishes for a body": (wants_body() * 1000 + whole,),
        "a wish for no body": (wants_body(0) + whole,),
        "a wish for much body": (wants_body(0xFFFF) + whole,),
        "an empty packet": (packet(b"") + whole,),
        "an empty packet in the middle": (head + packet(b"") + piece + END,),
        "a packet of the other direction": (b"\x12\x34" + whole[2:],),
        "CPING": (b"\x12\x34\0\1\x0a" + whole,),
        "HTTP": (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",),
        "flushes before the headers": (body(b"") * 5000 + whole,),
        "flushes in the middle": (head + body(b"") * 5000 + piece + END,),
        "flushes of a 500": (headers(mark, 500) + body(b"") * 5000 + piece + END,),
        "a 500 in drops": (headers(mark, 500) + tiny * 3000 + END,),
        "a 404 in drops": (headers(mark, 404, [text(b"Content-Language") + text(b"en")]) +
                           tiny * 3000 + END,),
        "a 500 that stops": (headers(mark, 500) + tiny * 3,),
        "a 503 that stops": (headers(mark, 503) + tiny * 3,),
        "no end": (head + piece,),
        "no body and no end": (head,),
        "a body of the largest packet": (head + body(b"x" * 65528) + END,),
        "a body of one byte more": (head + body(b"x" * 65529) + END,),
        "as many headers as fit": (send_headers(200, b"", [short(0xA002) + text(b"")] * 13000) + piece +
                                   END,),
        "a header of the largest packet": (headers(mark, more=[text(b"X-A") + text(b"a" * 65000)]) +
                                           piece + END,),
        "an answer byte by byte": tuple(bytes([byte]) for byte in whole),
    }
    for name, pieces in rows.items():
        yield Lie(name, pieces)
        yield Lie(name + ", and the end of the connection", pieces, ends=True)
    for status in (204, 205, 304):
        yield Lie(f"{status} with a body", (answer(mark, status),))
    yield Lie("silence", ())
    yield Lie("nothing", (), ends=True)
    yield Lie("silence in the middle", (whole[:20],))
