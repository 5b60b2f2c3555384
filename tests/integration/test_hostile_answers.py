# SPDX-License-Identifier: Apache-2.0
"""A member that lies in every field of AJP, stops in the middle, goes on behind the end or answers
twice harms the request that it lies to, and nobody else's."""

import random
import re
import socket
import threading

import pytest

from bench.usage import peak_kb
from harness import lies
from harness.asking import REST
from harness.balancer import FAILOVER_ERRORS
from harness.liar import ANY, MARK, Liar, mark
from harness.lies import Lie
from harness.load import Load
from harness.rawhttp import Client
from harness.sanitized import assert_nothing_found, sanitized
from harness.wait import wait_until

# What shows once is a fault.
pytestmark = pytest.mark.flaky(reruns=0)

LANES = 6
PATIENCE = 0.05  # seconds
# In each lane requests come one after the other, so that the members of its balancer take turns.
LANE = """\
<Proxy "balancer://lane{lane}">
    BalancerMember {liar.url} secret={liar.secret} retry=0 timeout=3
    BalancerMember {good.url} secret={good.secret} retry=0
    OSBalancerHealth On interval=1m timeout=1s fast=1s fall=100
    OSBalancerFailover On budget=100%
</Proxy>
ProxyPass "/lane{lane}" "balancer://lane{lane}"
"""
CONF = """\
StartServers 2
MinSpareThreads 10
MaxSpareThreads 400
MaxKeepAliveRequests 0
KeepAliveTimeout 60
<Location "/balancer-status">
    SetHandler os-balancer-status
</Location>
"""
# What httpd itself says of lines that it doesn't pass on.
ERRORS = (*FAILOVER_ERRORS, r"AH024(29|30)|the client can't be given the answer")

STATUS_LINE = re.compile(rb"HTTP/1\.1 [2-9]\d\d [^\x00-\x1f\x7f]*")
HEADER = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+:[^\x00-\x08\x0a-\x1f]*")


# By method, what follows the lines that each request has.
ENDS = {b"GET": b"\r\n", b"POST": b"Content-Length: 5\r\n\r\nhello"}


class Lane:
    """A balancer and its one user, who asks by these METHODS, as chance has it."""

    def __init__(self, server, liar, number, methods=(b"GET",)):
        self.client = Client(server.port, timeout=8)
        self.liar = liar
        self.path = b"/lane%d/rest/ng/echo" % number
        self.methods = methods
        self.random = random.Random(number)

    def ask(self, number):
        """The answer of whoever has its turn, and what is wrong with it."""
        method = self.random.choice(self.methods)
        reply = self.client.exchange(b"%s %s HTTP/1.1\r\nHost: a.test\r\nX-Lie: %s\r\n%s" %
                                     (method, self.path, mark(number), ENDS[method]))
        wrong = list(faults(reply, number, self.client.waiting))
        if not self.liar.asked[number] and not (reply.status == 200 and reply.whole):
            wrong.append(f"{reply.status_line} of the good one")
        return reply, wrong

    def tell(self, number):
        """Asks until the liar was asked, and has said all."""
        wrong = []
        while not self.liar.asked[number] and not wrong:
            reply, wrong = self.ask(number)
        if self.liar.asked[number] > 1:
            wrong.append("it is asked twice")
        wait_until(lambda: self.liar.told[number] == self.liar.asked[number], 5, "the end of a lie")
        return reply, wrong


def faults(reply, number, behind):
    """What no answer may have. It may break off at the end of the connection."""
    if reply.silent:
        yield "no end"
    if behind:
        yield f"bytes behind the end: {behind[:100]}"
    if not STATUS_LINE.fullmatch(reply.status_line):
        yield f"the status line {reply.status_line}"
    yield from (f"the header {line[:100]}" for line in reply.headers if not HEADER.fullmatch(line))
    text = b"\n".join([*reply.headers, reply.body, *reply.trailers])
    if strangers := {int(other) for other in MARK.findall(text)} - {0, number}:
        yield f"the answer of {strangers}"


