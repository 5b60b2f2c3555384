# SPDX-License-Identifier: Apache-2.0
"""The status handler: its formats, its methods, its arguments, and that nothing gets out of hand."""

import html.parser
import re

import pytest

from harness.wait import wait_until

CONF = """\
<Proxy "balancer://os-cluster">
    {members}
    OSBalancerHealth On interval=1s fast=200ms timeout=1s
</Proxy>
<Location "/balancer-status">
    SetHandler os-balancer-status
</Location>
ProxyPass "/balancer-status" "!"
ProxyPass "/openspecimen" "balancer://os-cluster"
"""


def configure(server, nodes):
    members = "\n    ".join(f"BalancerMember {node.url} secret={node.secret}" for node in nodes)
    server.configure(CONF.format(members=members))


@pytest.fixture
def server(httpd, standins):
    one = httpd()
    configure(one, standins)
    one.start()
    for node in standins:
        one.wait_for_state(node.url, "up", 10)
    return one


def test_the_json_has_what_its_schema_promises(server, standins):
    for _ in range(4):
        assert server.request("/openspecimen/rest/ng/echo").status == 200
    def idle():
        """mod_proxy counts a request as over a little after its user does."""
        status = server.status()
        return status if not any(member["busy"] for balancer in status["balancers"]
                                 for member in balancer["members"]) else None

    status = wait_until(idle, 5)
    assert status["schema"] == 1
    assert [balancer["name"] for balancer in status["balancers"]] == ["balancer://os-cluster"]
    balancer = status["balancers"][0]
    assert balancer["health"] == {"interval_ms": 1000, "fast_ms": 200, "down_ms": 1000,
                                  "timeout_ms": 1000, "ping_ms": 250, "rise": 2, "fall": 2, "slowstart_ms": 0,
                                  "context": None, "tls_ca": None}
    assert balancer["failover"] is None
    assert balancer["skew_policy"] == "warn"
    assert balancer["skewed"] is False and balancer["shared_cause"] is False
    assert status["checker"]["pid"] in server.children()
    assert status["checker"]["beat_ms"] < 1000
    assert [member["url"] for member in balancer["members"]] == [node.url for node in standins]
    for member in balancer["members"]:
        assert member["state"] == "up" and member["serves"]
        assert member["reason"] == "OpenSpecimen answers"
        assert member["flags"] == []
        assert member["since"].endswith("Z")
        assert member["last_check"]["good"] and member["last_check"]["status"] == 200
        assert member["consecutive_good"] >= 1 and member["consecutive_bad"] == 0
        assert member["checks"] >= 1 and member["checks_failed"] == 0
        assert member["checks_late"] == 0 and member["checks_hinted"] == 0
        assert member["busy"] == 0 and member["load_ms"] >= 5
        assert member["failovers"] == 0
        assert member["build"]["version"] == "v12.2"
    assert sum(member["requests"] for member in balancer["members"]) == 4


def test_the_journal_in_json_has_what_its_schema_promises(server, standins):
    second, first = server.status()["journal"]
    assert (first["number"], second["number"]) == (1, 2)
    for event in (first, second):
        assert list(event) == ["number", "time", "kind", "from", "to", "lasted_ms", "server",
                               "balancer", "member", "words"]
        assert event["kind"] == "state" and event["balancer"] == "balancer://os-cluster"
        assert (event["from"], event["to"]) == ("unverified", "up")
        assert event["lasted_ms"] is None and event["words"] == "OpenSpecimen answers"
        assert event["time"].endswith("Z") and event["server"].startswith("test.invalid")
    assert {first["member"], second["member"]} == {node.url for node in standins}
    server.expect(standins[1].url + ": up -> ")
    standins[1].undeploy()
    server.wait_for_state(standins[1].url, "not-deployed", 10)
    third = server.status()["journal"][0]
    assert third["number"] == 3 and third["from"] == "up" and third["lasted_ms"] > 0


def test_the_page_shows_the_journal_newest_first(server, standins):
    server.expect(standins[1].url + ": up -> ")
    standins[1].undeploy()
    server.wait_for_state(standins[1].url, "not-deployed", 10)
    journal = server.request("/balancer-status").text.split("<h2>Journal</h2>")[1]
    assert journal.count("<tr>") == 1 + 3
    assert journal.index(">not-deployed<") < journal.index("unverified &rarr;")


