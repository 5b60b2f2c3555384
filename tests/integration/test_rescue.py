# SPDX-License-Identifier: Apache-2.0
"""What a rescue depends on: the budget, the others, the connection, and how far an answer has come."""

import http.client
import json
import os
import socket
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from harness import lies
from harness.asking import LOCALE
from harness.balancer import (ECHO, FAILOVER_ERRORS, common_directory, conf, served_by,
                              wait_for_states)
from harness.crowd import Crowd, Member
from harness.httpd import MPMS, SITE_MODULES
from harness.liar import ANY, HttpLiar, Liar, mark
from harness.lies import Lie
from harness.load import Load
from harness.ports import free_port
from harness.wait import stays, wait_until

HEALTH = "interval=1s timeout=300ms fast=300ms rise=2 fall=2"
# No check takes a bad member out, and none comes while a test counts.
PATIENT = "interval=1m timeout=1s fast=1m rise=1 fall=100"
LIMIT = 30  # seconds for one answer
FREE = 10  # failovers in ten seconds that no budget forbids
SLOW = "/openspecimen/rest/ng/slow?ms=6000"


def start(server, nodes, health=HEALTH, failover="budget=100%", extra="StartServers 1"):
    server.expect(*FAILOVER_ERRORS)
    server.configure(conf(nodes, health, inside=f"OSBalancerFailover On {failover}", extra=extra))
    server.start()
    wait_for_states(server, nodes, "up")


def test_who_waits_is_let_go_when_the_budget_has_one_again(httpd, standins):
    good, bad = standins
    server = httpd()
    server.expect(rf"{bad.url}: up -> hung: ")
    start(server, standins, failover="budget=0%")
    served_by(server)
    answers = []
    threads = [threading.Thread(target=lambda: answers.append(
                   server.request(LOCALE, timeout=LIMIT).status)) for _ in range(3 * FREE)]
    bad.hang()
    try:
        for thread in threads:
            thread.start()
        server.wait_for_state(bad.url, "hung", 5)
        wait_until(lambda: server.members()[bad.url]["failovers"] == FREE, 5, "the free ones")
        for thread in threads:
            thread.join()
    finally:
        bad.resume()
    assert answers == [200] * len(threads)
    assert server.members()[bad.url]["failovers"] > FREE, "or nobody had to wait"


def test_what_silences_all_for_a_moment_takes_nobody_out(httpd, standins):
    server = httpd()
    start(server, standins, "interval=1m timeout=3s ping=200ms fast=200ms fall=2")
    with Load(server, threads=4, path=LOCALE) as load:
        wait_until(lambda: len(load.answers) > 20, 10, "the first requests")
        for node in standins:
            node.hang()
        try:
            wait_until(lambda: all(member["checks_failed"] >= 1
                                   for member in last_seen(server)), 5, "a ping in vain at each")
            stays(lambda: all(member["state"] == "up" for member in last_seen(server)), 0.8,
                  "both are held for up")
        finally:
            for node in standins:
                node.resume()
    assert {answer[0] for answer in load.answers} == {200}


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_who_waits_for_an_answer_to_a_workers_own_ping_is_rescued_too(httpd, standins, method):
    """Nothing of the request has been sent then."""
    bad = standins[1]
    server = httpd()
    server.expect(rf"{bad.url}: up -> hung: ", *FAILOVER_ERRORS)
    server.configure(conf(standins, "interval=1s timeout=1s ping=200ms fast=200ms",
                          inside="OSBalancerFailover On budget=100%", extra="StartServers 1")
                     .replace(" secret=", f" ping={LIMIT} secret="))
    server.start()
    wait_for_states(server, standins, "up")
    served_by(server)
    bad.hang()
    try:
        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda _: server.request(ECHO, method=method, timeout=LIMIT),
                                    range(8)))
    finally:
        bad.resume()
    assert {answer.status for answer in answers} == {200}
    assert server.members()[bad.url]["failovers"] >= 1


