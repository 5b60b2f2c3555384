# SPDX-License-Identifier: Apache-2.0
"""What httpd does for a site's users, it does as well when their requests fail over: HTTP/2,
connections that are kept, compression, ranges, pages for errors, downloads, sessions."""

import gzip
import itertools
import re
import socket
import subprocess
import threading

import pytest

from harness import lies
from harness.asking import LOCALE, REST
from harness.balancer import FAILOVER_ERRORS, conf, wait_for_states
from harness.crowd import Member
from harness.httpd import SITE_MODULES
from harness.liar import ANY, KINDS, mark
from harness.lies import Lie
from harness.load import Load
from harness.mirror import make_certificate
from harness.ports import free_port
from harness.rawhttp import Client
from harness.wait import stays, wait_until

# No check takes a bad member out.
PATIENT = "interval=1m timeout=1s fast=1s rise=1 fall=100"
FAILOVER = "OSBalancerFailover On budget=100%"
SCHEMES = ("ajp", "http")

TLS = """\
Listen 127.0.0.1:{port}
<VirtualHost 127.0.0.1:{port}>
    Protocols h2 http/1.1
    SSLEngine On
    SSLCertificateFile "{certificate}"
</VirtualHost>
"""


def members_of(standins, scheme):
    return [Member(node.url if scheme == "ajp" else node.http_url, node.secret)
            for node in standins]


@pytest.fixture
def start(httpd):
    """Makes a server of two members. PARAMETERS: of each BalancerMember."""
    def begin(members, health=PATIENT, inside="", extra="", parameters=("retry=0", "retry=0"),
              modules=()):
        text = conf(members, health, inside=f"{FAILOVER}\n{inside}", extra=extra)
        for member, more in zip(members, parameters):
            text = text.replace(f"{member.url} ", f"{member.url} {more} ")
        server = httpd(modules=(*SITE_MODULES, *modules))
        server.expect(*FAILOVER_ERRORS)
        server.configure(text)
        server.start()
        wait_for_states(server, members, "up")
        return server
    return begin


def failovers(server):
    return sum(member["failovers"] for member in server.members().values())


WELL = {"deployed": "on", "status": 0, "wire": "ok", "db": "ok"}


# A request with much to lose.
HEAD = (b"GET /openspecimen/rest/ng/echo?a=%%20&b HTTP/1.1\r\nHost: www.test\r\nX-Lie: %s\r\n"
        b"Cookie: a=b; c=d\r\nCookie: e=f\r\nRange: bytes=0-9\r\nAccept-Encoding: gzip\r\n"
        b"X-Forwarded-For: 10.0.0.1\r\nX-A: 1\r\nX-A: 2\r\n\r\n")


# ---- protocols -----------------------------------------------------------------------------------

# The last one makes mod_proxy shun the member.
BREAKS = {"undeployed": {"deployed": "off"}, "503": {"status": 503},
          "without its database": {"db": "refused"}, "closed": {"wire": "close"}}


@pytest.mark.parametrize("scheme", SCHEMES)
def test_streams_of_http_2_fail_over_each_by_itself(start, standins, tmp_path, scheme):
    port, certificate = free_port(), make_certificate(tmp_path, "server", "/CN=www.test")
    server = start(members_of(standins, scheme), modules=("ssl", "http2"), parameters=("", ""),
                   extra=TLS.format(port=port, certificate=certificate))
    # Of a certificate of its own; the first one where OpenSSL was updated and httpd was not.
    server.expect(r"AH01882|AH0190[69]|AH01873")
    for switches in BREAKS.values():
        before = failovers(server)
        standins[1].control(**switches)
        done = subprocess.run(
            ["curl", "-q", "-s", "-k", "--http2", "--parallel", "--parallel-max", "20",
             f"https://127.0.0.1:{port}{LOCALE}?[1-40]",
             "--write-out", "\n%{http_version} %{http_code} %{num_connects}\n"],
            check=True, capture_output=True, text=True, timeout=60)
        streams = re.findall(r"^(2) (\d+) (\d+)$", done.stdout, re.M)
        assert [status for _, status, _ in streams] == ["200"] * 40, switches
        assert sum(int(made) for _, _, made in streams) == 1, "one connection"
        assert failovers(server) > before, switches
        standins[1].control(**WELL)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_kept_connection_is_kept_over_failovers(start, standins, scheme):
    server = start(members_of(standins, scheme))
    with Client(server.port) as client:
        for switches in BREAKS.values():
            standins[1].control(**switches)
            for method in (b"GET", b"HEAD", b"OPTIONS", b"GET"):
                reply = client.exchange(b"%s %s HTTP/1.1\r\nHost: a.test\r\n\r\n" %
                                        (method, LOCALE.encode()), is_head=method == b"HEAD")
                assert reply.status in (200, 401) and reply.whole and reply.kept
                assert (b"deBeDateFmt" in reply.body) == (method == b"GET")
            standins[1].control(**WELL)
        assert client.connections == 1
    assert failovers(server) >= 6


