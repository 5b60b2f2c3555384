# SPDX-License-Identifier: Apache-2.0
"""What a check saw is kept with its verdict, whatever the member sent: shown to people and programs,
bounded, and never more than text."""

import http.server
import os
import re
import threading

import pytest

from harness.asking import STOCK_404
from harness.balancer import common_directory, conf, wait_for_states
from harness.wait import wait_until

HEALTH = "interval=400ms timeout=400ms fast=100ms rise=1 fall=1"
SAID_MOST = 127  # bytes

# A node's switches, or what is done to it; the state; and of the check: stage, outcome, status,
# status beside it, OpenSpecimen's code, and how the answer's body begins.
FAULTS = {
    "the database refuses": (
        {"db": "refused"}, "database-down", "database", "answered", 500, 200,
        "COMMON_DB_CONN_ERROR", '[{"code":"COMMON_DB_CONN_ERROR","message":"The database server'),
    "SQL fails midway": (
        {"db": "sqlerror"}, "failing", "database", "answered", 500, 200, "COMMON_SQL_EXCEPTION",
        '[{"code":"COMMON_SQL_EXCEPTION"'),
    "the database hangs": ({"db": "hang"}, "stalled", "database", "silent", 0, 200, "", ""),
    "undeployed": ({"deployed": "off"}, "not-deployed", "database", "answered", 404, 0, "",
                   "<!doctype html>"),
    "503": ({"status": 503}, "failing", "database", "answered", 503, 503, "STAND_IN_STATUS",
            '[{"code":"STAND_IN_STATUS"'),
    "403": ({"status": 403}, "forbidden", "database", "answered", 403, 0, "",
            '[{"code":"STAND_IN_STATUS"'),
    "another page": ({"body": "html"}, "foreign", "database", "answered", 200, 0, "",
                     "<!DOCTYPE html>"),
    "half of the JSON": ({"body": "truncated"}, "foreign", "database", "answered", 200, 0, "",
                         '{"deBeDateFmt"'),
    "too much": ({"body": "huge"}, "foreign", "database", "oversized", 0, 0, "",
                 '{"deBeDateFmt"'),
    "not AJP": ({"wire": "garbage"}, "foreign", "connector", "garbled", 0, 0, "", ""),
    "silent": ({"phase": "starting"}, "hung", "connector", "silent", 0, 0, "", ""),
    "refused": ({"phase": "down"}, "unreachable", "connect", "refused", 0, 0, "", ""),
    "closed": ({"wire": "close"}, "unreachable", "connector", "closed", 0, 0, "", ""),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_leaves_its_evidence(httpd, standins, fault):
    node = standins[0]
    switches, state, stage, outcome, status, beside, code, said = FAULTS[fault]
    server = httpd()
    server.expect(f"{node.url}: up -> {state}: ", "no member has its database")
    server.configure(conf([node], HEALTH))
    server.start()
    good = server.wait_for_state(node.url, "up", 10)["last_check"]
    assert (good["good"], good["said"], good["code"], good["status"]) == (True, "", "", 200)
    node.control(**switches)
    server.wait_for_state(node.url, state, 5)
    # The first bad check may have been on the connection of the good one before.
    wait_until(lambda: server.members()[node.url]["consecutive_bad"] > 1, 5, "a whole ladder")
    member = server.members()[node.url]
    check = member["last_check"]
    assert not check["good"] and check["at"].endswith("Z")
    assert (check["stage"], check["outcome"], check["code"]) == (stage, outcome, code)
    assert (check["status"], check["beside_status"]) == (status, beside)
    assert check["said"].startswith(said) and bool(check["said"]) == bool(said)
    assert len(check["said"].encode()) <= SAID_MOST
    lasted = check["latency_ms"]
    assert 400 <= lasted <= 600 if outcome == "silent" else lasted < 400
    page = server.request("/balancer-status").text
    assert member["reason"] in page or member["reason"] in page.replace("&#39;", "'")


HOSTILE = (b'<script>alert("1")</script>\x00\x1b[31m\r\nos_balancer: balancer://os-cluster member x: '
           b"up -> up\r\n\xff\xfe\xc3\x28\xc2\x9b2J\xc2\x85\xf0\x9f\x92\xa3'&amp;\x7f\x9b" +
           b"\xf0\x9f" * 200)

# A status and a body; and what may be shown of it as its code.
ANSWERS = {
    "a page": (500, HOSTILE, ""),
    "an error": (500, b'[{"code":"X_1<b>\\u0000\\u001b[2J","message":"' + HOSTILE + b'"}]', None),
    "an error of valid JSON": (500, b'[{"code":"X_1<b>\\u0000\\u001b[2J","message":"m"}]', None),
    "an answer": (200, b'{"locale":' + HOSTILE, ""),
    "a megabyte": (500, HOSTILE * 4000, ""),
}


class Hostile(http.server.BaseHTTPRequestHandler):
    """Answers everything with what its server was told to."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        status, body, _ = self.server.answer
        self.send_response(status, "<i>\tno reason")
        self.send_header("Content-Type", 'text/html; charset="<u>"')
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        try:
            self.wfile.write(body)
        except OSError:
            pass

    def log_message(self, *_):
        pass


@pytest.fixture
def hostile(after_servers):
    """A member that says what it is told to, and its URL."""
    node = after_servers.enter_context(http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hostile))
    thread = threading.Thread(target=node.serve_forever)
    after_servers.callback(thread.join)
    after_servers.callback(node.shutdown)
    thread.start()
    node.url = f"http://127.0.0.1:{node.server_port}/openspecimen"
    node.secret = "none"
    return node


def is_plain(text):
    """Whether there is nothing in it that a terminal would obey."""
    return not re.search("[\x00-\x1f\x7f-\x9f]", text)


@pytest.mark.parametrize("answer", ANSWERS)
def test_whatever_a_member_sends_stays_text(httpd, hostile, answer):
    hostile.answer = ANSWERS[answer]
    server = httpd()
    server.expect(hostile.url + ": unverified -> ")
    with common_directory() as directory:
        path = os.path.join(directory, "state")
        server.configure(conf([hostile], HEALTH, extra=f'OSBalancerStateFile "{path}"'))
        server.start()
        wait_until(lambda: server.members()[hostile.url]["checks"] > 1, 5, "two checks")
        check = server.members()[hostile.url]["last_check"]
        page = server.request("/balancer-status").text
        server.stop()
        with open(path, encoding="utf-8") as kept:
            saved = kept.read()
    assert check["said"] and is_plain(check["said"])
    assert len(check["said"].encode()) <= SAID_MOST
    assert re.fullmatch(r"\w*", check["code"], re.ASCII)
    assert "<script" not in page and "<i>" not in page and "<u>" not in page and "<b>" not in page
    assert is_plain(page.replace("\n", ""))
    assert is_plain(saved.replace("\n", ""))
    log = server.log()
    assert is_plain(log.replace("\n", "").replace("\t", "")) and "<script" not in log
    assert len(server.transitions()) == 1, "no line of the member's making"


def test_the_stock_page_is_quoted_in_plain_words(httpd, standins):
    """On the page as well, where an operator looks first."""
    node = standins[0]
    server = httpd()
    server.expect(node.url + ": up -> not-deployed")
    server.configure(conf([node], HEALTH))
    server.start()
    wait_for_states(server, [node], "up")
    node.undeploy()
    said = server.wait_for_state(node.url, "not-deployed", 5)["last_check"]["said"]
    assert STOCK_404.decode() in said
    assert "&lt;title&gt;HTTP Status 404" in server.request("/balancer-status").text
