# SPDX-License-Identifier: Apache-2.0
"""What the module sends and returns in mod_proxy_ajp's place is what mod_proxy_ajp sends and
returns: each request goes both ways to one Tomcat, and nothing may tell the two apart."""

import email.utils
import ssl
import time

import pytest

from harness.balancer import common_directory
from harness.mirror import LIMITS, SIDES, Mirror, client_tls, logged
from harness.special import ANSWERED, ASKED, STRICTER
from harness.variety import Variety, build


@pytest.fixture(scope="module")
def mirror(tmp_path_factory):
    with common_directory() as base:
        made = Mirror(base, tmp_path_factory.mktemp("mirror"))
        try:
            made.start()
            yield made
        finally:
            made.stop()


def is_now(value):
    try:
        then = email.utils.parsedate_to_datetime(value.decode("latin-1"))
    except ValueError:
        return False
    return abs(then.timestamp() - time.time()) < 300


def without_now(line):
    """A header line; the time of the answer is each answer's own."""
    name, _, value = line.partition(b":")
    return b"Date: now" if name == b"Date" and is_now(value.strip()) else line


def returned(reply):
    return {"status line": reply.status_line,
            "headers": [without_now(line) for line in reply.headers],
            "interim": [[without_now(line) for line in one] for one in reply.interim],
            "body": reply.body, "chunks": reply.chunks,
            "trailers": reply.trailers, "whole": reply.whole,
            "silent": reply.silent, "kept": reply.kept}


# Of an echo: what is each connection's own.
OWN_PORTS = ("remote_port", "local_port", "server_port")
SESSION = "jakarta.servlet.request.ssl_session_id"


def arrived(echo, client, own_port):
    own = {client.port: "the server's", own_port: "the client's"}
    session = echo["attributes"][SESSION]
    # Whether Tomcat is through before it sees that nobody reads any more is a matter of time.
    echo.pop("end")
    return {**echo, **{key: own.get(echo[key], echo[key]) for key in OWN_PORTS},
            "attributes": {**echo["attributes"], SESSION: session and len(session)}}


def send_all(mirror, side, kind, requests, tls=None):
    """What came of each request, in order, and how many requests the log tells of."""
    before = len(mirror.log(side, kind))
    replies, ports = [], []
    with mirror.client(side, kind, tls) as client:
        for request in requests:
            replies.append(returned(client.exchange(request.data, request.is_head)))
            ports.append(client.own_port)
        seen = mirror.seen()
        for request, reply, port in zip(requests, replies, ports):
            reply["echo"] = [arrived(echo, client, port)
                             for echo in seen.pop(str(request.number), [])]
        # Pages for errors come from the mirror too, as number 0.
        seen.pop("0", None)
        assert not seen, "nobody asked for these"
        return replies, logged(mirror.log(side, kind)[before:])


def difference(ours, theirs):
    """The parts that differ, as text."""
    parts = []
    for key, value in ours.items():
        if key == "echo" and len(value) == len(theirs[key]) == 1:
            parts += difference(value[0], theirs[key][0])
        elif value != theirs[key]:
            parts.append(f"{key}:\n      ours   {value!r:.1500}\n      theirs {theirs[key]!r:.1500}")
    return parts


def compare(mirror, kind, requests, tls=None):
    """Sends all of them both ways; returns what our side made of them."""
    ours, theirs = (send_all(mirror, side, kind, requests, tls) for side in SIDES)
    texts = []
    for request, mine, other in zip(requests, ours[0], theirs[0]):
        if parts := difference(mine, other):
            texts.append(f"{request.data[:600]!r}:\n    " + "\n    ".join(parts))
    assert not texts, f"{len(texts)} of {len(requests)} differ:\n" + "\n".join(texts[:8])
    assert ours[1] == theirs[1], "how many requests left a line in the log, by level from warn on"
    return ours[0]


@pytest.mark.parametrize("seed", range(5))
def test_requests_at_random_are_the_same_to_both_ends(mirror, seed):
    compare(mirror, "plain", Variety(seed).requests(1, 500))


@pytest.mark.parametrize("kind", ["big", "max"])
def test_larger_buffers_change_nothing(mirror, kind):
    compare(mirror, kind, Variety(kind).requests(1, 200))


# By name: whether the client has a certificate, and the protocol.
TLS = {"with a certificate": (True, None), "without one": (False, None),
       "of version 1.2": (True, ssl.TLSVersion.TLSv1_2)}


@pytest.mark.parametrize("name", TLS)
def test_requests_by_tls_are_the_same_to_both_ends(mirror, name):
    has_certificate, version = TLS[name]
    tls = client_tls(mirror.certificate if has_certificate else None, version)
    replies = compare(mirror, "tls", Variety(name).requests(1, 150), tls)
    echoes = [echo for reply in replies for echo in reply["echo"]]
    assert echoes
    for echo in echoes:
        assert echo["secure"] and bool(echo["certificates"]) == has_certificate
        assert echo["attributes"]["jakarta.servlet.request.key_size"] in (128, 256)


@pytest.mark.parametrize("name", [*ASKED, *ANSWERED])
def test_special(mirror, name):
    compare(mirror, "plain", [build(1, **{**ASKED, **ANSWERED}[name]), build(2)])


@pytest.mark.parametrize("name", STRICTER)
def test_the_module_refuses_alone(mirror, name):
    request = build(1, **STRICTER[name])
    ours, theirs = (send_all(mirror, side, "plain", [request])[0][0] for side in SIDES)
    assert ours["status line"] == b"HTTP/1.1 500 Internal Server Error"
    assert difference(ours, theirs), "it isn't stricter here, and belongs to the other cases"


# How a head grows by one byte at a time: what is said of a request with COUNT bytes more.
EDGES = {
    "a header": lambda count: {"headers": (b"X-A: " + b"a" * count,)},
    "cookies": lambda count: {"headers": (b"Cookie: a=" + b"c" * 9000, b"Cookie: " + b"c" * (count - 9000))},
    "a query": lambda count: {"ask": b"a" * count},
    "a path": lambda count: {"rest": b"/" + b"a" * count},
    "a name": lambda count: {"headers": (b"X-A: " + b"a" * (count - 2000), b"X" * 2000 + b":")},
    "a variable": lambda count: {"path": "env",
                                 "headers": (b"X-Env: " + b"a" * ((count - 1000) // 2),
                                             b"X-A: " + b"a" * (1000 + (count & 1)))},
}


def first_refused(mirror, kind, grow):
    """The least count at which mod_proxy_ajp refuses."""
    low, high = LIMITS[kind] // 2, LIMITS[kind]
    with mirror.client("theirs", kind) as client:
        while low < high:
            middle = (low + high) // 2
            reply = client.exchange(build(0, **grow(middle)).data)
            low, high = (low, middle) if reply.status == 400 else (middle + 1, high)
    return low


@pytest.mark.parametrize("name", EDGES)
@pytest.mark.parametrize("kind", LIMITS)
def test_a_head_is_refused_from_the_same_byte_on(mirror, kind, name):
    edge = first_refused(mirror, kind, EDGES[name])
    counts = range(edge - 6, edge + 7)
    replies = compare(mirror, kind, [build(number, **EDGES[name](count))
                                     for number, count in enumerate(counts, 1)])
    statuses = [reply["status line"].split()[1] for reply in replies]
    assert set(statuses[:4]) == {b"200"} and set(statuses[-4:]) == {b"400"}, statuses
