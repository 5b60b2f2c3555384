# SPDX-License-Identifier: Apache-2.0
"""The C stand-in on the wire: answers that are none, input that makes no sense, its command line,
and real httpd's way through it."""

import glob
import hashlib
import http.client
import os
import random
import re
import socket
import struct
import subprocess

import pytest
from harness.ajp import Connection
from harness.asking import LOCALE, REST, SILENCE, over_ajp, over_http, pong
from harness.httpd import Httpd
from harness.ports import free_port
from harness.standin import ROOT, Standin, binary

ECHO = REST + "/echo"
CPING = b"\x12\x34\0\1\x0a"
GET = b"GET " + LOCALE.encode() + b" HTTP/1.1\r\nHost: x\r\n\r\n"
FLAVOURS = [flavour for flavour in ("", "asan", "clang") if os.path.exists(binary(flavour))]
BLOCK = bytes(range(256)) * 4096  # 1 MiB


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    node = Standin(tmp_path_factory.mktemp("standin"), node="lion")
    node.start()
    yield node
    node.stop()


@pytest.fixture
def standin(running):
    yield running
    running.control(wire="ok", phase="up")


def talk(port, said, timeout=5.0):
    """What comes back until the other side closes, or is silent for TIMEOUT seconds; and whether it
    closed."""
    heard = b""
    with socket.create_connection(("127.0.0.1", port), timeout) as connection:
        try:
            connection.sendall(said)
            while len(heard) < 1 << 20:
                piece = connection.recv(65536)
                if not piece:
                    return heard, True
                heard += piece
        except TimeoutError:
            return heard, False
        except ConnectionResetError:
            return heard, True
    return heard, False


# ---- answers that are none -----------------------------------------------------------------------

def test_garbage_is_neither_ajp_nor_http(standin):
    standin.control(wire="garbage")
    for port, said in ((standin.ajp_port, CPING), (standin.http_port, GET)):
        heard, closed = talk(port, said, SILENCE)
        assert heard and not closed
        assert not heard.startswith((b"AB", b"HTTP"))
    with pytest.raises(ValueError, match="not an AJP packet"):
        over_ajp(standin, LOCALE)
    with pytest.raises(http.client.BadStatusLine):
        over_http(standin, LOCALE, timeout=SILENCE)


def test_half_an_answer_is_followed_by_silence(standin):
    standin.control(wire="half")
    assert talk(standin.ajp_port, CPING, SILENCE) == (b"AB\0", False)
    assert talk(standin.http_port, GET, SILENCE) == (b"HTTP/1.", False)


def test_an_endless_body_begins_like_a_good_one(standin):
    standin.control(wire="endless")
    assert pong(standin)
    answer, closed = talk(standin.http_port, GET)
    assert answer.startswith(b"HTTP/1.1 200 \r\nContent-Type: application/json\r\n")
    assert len(answer) >= 1 << 20 and not closed
    answer, closed = talk(standin.ajp_port, forward(standin.secret))
    assert answer.startswith(b"AB\0") and answer[4:7] == b"\4\0\xc8"
    assert len(answer) >= 1 << 20 and not closed


def test_a_closing_node_takes_a_connection_and_ends_it_at_once(standin):
    with Connection(standin.ajp_port) as old:
        standin.control(wire="close")
        with pytest.raises(ConnectionError):
            old.ping()
    assert talk(standin.ajp_port, b"") == (b"", True)
    assert talk(standin.http_port, b"") == (b"", True)


def test_control_is_spared_by_every_fault(standin):
    for fault in ({"wire": "garbage"}, {"wire": "close"}, {"phase": "down"}, {"busy": "on"}):
        standin.control(**fault)
    standin.control(busy="off", wire="ok", phase="up")
    assert pong(standin)


def test_a_port_that_was_taken_while_the_node_was_down_is_told(standin):
    standin.control(phase="down")
    with socket.create_server(("127.0.0.1", standin.ajp_port)):
        with pytest.raises(ValueError, match="500.*Address already in use"):
            standin.control(phase="up")
        assert standin.control()["phase"] == "down"
    standin.control(phase="up")
    assert over_ajp(standin, LOCALE).status == 200


# ---- input that makes no sense -------------------------------------------------------------------

def packet(payload):
    return b"\x12\x34" + struct.pack(">H", len(payload)) + payload


def forward(secret):
    """A good request, to be spoilt."""
    def text(words):
        return struct.pack(">H", len(words)) + words + b"\0"
    return packet(
        b"\x02\x02" + text(b"HTTP/1.1") + text(LOCALE.encode()) + text(b"10.0.0.1") + b"\xff\xff" +
        text(b"os.example") + struct.pack(">HBH", 443, 1, 3) + b"\xa0\x0b" + text(b"os.example") +
        b"\xa0\x01" + text(b"*/*") + text(b"x-a") + text(b"b") + b"\x05" + text(b"q=1") +
        b"\x0a" + text(b"AJP_REMOTE_PORT") + text(b"4711") + b"\x0b\x01\x00" +
        b"\x0c" + text(secret.encode()) + b"\xff")