@pytest.mark.parametrize("scheme", ["ajp", "http"])
def test_who_waits_on_a_member_that_hangs_is_rescued_long_before_a_check_has_lasted(
        httpd, standins, scheme):
    """The connector's own silence tells, over HTTP too."""
    good, bad = standins if scheme == "ajp" else [Member(node.http_url, node.secret)
                                                  for node in standins]
    server = httpd()
    server.expect(rf"{bad.url}: up -> hung: ")
    start(server, [good, bad], "interval=1m timeout=30s")
    standins[1].hang()
    try:
        with ThreadPoolExecutor(8) as pool:
            answers = [pool.submit(server.request, LOCALE, timeout=LIMIT) for _ in range(8)]
            server.wait_for_state(bad.url, "hung", 1.5)
            assert {answer.result(timeout=5).status for answer in answers} == {200}
    finally:
        standins[1].resume()
    assert server.members()[bad.url]["failovers"] >= 1


def last_seen(server):
    return server.members().values()


def test_over_http_who_goes_by_a_connection_of_a_post_is_rescued_too(httpd, standins):
    good, bad = [Member(node.http_url, node.secret) for node in standins]
    server = httpd(mpm="prefork")
    server.expect(rf"{bad.url}: up -> ")
    extra = "StartServers 1\nMinSpareServers 1\nMaxSpareServers 1\nMaxRequestWorkers 2"
    start(server, [good, bad], HEALTH + " interval=1m", extra=extra)
    for _ in range(8):
        assert server.request(ECHO, method="POST", body=b"x").status == 200
    standins[1].hang()
    try:
        answers = [server.request(LOCALE).status for _ in range(4)]
    finally:
        standins[1].resume()
    assert answers == [200] * 4
    assert server.members()[bad.url]["failovers"] >= 1


@pytest.mark.parametrize("query", ["", "?a=1"])
def test_what_is_refused_a_failover_is_not_sent_again(httpd, tmp_path, after_servers, query):
    crowd = Crowd(tmp_path / "crowd", 3)
    after_servers.callback(crowd.stop)
    crowd.start()
    server = httpd()
    server.expect(r"proxy: |AH0\d+:")
    start(server, crowd.members, PATIENT, "retries=1 budget=100%")
    before = connections(crowd)
    crowd.control(wire="close")
    answer = server.request(LOCALE + query)
    assert answer.status == 502
    after = connections(crowd)
    assert sum(after[place] > before[place] for place in after) == 2, "the third wasn't asked"


def connections(crowd):
    """How many each of its members took."""
    connection = http.client.HTTPConnection("127.0.0.1", crowd.control_port, timeout=10)
    try:
        connection.request("GET", "/standin/tally")
        places = json.loads(connection.getresponse().read())["places"]
    finally:
        connection.close()
    return {address: place["connections"]["count"] for address, place in places.items()
            if address.endswith(f":{crowd.ajp_port}")}


@pytest.mark.parametrize("query", ["", "?a=1"])
def test_headers_alone_are_no_answer(httpd, standins, after_servers, query):
    """They come, and then the connection's end."""
    liar = Liar(standins[1], {1: Lie("headers alone", (lies.headers(ANY),), ends=True)})
    after_servers.callback(liar.stop)
    server = httpd()
    start(server, [standins[0], liar], PATIENT)
    for _ in range(4):
        answer = server.request(ECHO + query, headers={"X-Mark": mark(1).decode()})
        assert answer.status == 200 and answer.json["node"] == standins[0].node
    assert server.members()[liar.url]["failovers"] >= 1


REFUSES = b"HTTP/1.1 503 Busy\r\nContent-Type: text/html\r\nContent-Length: 5\r\n\r\nbusy\n"