# ---- bodies --------------------------------------------------------------------------------------

@pytest.mark.parametrize("scheme", SCHEMES)
def test_what_is_compressed_is_whole(start, standins, scheme):
    server = start(members_of(standins, scheme),
                   modules=("deflate", "filter"),
                   extra='<Location "/openspecimen">\nSetOutputFilter DEFLATE\n</Location>')
    standins[1].undeploy()
    for size in (2000, 9000, 500_000):
        for _ in (1, 2):
            answer = server.request(f"{REST}/bytes?n={size}", headers={"Accept-Encoding": "gzip"})
            assert answer.status == 200 and answer.headers["Content-Encoding"] == "gzip"
            assert gzip.decompress(answer.body) == b"x" * size
    assert failovers(server) >= 3


# By scheme: a body of two halves, and how an answer of them begins and ends.
HALF = b"x" * 16_000_000
DOWNLOADS = {
    "ajp": (lies.headers(ANY), lies.body(HALF[:8000]) * (len(HALF) // 8000), lies.END),
    "http": (b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % (2 * len(HALF)), HALF, b""),
}


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_download_goes_on_when_its_member_goes_out(start, standins, after_servers, scheme):
    """It pauses until then, which is no reason to begin anew either."""
    going_on = threading.Event()
    beginning, half, end = DOWNLOADS[scheme]
    lie = Lie("", (beginning, half, lambda: going_on.wait(20), half, end))
    members = [KINDS[scheme](node, {1: lie}) for node in standins]
    for member in members:
        after_servers.callback(member.stop)
    server = start(members, "interval=1s timeout=300ms fast=200ms fall=2")
    server.expect("up -> failing: ")
    with socket.create_connection(("127.0.0.1", server.port), 20) as client:
        client.sendall(HEAD.replace(b"HTTP/1.1", b"HTTP/1.0") % mark(1))
        got = b""
        while len(got) < len(HALF):
            got += client.recv(1 << 20) or pytest.fail("it broke off")
        busy = next(url for url, member in server.members().items() if member["busy"])
        standins[[member.url for member in members].index(busy)].control(status=418)
        server.wait_for_state(busy, "failing", 5)
        server.wait_until_out(busy)
        stays(lambda: server.members()[busy]["busy"] == 1, 0.2, "the download")
        going_on.set()
        got += b"".join(iter(lambda: client.recv(1 << 20), b""))
    head, _, body = got.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 ") and body == HALF + HALF
    assert failovers(server) == 0
    assert sum(member.asked[1] for member in members) == 1


# ---- what both members see, and what the user sees of both ---------------------------------------

ENGLISH = (b"Content-Language", b"en")
COOKIE = (b"Set-Cookie", b"bad=1; Path=/")
# What the bad one does; None: it ends the connection.
ANSWERS = {"stock 404": (404, lies.STOCK_404, ENGLISH, COOKIE), "503": (503, b"busy", COOKIE),
           "no database": (500, lies.NO_DATABASE, COOKIE), "lost": None}
# What the good one makes of it, among it a range's answers.
GOOD = {206: (206, b"0123456789", (b"Content-Range", b"bytes 0-9/100")),
        416: (416, b"", (b"Content-Range", b"bytes */100")),
        304: (304, b"", (b"ETag", b'"a"'))}


def tell(server, bad, number):
    """The answer of a request that the bad one was asked for first."""
    with Client(server.port) as client:
        for _ in (1, 2):
            reply = client.exchange(HEAD % mark(number))
            if bad.asked[number]:
                return reply
    raise AssertionError("the bad one is never asked")


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_user_sees_nothing_of_the_bad_member(start, standins, after_servers, scheme):
    kind, cases = KINDS[scheme], list(itertools.product(ANSWERS, GOOD))
    told = ([ANSWERS[name] for name, _ in cases], [GOOD[status] for _, status in cases])
    members = []
    for node, answers in zip(standins, told):
        members.append(kind(node, {
            number: Lie("", (kind.answer(ANY, *answer),) if answer else (), answer is None)
            for number, answer in enumerate(answers, 1)}))
        members[-1].secret = standins[0].secret
        after_servers.callback(members[-1].stop)
    bad, good = members
    server = start(members)
    for number, (name, status) in enumerate(cases, 1):
        reply = tell(server, bad, number)
        assert reply.status == status and reply.whole and reply.kept, name
        assert reply.body == GOOD[status][1] and not reply.values(b"set-cookie"), name
        assert reply.values(b"content-range") == [
            value for header, value in GOOD[status][2:] if header == b"Content-Range"], name
        assert not reply.values(b"content-language") and len(reply.values(b"x-lie")) == 1, name
        assert failovers(server) == number
        heads = [re.sub(rb"127\.0\.0\.1:\d+", b"PLACE", one.heads[number]) for one in members]
        assert heads[0] == heads[1], "it is the same request"


# ---- sessions ------------------------------------------------------------------------------------

STICKY = "ProxySet stickysession=S"
ROUTES = ("route=one", "route=two")
NEW_ROUTE = ('Header add Set-Cookie "S=.%{BALANCER_WORKER_ROUTE}e; path=/" '
             "env=BALANCER_ROUTE_CHANGED")


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("fault", BREAKS)
def test_a_session_moves_with_its_request(start, standins, scheme, fault):
    server = start(members_of(standins, scheme), inside=STICKY, extra=NEW_ROUTE,
                   parameters=ROUTES)
    answer = server.request(LOCALE, headers={"Cookie": "S=x.two"})
    assert answer.status == 200 and "Set-Cookie" not in answer.headers
    standins[1].control(**BREAKS[fault])
    answer = server.request(LOCALE, headers={"Cookie": "S=x.two"})
    assert answer.status == 200 and answer.headers.get_all("Set-Cookie") == ["S=.one; path=/"]
    assert failovers(server) == 1
    for _ in range(4):
        answer = server.request(LOCALE, headers={"Cookie": "S=.one"})
        assert answer.status == 200 and "Set-Cookie" not in answer.headers
    assert failovers(server) == 1


@pytest.mark.parametrize("scheme", SCHEMES)
def test_with_nofailover_a_session_stays_where_it_is(start, standins, scheme):
    server = start(members_of(standins, scheme), inside=STICKY + " nofailover=On",
                   parameters=ROUTES)
    standins[1].undeploy()
    for _ in range(3):
        assert server.request(LOCALE, headers={"Cookie": "S=x.two"}).status == 404
    assert failovers(server) == 0
    assert {server.request(LOCALE).status for _ in range(6)} == {200}
    assert failovers(server) >= 1


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_member_whose_errors_are_ignored_gives_nothing_away(start, standins, scheme):
    server = start(members_of(standins, scheme), parameters=("status=+I",) * 2)
    for switches, expected in (({"status": 503}, 503), ({"deployed": "off"}, 404)):
        standins[1].control(**switches)
        statuses = [server.request(LOCALE).status for _ in range(6)]
        assert sorted(statuses) == sorted([200, expected] * 3)
        standins[1].control(**WELL)
    assert failovers(server) == 0


# ---- pages for errors ----------------------------------------------------------------------------

# By scheme: a fault of one member, and what users get with ProxyErrorOverride On.
OVERRIDDEN = [("ajp", "undeployed", {200}), ("ajp", "503", {200}), ("ajp", "closed", {200}),
              ("ajp", "without its database", {200}), ("http", "503", {200}),
              ("http", "closed", {200}), ("http", "undeployed", {200, 404}),
              ("http", "without its database", {200, 500})]


@pytest.mark.parametrize("scheme, fault, expected", OVERRIDDEN)
def test_pages_of_httpds_own_hide_no_failover(start, standins, scheme, fault, expected):
    server = start(members_of(standins, scheme), extra="ProxyErrorOverride On")
    standins[1].control(**BREAKS[fault])
    answers = [server.request(LOCALE) for _ in range(6)]
    assert {answer.status for answer in answers} == expected
    assert all("deBeDateFmt" in answer.text for answer in answers if answer.status == 200)
    assert (failovers(server) > 0) == (expected == {200})


@pytest.mark.parametrize("scheme", SCHEMES)
def test_an_error_of_both_members_is_httpds_own_page(start, standins, scheme):
    server = start(members_of(standins, scheme),
                   extra='ProxyErrorOverride On\nErrorDocument 503 "own page"')
    for node in standins:
        node.control(status=503)
    answer = server.request(LOCALE)
    assert answer.status == 503 and answer.text == "own page"
    assert failovers(server) == 1
    for node in standins:
        node.control(status=0)
    answer = server.request("/openspecimen/nothing-there")
    assert answer.status == 404 and "OpenSpecimen" not in answer.text
    assert failovers(server) == 1


# ---- many at a time ------------------------------------------------------------------------------

@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("fault", ["undeployed", "503"])
def test_failovers_at_a_time_dont_undo_each_other(start, standins, scheme, fault):
    """What mod_proxy remembers of the member for the sake of one request is forgotten when it has
    gone on, and not before others have."""
    members = members_of(standins, scheme)
    server = start(members, parameters=("", ""))
    standins[1].control(**BREAKS[fault])
    with Load(server, threads=16, path=LOCALE) as load:
        wait_until(lambda: len(load.answers) > 3000, 30, "many requests")
    assert load.answered(200) >= len(load.answers) - 1, "mod_proxy itself loses one in 10,000"
    bad = server.members()[members[1].url]
    assert bad["flags"] == [], "it isn't shunned"
    assert failovers(server) > len(load.answers) / 4