def hostile(secret):
    """Inputs of the AJP port: beginnings of a request, requests with a wrong byte or length, and
    noise. The same ones in each run."""
    good, chance = forward(secret), random.Random(1)
    yield from (good[:length] for length in range(0, len(good), 3))
    for at in range(len(good)):
        for byte in (0, 0x7f, 0xff, good[at] ^ 1):
            yield good[:at] + bytes([byte]) + good[at + 1:]
    yield from (chance.randbytes(chance.randrange(1, 9000)) for _ in range(50))
    yield from (packet(chance.randbytes(chance.randrange(0, 900))) for _ in range(50))
    yield from (packet(b"\x02" + chance.randbytes(chance.randrange(0, 900))) for _ in range(50))
    yield from (b"\x12\x34\xff\xff" + bytes(65535), packet(b""), packet(b"\x07"), CPING * 5000)


HTTP = [b"\0", CPING, b"GARBAGE\r\n\r\n", b"GET / HTTP/1.1\r\n\r\n", b"GET / HTTP/2.5\r\n\r\n",
        b"GET  / HTTP/1.1\r\nHost: a\r\n\r\n", b"GET /" + b"a" * 10000 + b" HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nA : b\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\n" + b"A: b\r\n" * 200 + b"\r\n",
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n",
        b"G" * 20000, b"GET / HTTP/1.1\r\nHost: a\0b\r\n\r\n"]


@pytest.mark.parametrize("flavour", FLAVOURS or [""])
def test_no_input_brings_it_down(tmp_path, flavour):
    node = Standin(tmp_path, program=binary(flavour))
    node.start()
    try:
        for said in hostile(node.secret):
            with socket.create_connection(("127.0.0.1", node.ajp_port)) as connection:
                connection.sendall(said)
                connection.shutdown(socket.SHUT_WR)
        for said in HTTP:
            with socket.create_connection(("127.0.0.1", node.http_port)) as connection:
                connection.sendall(said + b"\r\n3\r\nzz")
        assert over_ajp(node, LOCALE).status == over_http(node, LOCALE).status == 200
    finally:
        node.stop()
    assert "ERROR" not in node.output() and "runtime error" not in node.output()


def test_bad_http_gets_400_and_the_connection_is_closed(standin):
    for said in HTTP:
        heard, closed = talk(standin.http_port, said)
        assert heard.startswith((b"HTTP/1.1 400 \r\n", b"HTTP/1.1 505 \r\n")) and closed, said


def test_bad_ajp_is_answered_or_closed_as_tomcat_does(standin):
    for said, status in ((b"\x12\x34\x7f\xff\x02", 400), (packet(b"\x02\x02\0"), 500),
                         (packet(b""), 500)):
        heard, closed = talk(standin.ajp_port, said)
        assert heard[:7] == b"AB\0" + heard[3:4] + b"\4" + struct.pack(">H", status)
        assert heard.endswith(b"AB\0\2\5\0") and closed
    for said in (b"GET / HTTP/1.1\r\n\r\n", packet(b"\x07"), packet(b"\x55")):
        assert talk(standin.ajp_port, said) == (b"", True)


def test_requests_may_come_byte_by_byte_or_many_at_once(standin):
    with socket.create_connection(("127.0.0.1", standin.ajp_port), 5) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for byte in CPING + forward(standin.secret):
            connection.sendall(bytes([byte]))
        heard = b""
        while not heard.endswith(b"AB\0\2\5\1"):
            heard += connection.recv(65536)
        assert heard.startswith(b"AB\0\1\x09AB")
    last = GET.replace(b"Host: x", b"Host: x\r\nConnection: close")
    heard, closed = talk(standin.http_port, GET + GET + last)
    assert heard.count(b"HTTP/1.1 200 \r\n") == 3 and closed


# ---- the command line ----------------------------------------------------------------------------

GOOD = {"--ajp": "127.0.0.1:0", "--control": "127.0.0.1:0", "--node": "os1", "--secret": "s"}


@pytest.mark.parametrize("change, why", [
    ({"--ajp": None}, "--ajp or --http is missing"), ({"--control": None}, "--control is missing"),
    ({"--node": None}, "--node is missing"), ({"--node": "a b"}, "--node is not"),
    ({"--start": "soon"}, "--start is neither slow:SECONDS nor fail"),
    ({"--start": "slow:"}, "--start is neither"), ({"--build": ""}, "--build is not"),
    ({"--secret": "s" * 101}, "--secret is not"),
    ({"--nothing": "x"}, "--nothing is not an option"),
    ({"extra": "x"}, "an argument is not an option")])