@pytest.fixture
def http_liars(httpd, standins, after_servers):
    """Makes a server of two members over HTTP, that answer to a mark with these bytes."""
    def begin(*answers, modules=(), extra=""):
        liars = [HttpLiar(node, {1: Lie("as told", (answer,), ends=True)}) if answer else
                 Member(node.http_url, node.secret) for node, answer in zip(standins, answers)]
        for liar in liars:
            if isinstance(liar, HttpLiar):
                after_servers.callback(liar.stop)
        server = httpd(modules=(*SITE_MODULES, *modules))
        start(server, liars, PATIENT, extra=extra)
        return server
    return begin


def refusing_liars(node, after_servers, count):
    liars = [HttpLiar(node, {1: Lie("as told", (REFUSES,), ends=True)}) for _ in range(count)]
    for liar in liars:
        after_servers.callback(liar.stop)
    return liars


def start_with_retries(server, members, favoured):
    """The favoured ones get nearly all requests, those that look for another member too."""
    server.expect(*FAILOVER_ERRORS)
    text = conf(members, PATIENT, inside="OSBalancerFailover On retries=5 budget=100%\n"
                                         "ProxySet maxattempts=6")
    for member in favoured:
        text = text.replace(f"{member.url} ", f"{member.url} loadfactor=50 ")
    server.configure(text)
    server.start()
    wait_for_states(server, members, "up")


def test_a_request_with_several_retries_comes_back_to_nobody_who_failed_it(
        httpd, standins, after_servers):
    good = standins[0]
    liars = refusing_liars(standins[1], after_servers, 2)
    server = httpd()
    start_with_retries(server, [*liars, Member(good.http_url, good.secret)], favoured=liars)
    for _ in range(FREE - 1):
        answer = server.request(ECHO, headers={"X-Mark": mark(1).decode()})
        assert answer.status == 200 and answer.json["node"] == good.node
    assert 0 < max(liar.asked[1] for liar in liars) < FREE


def test_where_each_has_failed_it_the_last_answer_is_the_users(httpd, standins, after_servers):
    liars = refusing_liars(standins[1], after_servers, 2)
    server = httpd()
    start_with_retries(server, liars, favoured=[])
    for count in range(1, 6):
        answer = server.request(ECHO, headers={"X-Mark": mark(1).decode()})
        assert (answer.status, answer.body) == (503, b"busy\n")
        assert [liar.asked[1] for liar in liars] == [count, count]


def test_an_answer_that_ends_with_its_connection_has_an_end_after_a_failover(http_liars):
    server = http_liars(REFUSES, b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
                                 b"Connection: close\r\n\r\nfine\n")
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    try:
        for _ in range(6):
            connection.request("GET", ECHO, headers={"X-Mark": mark(1).decode()})
            answer = connection.getresponse()
            assert (answer.status, answer.read()) == (200, b"fine\n")
    finally:
        connection.close()
    assert sum(member["failovers"] for member in server.members().values()) >= 1


def test_what_is_taken_back_spoils_no_filter_of_the_answer_that_follows(http_liars):
    server = http_liars(REFUSES, None, modules=("filter", "substitute"),
                        extra="AddOutputFilterByType SUBSTITUTE application/json\n"
                              'Substitute "s/\\"node\\"/\\"knot\\"/"')
    for _ in range(6):
        answer = server.request(ECHO, headers={"X-Mark": mark(1).decode()})
        assert answer.status == 200 and answer.json["knot"] == "os2"
    assert sum(member["failovers"] for member in server.members().values()) >= 1


# What a member says before it says no more, and what the user of a request gets that stays with it.
STALLS = {
    "503": b"HTTP/1.1 503 Busy\r\nContent-Type: text/html\r\nContent-Length: 5\r\n\r\n",
    "503, some of it": b"HTTP/1.1 503 Busy\r\nContent-Type: text/html\r\nContent-Length: 5\r\n\r\nbu",
    "404 in chunks": b"HTTP/1.1 404 Not Found\r\nContent-Type: text/html;charset=utf-8\r\n"
                     b"Content-Language: en\r\nTransfer-Encoding: chunked\r\n\r\n",
}