class Page(html.parser.HTMLParser):
    """Collects what a page is made of, and fails on an end tag that fits nothing."""

    VOID = {"meta", "br"}

    def __init__(self):
        super().__init__()
        self.open = []
        self.tags = []
        self.links = []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.links += [value for name, value in attrs if name in ("src", "href")]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_the_page_is_whole_and_needs_nothing_from_elsewhere(server):
    answer = server.request("/balancer-status")
    page = Page()
    page.feed(answer.text)
    page.close()
    assert page.open == []
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert all(link.startswith("?") for link in page.links), page.links
    assert "script" not in page.tags and "link" not in page.tags


def test_a_page_reloads_itself_only_when_asked(server):
    assert "http-equiv" not in server.request("/balancer-status").text
    assert 'content="7"' in server.request("/balancer-status?refresh=7").text


WRONG = {
    "format=xml": "not one of: html, json or prometheus",
    "format=": "not one of: html, json or prometheus",
    "refresh=0": "whole number from 1 to 3600",
    "refresh=5s": "whole number from 1 to 3600",
    "colour=red": "not one of: format or refresh",
    "%3Cscript%3E=1": "not one of: format or refresh",
}


@pytest.mark.parametrize("query", WRONG)
def test_arguments_that_are_not_known_are_refused(server, query):
    answer = server.request("/balancer-status?" + query)
    assert answer.status == 400
    assert WRONG[query] in answer.text
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH"])
def test_other_methods_than_get_and_head_are_refused(server, method):
    answer = server.request("/balancer-status", method=method)
    assert answer.status == 405
    assert "GET" in answer.headers["Allow"] and "HEAD" in answer.headers["Allow"]


@pytest.mark.parametrize("query", ["", "?format=json", "?format=prometheus"])
def test_head_is_get_without_the_body(server, query):
    get = server.request("/balancer-status" + query)
    head = server.request("/balancer-status" + query, method="HEAD")
    assert head.status == 200 and head.body == b""
    assert head.headers["Content-Type"] == get.headers["Content-Type"]


SAMPLE = re.compile(r'(\w+)\{((?:\w+="(?:[^"\\]|\\.)*",?)*)\} ([\d.]+)')
LABEL = re.compile(r'(\w+)="((?:[^"\\]|\\.)*)"')


def samples(text):
    """(name, labels) -> value; fails if a line is neither a sample nor about its family."""
    found, family = {}, None
    for line in text.splitlines():
        if line.startswith("# "):
            family = line.split()[2]
            continue
        name, labels, value = SAMPLE.fullmatch(line).groups()
        assert name == family, "a sample outside of its family"
        key = name, frozenset(LABEL.findall(labels))
        assert key not in found, "a sample twice"
        found[key] = float(value)
    return found


def test_prometheus_is_told_what_programs_are(server, standins):
    answer = server.request("/balancer-status?format=prometheus")
    assert answer.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    told = samples(answer.text)
    balancer = server.status()["balancers"][0]
    assert len(balancer["members"]) == len(standins)
    for member in balancer["members"]:
        labels = {("server", balancer["server"]), ("balancer", balancer["name"]),
                  ("member", member["url"])}
        assert told["os_balancer_member_up", frozenset(labels)] == 1
        assert told["os_balancer_member_state", frozenset(labels | {("state", "up")})] == 1
        assert told["os_balancer_member_build", frozenset(
            labels | {(key, member["build"][key]) for key in ("version", "commit")})] == 1
        assert 0 < told["os_balancer_member_checks_total", frozenset(labels)] <= member["checks"]


def test_what_a_member_says_of_itself_is_escaped(server, standins):
    nasty = "<b>&\"'v1"
    standins[0].control(build=nasty)
    standins[0].control(phase="down")
    server.expect(standins[0].url + ": up -> ", "members run different builds")
    server.wait_for_state(standins[0].url, "unreachable", 10)
    standins[0].control(phase="up")
    member = server.wait_for_state(standins[0].url, "up", 10)
    assert member["build"]["version"] == nasty
    page = server.request("/balancer-status").text
    assert "&lt;b&gt;&amp;&quot;&#39;v1" in page and "<b>" not in page


def test_without_a_checked_balancer_the_page_says_so(httpd):
    server = httpd()
    server.configure('<Location "/balancer-status">\nSetHandler os-balancer-status\n</Location>')
    server.start()
    assert "No balancer has OSBalancerHealth On" in server.request("/balancer-status").text
    assert server.status()["balancers"] == []