def test_a_wrong_command_line_is_told_and_ends_it(change, why):
    options = {**GOOD, **change}
    argv = [word for name, value in options.items() if value is not None for word in (name, value)]
    done = subprocess.run([binary(), *argv], capture_output=True, text=True, timeout=10)
    assert (done.returncode, done.stdout) == (2, "")
    assert why in done.stderr and "usage:" in done.stderr


@pytest.mark.parametrize("place", ["localhost:1", "127.0.0.1", "127.0.0.1:65536", "127.0.0.1:x",
                                   "127.0.0.9-127.0.0.1:8009", "127.0.0.1-127.0.0.2:0"])
def test_a_place_that_makes_no_sense_is_told_and_ends_it(place):
    argv = [word for pair in {**GOOD, "--ajp": place}.items() for word in pair]
    done = subprocess.run([binary(), *argv], capture_output=True, text=True, timeout=10)
    assert (done.returncode, done.stdout) == (2, "")
    assert f'standin: --ajp "{place}" is not' in done.stderr


def test_a_taken_port_is_told(tmp_path):
    node = Standin(tmp_path)
    with socket.create_server(("127.0.0.1", node.ajp_port)), \
            pytest.raises(AssertionError, match="can't listen at .*: Address already in use"):
        node.start()


def test_the_ready_line_names_the_ports_that_were_picked():
    argv = [word for pair in {**GOOD, "--http": "[::1]:0"}.items() for word in pair]
    with subprocess.Popen([binary(), *argv], stdout=subprocess.PIPE, text=True) as process:
        try:
            first, *rest = process.stdout.readline().split()
            places = dict(word.split("=", 1) for word in rest)
            assert first == "ready" and places.pop("node") == "os1"
            assert set(places) == {"ajp", "http", "control"}
            for place in places.values():
                host, port = place.rsplit(":", 1)
                socket.create_connection((host.strip("[]"), int(port)), 5).close()
        finally:
            process.terminate()
        assert process.wait(10) == 0


def test_one_process_stands_in_for_a_thousand_addresses():
    port, control = free_port(), free_port()
    argv = [binary(), "--ajp", f"127.0.1.0-127.0.4.231:{port}", "--node", "os1",
            "--control", f"127.0.0.1:{control}"]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout.readline().startswith("ready node=os1 ajp=127.0.1.0-127.0.4.231:")
            addresses = [f"127.0.{high}.{low}" for high in range(1, 5) for low in range(256)][:1000]
            assert addresses[-1] == "127.0.4.231"
            for address in addresses:
                with Connection(port, host=address) as connection:
                    assert connection.ping()
        finally:
            process.terminate()
        assert process.wait(10) == 0


def test_help_tells_the_options():
    done = subprocess.run([binary(), "--help"], capture_output=True, text=True, timeout=10)
    assert done.returncode == 0 and done.stdout.startswith("usage: standin") and not done.stderr


def test_it_is_built_from_nothing_of_what_it_tests():
    built = glob.glob(os.path.join(os.path.dirname(binary()), "obj", "tests", "standin", "*.d"))
    sources = glob.glob(os.path.join(ROOT, "tests", "standin", "*.c"))
    assert sources and len(built) >= len(sources)
    for name in built:
        with open(name, encoding="utf-8") as rule:
            assert not re.search(r"(mod_os_balancer|osgen)/", rule.read()), name


# ---- through httpd -------------------------------------------------------------------------------

@pytest.mark.parametrize("scheme", ["ajp", "http"])
def test_real_httpd_gets_a_large_body_through_it_in_both_directions(standin, tmp_path, scheme):
    secret = f"secret={standin.secret}" if scheme == "ajp" else ""
    port = getattr(standin, scheme + "_port")
    httpd = Httpd(tmp_path)
    httpd.configure(f"ProxyPass /openspecimen {scheme}://127.0.0.1:{port}/openspecimen {secret}")
    httpd.start()
    try:
        for _ in range(3):
            seen = httpd.request(ECHO, "POST", body=BLOCK).json
            assert seen["body_sha256"] == hashlib.sha256(BLOCK).hexdigest()
            pieces = (BLOCK[at:at + 5000] for at in range(0, len(BLOCK), 5000))
            seen = httpd.request(ECHO, "POST", body=pieces).json
            assert seen["body_sha256"] == hashlib.sha256(BLOCK).hexdigest()
            assert httpd.request(REST + f"/bytes?n={len(BLOCK)}").body == b"x" * len(BLOCK)
            assert httpd.request(LOCALE, "POST", body=BLOCK).status == 401
            assert httpd.request(LOCALE).json["locale"] == "en_US"
    finally:
        httpd.stop()
