# SPDX-License-Identifier: Apache-2.0
"""Requests that may change data are never sent twice, whatever becomes of them: members that count
what arrives meet each kind of request with each kind of fault."""

import itertools
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from harness import lies
from harness.balancer import FAILOVER_ERRORS, conf, wait_for_states
from harness.httpd import MPMS
from harness.liar import ANY, KINDS, mark
from harness.lies import Lie
from harness.rawhttp import Client
from harness.wait import stays, wait_until

# What shows once is a fault.
pytestmark = pytest.mark.flaky(reruns=0)

# No check takes a bad member out.
PATIENT = "interval=1m timeout=1s fast=1s rise=1 fall=100"
SIZE = 9000  # of a body, in bytes: two packets

ENGLISH = (b"Content-Language", b"en")
# What a member does with a request: how much of the body it reads, and the answer, as status, body
# and a header, or None for the end of the connection.
FAULTS = {
    "lost at once": ("none", None),
    "lost in the middle": ("some", None),
    "lost when it was whole": ("all", None),
    "stock 404, unread": ("none", (404, lies.STOCK_404, ENGLISH)),
    "stock 404": ("all", (404, lies.STOCK_404, ENGLISH)),
    "503": ("all", (503, b"busy")),
    "503, unread": ("none", (503, b"busy")),
    "502": ("all", (502, b"bad")),
    "504": ("all", (504, b"late")),
    "no database": ("all", (500, lies.NO_DATABASE)),
}

METHODS = (b"POST", b"PUT", b"DELETE", b"PATCH", b"GET", b"OPTIONS")
FRAMES = {
    "with a length": (b"Content-Length: %d\r\n" % SIZE, b"x" * SIZE),
    "in chunks": (b"Transfer-Encoding: chunked\r\n", b"%x\r\n%s\r\n0\r\n\r\n" % (SIZE, b"x" * SIZE)),
}
# Method, head and body by name.
REQUESTS = {
    **{f"{method.decode()} {frame}": (method, *FRAMES[frame])
       for method, frame in itertools.product(METHODS, FRAMES)},
    **{f"{method.decode()} without a body": (method, b"Content-Length: 0\r\n", b"")
       for method in (b"POST", b"PUT", b"DELETE", b"PATCH")},
}


class Scene:
    """A server with a member that does what it is told, and one that is good."""

    def __init__(self, server, bad, good):
        self.server, self.bad, self.good = server, bad, good

    def arrivals(self, number):
        return self.bad.asked[number] + self.good.asked[number]

    def send(self, name, number):
        method, head, data = REQUESTS[name]
        with Client(self.server.port, timeout=20) as client:
            return client.exchange(
                b"%s /openspecimen/rest/ng/echo HTTP/1.1\r\nHost: a.test\r\nX-Lie: %s\r\n%s\r\n%s" %
                (method, mark(number), head, data))


@pytest.fixture
def start(httpd, standins, after_servers):
    def begin(scheme, told, health=PATIENT, failover=True, extra="", mpm="event",
              worker="timeout=20"):
        kind = KINDS[scheme]
        honest = dict.fromkeys(told, Lie("", (kind.answer(ANY, 200, b"good"),), reads="all"))
        members = [kind(standins[0], told), kind(standins[1], honest)]
        for member in members:
            after_servers.callback(member.stop)
        text = conf(members, health, extra=extra,
                    inside="OSBalancerFailover On budget=100%" if failover else "")
        server = httpd(mpm=mpm)
        server.expect(*FAILOVER_ERRORS, r"AH00(878|893|896|992)|AH010|AH0109", "up -> failing: ")
        server.configure(text.replace(" secret=", f" retry=0 {worker} secret="))
        server.start()
        wait_for_states(server, members, "up")
        return Scene(server, *members)
    return begin


@pytest.mark.parametrize("scheme", KINDS)
@pytest.mark.parametrize("mpm", MPMS)
def test_it_arrives_once_whatever_the_member_does(start, mpm, scheme):
    # Twice each, since the members take turns.
    cases = list(enumerate([case for case in itertools.product(FAULTS, REQUESTS) for _ in (1, 2)], 1))
    told = {}
    for number, (fault, _) in cases:
        reads, answer = FAULTS[fault]
        pieces = (KINDS[scheme].answer(ANY, *answer),) if answer else ()
        told[number] = Lie(fault, pieces, answer is None, reads)
    scene = start(scheme, told, mpm=mpm)
    met, wrong = set(), []
    for number, case in cases:
        reply = scene.send(case[1], number)
        if scene.bad.asked[number]:
            met.add(case)
        expected = [200] if scene.good.asked[number] else FAULTS[case[0]][1] or [500, 502]
        if scene.arrivals(number) != 1 or reply.status not in expected:
            wrong.append((case, scene.arrivals(number), reply.status_line))
    assert wrong == []
    assert len(met) == len(cases) // 2, "the bad one had each of them"


