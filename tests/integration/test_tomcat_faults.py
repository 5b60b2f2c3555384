# SPDX-License-Identifier: Apache-2.0
"""The faults that are switched while the stand-in webapp runs on a real Tomcat 10: each looks as it
does with OpenSpecimen."""

import http.client
import json

import pytest
from harness.ajp import Connection
from harness.asking import (LOCALE, PASSWORD, PROPS, REST, SILENCE, STOCK_404, answers_options,
                            is_silent, over_ajp, over_http, pong, sign_in)
from harness.tomcat import Tomcat

HEALTHY = {"db": "ok", "lockdown": "off", "build": "v12.2", "delay": "0", "busy": "off",
           "body": "ok", "status": "0", "deployed": "on"}


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    node = Tomcat(tmp_path_factory.mktemp("tomcat"), node="lion")
    node.start()
    yield node
    node.stop()


@pytest.fixture
def tomcat(running):
    """The running node, in health before and after the test."""
    assert running.control() == HEALTHY
    yield running
    running.control(**HEALTHY)


@pytest.mark.parametrize("fault, code", [("refused", "COMMON_DB_CONN_ERROR"),
                                         ("sqlerror", "COMMON_SQL_EXCEPTION"),
                                         ("error", "COMMON_SERVER_ERROR")])
def test_a_failing_database_gives_500_and_its_code_where_it_is_needed(tomcat, fault, code):
    tomcat.control(db=fault)
    for path in (LOCALE, PROPS, REST + "/auth-domains/"):
        by_ajp = over_ajp(tomcat, path)
        assert (by_ajp.status, by_ajp.headers["Content-Type"]) == (500, "application/json")
        error, = json.loads(by_ajp.body)
        assert error["code"] == code and error["message"]
        assert over_http(tomcat, path).json == [error]
    assert over_ajp(tomcat, PASSWORD).status == 200
    assert over_http(tomcat, LOCALE, "OPTIONS").status == 200
    assert sign_in(tomcat).status == 500
    assert pong(tomcat)


def test_a_hanging_database_holds_only_what_needs_it_until_it_is_back(tomcat):
    tomcat.control(db="hang")
    for path in (LOCALE, PROPS):
        assert is_silent(tomcat, path)
    assert over_ajp(tomcat, PASSWORD).status == 200
    assert pong(tomcat) and answers_options(tomcat)
    with Connection(tomcat.ajp_port, tomcat.secret, SILENCE) as connection:
        with pytest.raises(TimeoutError):
            connection.request("GET", LOCALE)
        tomcat.control(db="ok")
        assert connection.answer(timeout=10).status == 200


def test_a_lockdown_keeps_everybody_out_but_an_administrator(tomcat):
    tomcat.control(lockdown="on")
    refused = sign_in(tomcat)
    assert (refused.status, refused.json[0]["code"]) == (400, "AUTH_SYSTEM_LOCKDOWN")
    assert sign_in(tomcat, "admin").status == 200
    assert over_http(tomcat, PROPS).status == 200


def test_another_build_shows_in_app_props(tomcat):
    tomcat.control(build='v12.3 "beta"')
    assert over_http(tomcat, PROPS).json["build_version"] == 'v12.3 "beta"'


def test_a_delay_holds_every_request_back(tomcat):
    tomcat.control(delay=600_000)
    for path in (LOCALE, "/openspecimen/"):
        assert is_silent(tomcat, path)
    assert pong(tomcat) and answers_options(tomcat)
    with Connection(tomcat.ajp_port, tomcat.secret, SILENCE) as connection:
        with pytest.raises(TimeoutError):
            connection.request("GET", PASSWORD)
        tomcat.control(delay=1)
        assert connection.answer(timeout=10).status == 200


@pytest.mark.parametrize("status", [503, 403, 404, 302, 204])
def test_any_status_can_be_asked_for(tomcat, status):
    tomcat.control(status=status)
    for path in (PASSWORD, LOCALE, "/openspecimen/"):
        answer = over_http(tomcat, path)
        assert answer.status == over_ajp(tomcat, path).status == status
        assert STOCK_404 not in answer.body


def test_a_body_can_be_a_page_half_a_text_or_huge(tomcat):
    tomcat.control(body="html")
    page = over_http(tomcat, LOCALE)
    assert (page.status, page.headers.get_content_type()) == (200, "text/html")
    tomcat.control(body="truncated")
    half = over_ajp(tomcat, LOCALE)
    assert (half.status, half.headers["Content-Type"]) == (200, "application/json")
    with pytest.raises(ValueError):
        json.loads(half.body)
    tomcat.control(body="huge")
    huge = over_ajp(tomcat, LOCALE)
    assert len(huge.body) > 64 << 20 and json.loads(huge.body)["timeFmt"] == "HH:mm"


def test_a_slow_body_stops_halfway_until_it_is_let_go(tomcat):
    tomcat.control(body="slow")
    connection = http.client.HTTPConnection("127.0.0.1", tomcat.http_port, timeout=10)
    connection.request("GET", LOCALE)
    answer = connection.getresponse()
    assert (answer.status, answer.read(10)) == (200, b'{"deBeDate')
    tomcat.control(body="ok")
    assert answer.read().endswith(b'"timeFmt":"HH:mm"}')
    connection.close()


def test_the_secret_is_needed_for_a_request_but_not_for_cping(tomcat):
    assert pong(tomcat)
    for secret in (None, "wrong"):
        with Connection(tomcat.ajp_port, secret) as connection:
            answer = connection.request("GET", LOCALE)
        assert answer.status == 403 and b"HTTP Status 403" in answer.body
        assert not answer.reuse


def test_tomcat_undeploys_the_webapp_and_deploys_it_again(tomcat):
    tomcat.undeploy()
    for path in (LOCALE, PASSWORD, "/openspecimen/"):
        by_ajp = over_ajp(tomcat, path)
        assert by_ajp.status == 404 and STOCK_404 in by_ajp.body
        assert over_http(tomcat, path).body == by_ajp.body
    assert pong(tomcat) and answers_options(tomcat)
    tomcat.deploy()
    assert over_ajp(tomcat, LOCALE).status == 200


def test_switches_outlive_the_webapp(tomcat):
    tomcat.control(build="v12.9")
    tomcat.undeploy()
    tomcat.deploy()
    assert over_http(tomcat, PROPS).json["build_version"] == "v12.9"


def test_a_control_request_with_any_bad_switch_turns_none(tomcat):
    for bad, accepted in (({"db": "off"}, "db=ok|refused|hang|sqlerror|error"),
                          ({"nothing": "on"}, "db, lockdown, build, delay"),
                          ({"delay": "600001"}, "0 to 600000"), ({"status": "99"}, "200 to 599"),
                          ({"build": ""}, "1 to 100"), ({"build": "a\nb"}, "1 to 100")):
        with pytest.raises(ValueError, match="400") as refused:
            tomcat.control(lockdown="on", **bad)
        assert accepted in str(refused.value)
    assert tomcat.control() == HEALTHY