@pytest.fixture
def start(httpd, standins, after_servers):
    """Makes a server whose lanes have these lies, by number from 1 on, to be told."""
    def begin(told, **options):
        good = standins[0]
        liar = Liar(good, dict(enumerate(told, 1)), PATIENCE)
        after_servers.callback(liar.stop)
        server = httpd(log_level="warn", **options)
        server.expect(*ERRORS)
        server.configure(CONF + "".join(LANE.format(lane=lane, liar=liar, good=good)
                                        for lane in range(LANES)))
        server.start()
        for url in (liar.url, good.url):
            server.wait_for_state(url, "up", 20)
        return server, liar
    return begin


def tell_all(server, liar):
    """What is wrong, in all lanes at a time."""
    wrong, numbers = [], iter(sorted(liar.lies))
    lock = threading.Lock()

    def run(lane):
        while True:
            with lock:
                number = next(numbers, None)
            if number is None:
                return
            wrong.extend(f"{liar.lies[number].name}: {what}" for what in lane.tell(number)[1])

    lanes = [Lane(server, liar, number, (b"GET", b"POST")) for number in range(LANES)]
    threads = [threading.Thread(target=run, args=(lane,)) for lane in lanes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for lane in lanes:
        lane.client.close()
    assert next(numbers, None) is None, "a lane broke down"
    return wrong


@pytest.mark.parametrize("flavour", ["plain", "sanitized"])
def test_a_lie_harms_nobody_else(start, flavour):
    told = [*lies.of_order(ANY), *lies.of_fields(ANY), *lies.of_texts(ANY), *lies.of_cuts(ANY),
            *lies.of_chance(ANY, seed=4, count=400)]
    server, liar = start(told, **(sanitized() if flavour == "sanitized" else {}))
    children = set(server.children())
    assert tell_all(server, liar) == []
    assert set(server.children()) == children
    server.stop()
    assert_nothing_found(server)


def test_an_answer_that_is_cut_before_its_body_is_another_members(start):
    """Later, it is broken off so that the user sees it."""
    told = list(lies.of_cuts(ANY))
    begun = len(lies.headers(ANY) + lies.body(b"body of " + ANY))
    server, liar = start(told)
    lane = Lane(server, liar, 0)
    for number, length in enumerate(range(len(told)), 1):
        reply, wrong = lane.tell(number)
        assert wrong == []
        if length < begun:
            assert reply.status == 200 and reply.whole and b'"node":"os1"' in reply.body, length
        else:
            assert not reply.whole and reply.body == b"body of " + mark(number)
    balancer = server.status()["balancers"][0]
    assert sum(member["failovers"] for member in balancer["members"]) == begun


# What goes on and on, and may not heap up: how it begins, and what follows it how often.
FLUSH = lies.body(b"")
DROP = lies.body(b"x")
LONG = {
    "flushes before the headers": (b"", FLUSH, 150_000),
    "flushes of a 500": (lies.headers(ANY, 500), FLUSH, 150_000),
    "flushes of a 200": (lies.headers(ANY), FLUSH, 150_000),
    "a 500 in drops": (lies.headers(ANY, 500), DROP, 150_000),
    "a body in drops": (lies.headers(ANY), DROP, 150_000),
    "a body": (lies.headers(ANY), lies.body(b"x" * 8000), 5000),
}
MOST_GROWTH_KB = 6000


def peaks_kb(server):
    return {child: peak_kb(child) for child in server.children()}


def read_to_its_end(server, number):
    with socket.create_connection(("127.0.0.1", server.port), 30) as client:
        client.sendall(b"GET /lane0/rest/ng/echo HTTP/1.1\r\nHost: a.test\r\n"
                       b"Connection: close\r\nX-Lie: " + mark(number) + b"\r\n\r\n")
        while client.recv(1 << 20):
            pass


def test_what_goes_on_and_on_takes_no_memory(start):
    told = [Lie(name, (beginning, *[more * 1000] * (count // 1000)))
            for name, (beginning, more, count) in LONG.items()]
    server, liar = start(told)
    with Load(server, path="/lane1/rest/ng/echo") as load:
        wait_until(lambda: len(load.answers) > 300, 20, "the first requests")
        for number, lie in enumerate(told, 1):
            before = peaks_kb(server)
            while not liar.asked[number]:
                read_to_its_end(server, number)
            growth = [peak - before[child] for child, peak in peaks_kb(server).items()]
            assert max(growth) < MOST_GROWTH_KB, lie.name
    assert {status for status, _ in load.answers} == {200}