@pytest.mark.parametrize("says", STALLS)
def test_over_http_nobody_waits_for_the_end_of_an_answer_that_is_not_wanted(
        httpd, standins, after_servers, says):
    """The 404 is decided by its body, so that there it is the check that ends the wait."""
    liar = HttpLiar(standins[1], {1: Lie("as told", (STALLS[says],))})
    after_servers.callback(liar.stop)
    server = httpd()
    server.expect(rf"{liar.url}: up -> ", "AH01110")
    start(server, [Member(standins[0].http_url, standins[0].secret), liar])
    with ThreadPoolExecutor(4) as pool:
        answers = [pool.submit(server.request, ECHO, headers={"X-Mark": mark(1).decode()},
                               timeout=LIMIT) for _ in range(4)]
        wait_until(lambda: liar.told[1], 5, "the beginning of an answer")
        if says.startswith("404"):
            liar.stop()
        assert {answer.result().status for answer in answers} == {200}
    assert server.members()[liar.url]["failovers"] >= 1


@pytest.mark.parametrize("method, path", [("POST", ECHO), ("GET", ECHO + "?a=1"), ("GET", ECHO)])
def test_one_request_that_the_last_member_breaks_off_takes_the_site_from_nobody(
        httpd, standins, after_servers, method, path):
    """The other one is out, and `retry` a minute, as httpd has it."""
    liar = Liar(standins[0], {1: Lie("headers alone", (lies.headers(ANY),), ends=True)})
    after_servers.callback(liar.stop)
    server = httpd()
    server.expect(rf"{standins[1].url}: up -> ", "no whole answer")
    server.expect(*FAILOVER_ERRORS)
    server.configure(conf([liar, standins[1]], HEALTH, inside="OSBalancerFailover On budget=100%"))
    server.start()
    wait_for_states(server, [liar, standins[1]], "up")
    standins[1].undeploy()
    server.wait_for_state(standins[1].url, "not-deployed", 10)
    server.wait_until_out(standins[1].url)
    for _ in range(3):
        answer = server.request(path, method=method, headers={"X-Mark": mark(1).decode()})
        assert answer.status == 502
        assert server.request(LOCALE).status == 200
    assert server.members()[liar.url]["flags"] == []


@pytest.mark.parametrize("kind", ["ajp", "http"])
def test_who_waits_for_the_database_of_one_is_rescued_while_others_get_answers(
        httpd, standins, kind):
    """The member answers what needs no database, so that it isn't silent as a whole; the next routine
    check is far away."""
    good, bad = [Member(node.url if kind == "ajp" else node.http_url, node.secret)
                 for node in standins]
    server = httpd()
    server.expect(rf"{bad.url}: up -> stalled: ")
    start(server, [good, bad], "interval=30s timeout=500ms fast=200ms fall=2")
    with Load(server, threads=2, path=ECHO) as load:
        wait_until(lambda: len(load.answers) > 20, 10, "the first requests")
        standins[1].control(db="hang")
        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda _: server.request(LOCALE, timeout=LIMIT), range(8)))
    standins[1].control(db="ok")
    assert {answer.status for answer in answers} == {200}
    assert {answer[0] for answer in load.answers} == {200}
    assert server.members()[bad.url]["failovers"] >= 1


@pytest.mark.parametrize("kind", ["ajp", "http"])
@pytest.mark.parametrize("mpm", MPMS)
def test_who_waits_in_an_old_child_is_rescued_too(httpd, standins, mpm, kind):
    """The checks are another configuration's by then, and so are the bits that they set."""
    members = [Member(node.url if kind == "ajp" else node.http_url, node.secret)
               for node in standins]
    bad = members[1]
    server = httpd(mpm=mpm)
    server.expect(rf"{bad.url}: up -> hung: ")
    start(server, members, "interval=1s timeout=500ms ping=200ms fast=200ms fall=2", extra="")
    with ThreadPoolExecutor(2) as pool:
        waiting = [pool.submit(server.request, SLOW, timeout=LIMIT) for _ in members]
        wait_until(lambda: all(server.members()[member.url]["busy"] for member in members), 5,
                   "a request at each member")
        server.graceful()
        standins[1].hang()
        try:
            assert not any(request.done() for request in waiting), "the hang came first"
            assert {request.result().status for request in waiting} == {200}
        finally:
            standins[1].resume()
    assert f"failover from {bad.url} to {members[0].url}: it went out" in server.log()


