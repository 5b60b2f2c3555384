# SPDX-License-Identifier: Apache-2.0
"""What the module sends and returns in mod_proxy_ajp's place is what mod_proxy_ajp sends and
returns: each request goes both ways to one Tomcat, and nothing may tell the two apart but the sizes
of chunks."""

import email.utils
import itertools
import re
import ssl
import subprocess
import time

import pytest

from harness.balancer import common_directory
from harness.httpd import patch_level
from harness.mirror import LIMITS, SIDES, Mirror, client_tls, logged
from harness.sockets import connections_to
from harness.special import ANSWERED, ASKED, DATA, STRICTER
from harness.variety import Variety, build
from harness.wait import wait_until

# What shows once is a fault. Until 2.4.58 mod_proxy_ajp believed a member's Content-Length and
# Transfer-Encoding, so that some of these answers never end; what we do in its place doesn't.
pytestmark = [pytest.mark.flaky(reruns=0),
              pytest.mark.skipif(patch_level() < 59, reason="mod_proxy_ajp of before 2.4.59")]


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


def are_gathered(ours, theirs):
    """Whether each of our chunks is one of theirs, or several that follow one another: packets that
    come together go down together, where mod_proxy_ajp makes a chunk of each."""
    if ours is None or theirs is None:
        return ours is theirs
    return set(itertools.accumulate(ours)) <= set(itertools.accumulate(theirs))


def difference(ours, theirs):
    """The parts that differ, as text."""
    parts = []
    for key, value in ours.items():
        if key == "echo" and len(value) == len(theirs[key]) == 1:
            parts += difference(value[0], theirs[key][0])
        elif key == "chunks" and are_gathered(value, theirs[key]):
            continue
        elif value != theirs[key]:
            parts.append(f"{key}:\n      ours   {repr(value)[:1500]}\n"
                         f"      theirs {repr(theirs[key])[:1500]}")
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
    status, case = STRICTER[name]
    request = build(1, **case)
    ours, theirs = (send_all(mirror, side, "plain", [request])[0][0] for side in SIDES)
    assert ours["status line"].split()[1] == b"%d" % status
    assert difference(ours, theirs), "it isn't stricter here, and belongs to the other cases"
    assert not any(member["flags"] for member in mirror.httpd.members().values()), \
        "a client's or an application's fault is no member's"