@pytest.mark.parametrize("scheme", KINDS)
def test_it_goes_to_another_member_if_it_was_not_sent_at_all(start, scheme):
    scene = start(scheme, dict.fromkeys(range(1, 2 * len(REQUESTS) + 1)))
    scene.bad.stop()
    for number, name in enumerate([name for name in REQUESTS for _ in (1, 2)], 1):
        assert scene.send(name, number).status == 200, name
        assert scene.good.asked[number] == 1, name
    assert not scene.bad.asked


@pytest.mark.parametrize("scheme", KINDS)
def test_it_waits_on_when_its_member_goes_out(start, standins, scheme):
    """A safe request would be given to another member; what this one does, nobody knows."""
    over = threading.Event()
    numbers = range(1, 2 * len(REQUESTS) + 1)
    own = Lie("late", (lambda: over.wait(20), KINDS[scheme].answer(ANY, 200, b"late")), reads="all")
    scene = start(scheme, dict.fromkeys(numbers, own), "interval=1s timeout=300ms fast=200ms")
    names = [name for name in REQUESTS for _ in (1, 2)]
    with ThreadPoolExecutor(len(names)) as pool:
        replies = pool.map(scene.send, names, numbers)
        try:
            wait_until(lambda: all(scene.arrivals(number) for number in numbers), 10, "all of them")
            assert 0 < len(scene.bad.asked) < len(names), "both have their share"
            standins[0].control(status=418)
            scene.server.wait_for_state(scene.bad.url, "failing", 5)
            stays(lambda: all(scene.arrivals(number) == 1 for number in numbers), 0.5, "one arrival")
        finally:
            over.set()
        replies = list(replies)
    assert {reply.status for reply in replies} == {200}
    late = sum(b"late" in reply.body for reply in replies)
    assert late == len(scene.bad.asked)
    assert all(scene.arrivals(number) == 1 for number in numbers)


# What comes of a request, and nothing after it.
UNFINISHED = {
    "with a length": b"Content-Length: 9000\r\n\r\n" + b"x" * 100,
    "with a length alone": b"Content-Length: 9000\r\n\r\n",
    "in chunks": b"Transfer-Encoding: chunked\r\n\r\n64\r\n" + b"x" * 100 + b"\r\n",
    "in a chunk": b"Transfer-Encoding: chunked\r\n\r\n64\r\nxxx",
}


@pytest.mark.parametrize("failover", [True, False], ids=["ours", "mod_proxy_ajp's"])
@pytest.mark.parametrize("name", UNFINISHED)
def test_a_client_that_stops_in_its_body_is_told_so(start, name, failover):
    told = dict.fromkeys((1, 2), Lie("", (KINDS["ajp"].answer(ANY, 200, b"late"),), reads="all"))
    scene = start("ajp", told, failover=failover, extra="Timeout 1")
    scene.server.expect("os_balancer: the client doesn't send its body|AH02822")
    for number in told:
        with Client(scene.server.port, timeout=10) as client:
            reply = client.exchange(b"POST /openspecimen/rest/ng/echo HTTP/1.1\r\nHost: a.test\r\n"
                                    b"X-Lie: %s\r\n%s" % (mark(number), UNFINISHED[name]))
        assert reply.status == 408 and not reply.kept
        assert scene.arrivals(number) == 1


@pytest.mark.parametrize("worker", ["timeout=1", "timeout=1 ping=5"])
@pytest.mark.parametrize("reads", ["none", "some", "all"])
def test_silence_ends_with_the_time_limit_and_nobody_else_is_asked(start, reads, worker):
    over = threading.Event()
    names = [name for name in REQUESTS for _ in (1, 2)]
    told = dict.fromkeys(range(1, len(names) + 1), Lie("", (lambda: over.wait(20),), reads=reads))
    scene = start("ajp", told, worker=worker)
    try:
        with ThreadPoolExecutor(len(names)) as pool:
            replies = list(pool.map(scene.send, names, told))
    finally:
        over.set()
    for number, reply in zip(told, replies):
        assert scene.arrivals(number) == 1
        assert reply.status == (200 if scene.good.asked[number] else 504)
    assert len(scene.good.asked) < len(names)


def test_the_time_of_a_client_that_stops_in_its_body_is_not_its_members(start):
    """Nor when part of the answer had come."""
    flushed = lies.headers(ANY) + lies.body(b"early") + lies.body(b"") + lies.wants_body(8000) * 2
    scene = start("ajp", dict.fromkeys(range(1, 5), Lie("", (flushed,))), extra="Timeout 1")
    scene.server.expect("os_balancer: the client doesn't send its body")
    for number in range(1, 5):
        with Client(scene.server.port, timeout=10) as client:
            client.exchange(b"POST /openspecimen/rest/ng/echo HTTP/1.1\r\nHost: a.test\r\n"
                            b"X-Lie: %s\r\n%s" % (mark(number), UNFINISHED["in chunks"]))
    for member in scene.server.members().values():
        assert member["load_ms"] < 500 and member["flags"] == []