def test_two_reloads_later_the_latest_old_children_are_rescued_and_the_oldest_serve_on(
        httpd, standins):
    good, bad = standins
    server = httpd()
    server.expect(rf"{bad.url}: up -> hung: ")
    start(server, standins, "interval=1s timeout=500ms ping=200ms fast=200ms fall=2", extra="")
    with ThreadPoolExecutor(4) as pool:
        oldest = wait_at_each(pool, server, standins, 1)
        server.graceful()
        latest = wait_at_each(pool, server, standins, 1)
        server.graceful()
        bad.hang()
        try:
            assert {request.result().status for request in latest} == {200}
            wait_until(lambda: any(request.done() for request in oldest), 10, "who is with the good")
        finally:
            bad.resume()
        assert {request.result().status for request in oldest} == {200}


def wait_at_each(pool, server, nodes, busy):
    waiting = [pool.submit(server.request, SLOW, timeout=LIMIT) for _ in nodes]
    wait_until(lambda: all(server.members()[node.url]["busy"] >= busy for node in nodes), 5,
               "a request at each member")
    return waiting


@pytest.fixture
def large_page():
    """Lines by which a 503 has a page that no socket's buffers take whole."""
    with common_directory() as directory:
        with open(os.path.join(directory, "page"), "wb") as page:
            page.write(b"x" * 30_000_000)
        os.chmod(page.name, 0o644)
        yield (f'Alias "/page" "{page.name}"\nErrorDocument 503 /page\n'
               f'<Directory "{directory}">\n    Require all granted\n</Directory>')


def test_who_reads_an_error_page_slowly_keeps_no_member_from_others(
        httpd, standins, after_servers, large_page):
    """The one member refuses that user's request, the other one can't be reached, the third is out:
    mod_proxy would find nobody as long as the first one's error stands."""
    liar = Liar(standins[0], {1: Lie("busy", (lies.headers(ANY, 503), lies.END))})
    after_servers.callback(liar.stop)
    gone = Member(f"ajp://127.0.0.1:{free_port()}/openspecimen", "none")
    server = httpd()
    server.expect(rf"{gone.url}: unverified -> unreachable: ", "AH01170", *FAILOVER_ERRORS)
    server.configure(conf([liar, standins[1], gone], PATIENT,
                          inside="OSBalancerFailover On budget=100%", extra=large_page)
                     .replace(f"{liar.url} ", f"{liar.url} loadfactor=50 "))
    server.start()
    wait_for_states(server, [liar, standins[1]], "up")
    server.wait_for_state(gone.url, "unreachable", 10)
    standins[1].stop()
    with socket.socket() as slow:
        slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        slow.connect(("127.0.0.1", server.port))
        slow.sendall(b"GET %s HTTP/1.1\r\nHost: a\r\nX-Mark: %s\r\n\r\n" %
                     (ECHO.encode(), mark(1)))
        assert slow.recv(12) == b"HTTP/1.1 503"
        assert server.request(ECHO).status == 200


def test_what_no_member_can_be_reached_for_is_told_and_counted(httpd, standins):
    """mod_proxy looks for another one by itself: the budget is none of its affairs."""
    dead = standins[1]
    server = httpd(log_level="info")
    start(server, standins, PATIENT, "budget=0%", extra="StartServers 1")
    dead.stop()
    assert {server.request(LOCALE).status for _ in range(2 * FREE)} == {200}
    wait_until(lambda: f"failover from {dead.url} to {standins[0].url}: no connection"
               in server.log(), 5, "a line of it")
    assert server.members()[dead.url]["failovers"] >= 1