# How a head grows by one byte at a time: what is said of a request with COUNT bytes more.
EDGES = {
    "a header": lambda count: {"headers": (b"X-A: " + b"a" * count,)},
    "cookies": lambda count: {"headers": (b"Cookie: a=" + b"c" * (count // 2),
                                          b"Cookie: b=" + b"c" * (count - count // 2))},
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
            low, high = (middle + 1, high) if reply.status == 200 else (low, middle)
    return low


@pytest.mark.parametrize("name", EDGES)
@pytest.mark.parametrize("kind", LIMITS)
def test_a_head_is_refused_from_the_same_byte_on(mirror, kind, name):
    edge = first_refused(mirror, kind, EDGES[name])
    counts = range(edge - 6, edge + 7)
    requests = [build(number, **EDGES[name](count)) for number, count in enumerate(counts, 1)]
    ours, theirs = (send_all(mirror, side, kind, requests) for side in SIDES)
    for mine, other in zip(ours[0][:6], theirs[0][:6]):
        assert mine["status line"] == b"HTTP/1.1 200 200" and not difference(mine, other)
    # Where it is the secret that has no room, mod_proxy_ajp says 503, as if the member were bad.
    for mine, other in zip(ours[0][6:], theirs[0][6:]):
        assert mine["status line"] == b"HTTP/1.1 400 Bad Request" and not mine["echo"]
        assert other["status line"].split()[1] in (b"400", b"503") and not other["echo"]
        assert other["status line"].split()[1] == b"503" or not difference(mine, other)
    assert ours[1] == theirs[1]


# By name: the path, the wishes, bytes of a piece, and whether it comes before the next one is made.
STREAMS = {
    "flushed by the application": ("plain", b"flush=1", 100, True),
    "not flushed": ("plain", b"", 100, False),
    "flushpackets=on": ("stream-on", b"flush=1", 100, True),
    "flushpackets=auto": ("stream-auto", b"flush=1", 100, True),
    "flushpackets=off": ("stream-off", b"flush=1", 100, False),
    "flushpackets=off, large": ("stream-off", b"flush=1", 20000, True),
    "flushpackets=on, an error": ("stream-on", b"flush=1&status=500", 1100, True),
    "flushpackets=auto, an error": ("stream-auto", b"flush=1&status=500", 1100, True),
}
PIECES = 4


def comes(client, mark, limit):
    """Whether MARK is in what comes within LIMIT seconds."""
    end = time.monotonic() + limit
    while mark not in client.waiting and (left := end - time.monotonic()) > 0:
        client.receive(left)
    return mark in client.waiting


def stream(mirror, side, path, wishes, size, expected):
    """When each piece but the last came: before the next one was permitted, or not. What is
    EXPECTED to come is waited for; what isn't, for long enough to show."""
    ask = b"permit=1&pieces=%d&size=%d&%b" % (PIECES, PIECES * size, wishes)
    with mirror.client(side, "plain") as client:
        client.send(build(1, path, ask).data)
        came = []
        for index in range(PIECES - 1):
            came.append(comes(client, b"%c" % (ord("a") + index) * 20, 5 if expected else 0.3))
            mirror.permit(1)
        reply = returned(client.exchange(b""))
    echo, = mirror.seen()["1"]
    assert echo["end"] == "whole"
    return came, reply


@pytest.mark.parametrize("name", STREAMS)
def test_pieces_of_a_slow_stream_come_at_the_same_time(mirror, name):
    path, wishes, size, expected = STREAMS[name]
    ours, theirs = (stream(mirror, side, path, wishes, size, expected) for side in SIDES)
    assert ours[0] == theirs[0] == [expected] * (PIECES - 1)
    assert not difference(ours[1], theirs[1])


# What is asked for, and in what state the client goes.
GONE = {"in a fast stream": ("plain", b"endless=1&flush=1&size=30000&pieces=3"),
        "in a slow stream": ("plain", b"endless=1&flush=1&size=300&pieces=3&permit=1"),
        "in an unflushed stream": ("stream-off", b"endless=1&size=100000"),
        "in a slow error": ("stream-on",
                            b"endless=1&flush=1&size=6000&pieces=3&permit=1&status=500")}


@pytest.mark.parametrize("name", GONE)
def test_the_container_learns_that_the_client_is_gone(mirror, name):
    path, wishes = GONE[name]
    connector = mirror.ajp_ports["stream" if path.startswith("stream") else "plain"]
    lines = {}
    for side in SIDES:
        before = len(mirror.log(side, "plain"))
        with mirror.client(side, "plain") as client:
            client.send(build(1, path, wishes).data)
            assert comes(client, b"a" * 20, 5)
            during = connections_to(connector)
            client.reset()

        def is_over():
            mirror.permit(1)
            return mirror.seen(keep=True)["1"][0]["end"] == "error"
        wait_until(is_over, 10, "the error in the container")
        wait_until(lambda: connections_to(connector) < during, 10, "the connection's end")
        mirror.seen()
        lines[side] = logged(mirror.log(side, "plain")[before:])
    assert lines["ours"] == lines["theirs"]


# How much of a body comes, in what frame, and how the client goes.
@pytest.mark.parametrize("goes", ["reset", "close"])
@pytest.mark.parametrize("count", [0, 1, 9000, 30000])
@pytest.mark.parametrize("frame", [b"Content-Length: 40000\r\n\r\n",
                                   b"Transfer-Encoding: chunked\r\n\r\n9c40\r\n"],
                         ids=["length", "chunked"])
def test_a_body_that_breaks_off_is_none(mirror, frame, count, goes):
    """No container takes the part that came for the whole."""
    seen, lines = {}, {}
    for side in SIDES:
        before = len(mirror.log(side, "plain"))
        during = connections_to(mirror.ajp_ports["plain"])
        with mirror.client(side, "plain") as client:
            client.send(b"POST /plain/mirror/1 HTTP/1.1\r\nHost: www.test\r\n" + frame +
                        DATA[:count])
            wait_until(lambda: mirror.seen(keep=True).get("1") or count == 0, 5, "its arrival")
            getattr(client, goes)()
        wait_until(lambda: connections_to(mirror.ajp_ports["plain"]) <= during, 10, "its end")
        seen[side] = [echo["body"] for echo in mirror.seen().get("1", [])]
        lines[side] = logged(mirror.log(side, "plain")[before:])
    assert seen["ours"] == seen["theirs"] and lines["ours"] == lines["theirs"]
    assert not any(body["whole"] for body in seen["ours"])


@pytest.mark.parametrize("side", SIDES)
def test_what_is_flushed_comes_before_the_rest_of_the_body_is_waited_for(mirror, side):
    first, rest = b"5\r\nhello\r\n", b"3\r\nyou\r\n0\r\n\r\n"
    with mirror.client(side, "plain") as client:
        client.send(build(1, ask=b"early=100", method=b"POST", body=first,
                          headers=(b"Transfer-Encoding: chunked",)).data)
        assert comes(client, b"a" * 20, 5)
        assert client.exchange(rest).status == 200
    assert mirror.seen()["1"][0]["body"]["length"] == 8


def ask_by_h2(mirror, side, number, path, ask, method, body):
    """What curl shows, and what arrived."""
    url = f"http://127.0.0.1:{mirror.ports[side, 'h2']}/{path}/mirror/{number}?{ask}"
    options = ["--head"] if method == b"HEAD" else ["--include"]
    if method not in (None, b"HEAD"):
        options += ["--request", method.decode(), "--data-binary", "@-"]
    for line in ("Host: www.test", "X-A: 1", "X-A: 2", "Cookie: a=b; c=d"):
        options += ["--header", line]
    # Its exit code is 0 unless the answer is no HTTP/2, or 92 if httpd answers by itself and ends the
    # stream while curl still sends the body.
    for _ in range(5):
        done = subprocess.run(["curl", "-q", "-s", "--http2-prior-knowledge", "--globoff",
                               "--path-as-is", *options, url], check=False, capture_output=True,
                              timeout=20, input=body)
        if done.returncode != 92 or mirror.seen().get(str(number)):
            break
    echoes = [{**echo, **dict.fromkeys(OWN_PORTS)} for echo in mirror.seen().get(str(number), [])]
    return done.returncode, re.sub(rb"\r\ndate: [^\r]*", b"", done.stdout), echoes


# A body in one piece, since curl makes the frames itself.
UPLOADS = {name: case for name, case in ASKED.items()
           if case.get("method") in (b"POST", b"PUT", b"DELETE", b"PATCH")
           and case.get("headers", ())[-1:] != (b"Transfer-Encoding: chunked",)}


def test_http_2_is_the_same_to_both_ends(mirror):
    arrived_at_all = 0
    for number, (name, case) in enumerate({**ANSWERED, **UPLOADS}.items()):
        if "fail" in name or "fill" in name:  # httpd's time limit ends these
            continue
        ours, theirs = (ask_by_h2(mirror, side, number, case.get("path", "plain"),
                                  case.get("ask", b"").decode("latin-1"), case.get("method"),
                                  case.get("body", b""))
                        for side in SIDES)
        assert ours == theirs, name
        assert ours[0] != 0 or ours[1].startswith(b"HTTP/2 "), name
        arrived_at_all += len(ours[2])
    assert arrived_at_all > len(ANSWERED) // 2


def test_requests_one_behind_the_other_are_answered_in_order(mirror):
    """The second one waits in httpd's buffer while the first is exchanged."""
    one, two, three = (build(number, ask=b"size=%d" % size)
                       for number, size in ((1, 20000), (2, 10), (3, 64)))
    one.data, two.data = one.data + two.data, b""
    compare(mirror, "plain", [one, two, three])
