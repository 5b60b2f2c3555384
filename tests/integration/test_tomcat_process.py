# SPDX-License-Identifier: Apache-2.0
"""A real Tomcat 10 that is busy, stopped, killed, slow to start or failed: what its ports say."""

import socket
import zipfile
from concurrent.futures import ThreadPoolExecutor

import pytest
from harness import webapp
from harness.ajp import Connection
from harness.asking import (LOCALE, PASSWORD, SILENCE, STOCK_404, answers_options, is_silent,
                            over_ajp, over_http, pong)
from harness.tomcat import Tomcat
from harness.wait import wait_until


@pytest.fixture
def own(tmp_path):
    """A node that isn't started yet, for one test alone."""
    node = Tomcat(tmp_path)
    yield node
    node.stop()


def test_cping_falls_silent_when_requests_hold_all_threads(own):
    own.threads = 4
    own.start()
    own.control(db="hang")
    held = [Connection(own.ajp_port, own.secret) for _ in range(own.threads)]
    for connection in held[1:]:
        connection.send("GET", LOCALE)
    assert pong(own)
    held[0].send("GET", LOCALE)
    wait_until(lambda: not pong(own, SILENCE), what="CPING's silence")
    assert over_http(own, PASSWORD).status == 200
    own.control(db="ok")
    assert {connection.answer().status for connection in held} == {200}
    assert pong(own)
    for connection in held:
        connection.close()


def test_busy_does_to_cping_and_to_both_connectors_what_held_requests_do(own):
    own.start()
    own.control(busy="on")
    own.control(busy="on")
    assert own.listening
    assert not pong(own, SILENCE) and not answers_options(own, SILENCE)
    assert is_silent(own, PASSWORD)
    with pytest.raises(TimeoutError):
        over_http(own, PASSWORD, timeout=SILENCE)
    own.control(busy="off")
    assert pong(own) and answers_options(own) and over_http(own, LOCALE).status == 200


def test_a_stopped_process_takes_connections_and_says_nothing(own):
    own.start()
    own.hang()
    try:
        assert own.listening and own.running
        assert not pong(own, SILENCE) and is_silent(own, PASSWORD)
        assert not answers_options(own, SILENCE)
    finally:
        own.resume()
    assert pong(own)


def test_a_killed_node_refuses_connections_and_comes_back_on_the_same_ports(own):
    own.start()
    url = own.url
    own.kill()
    assert not own.running
    with pytest.raises(ConnectionRefusedError):
        pong(own)
    own.start()
    assert own.url == url and over_ajp(own, LOCALE).status == 200


def test_a_starting_node_takes_connections_long_before_it_answers_them(own):
    own.start(wait=False, start_fault="slow:3")
    wait_until(lambda: own.listening, what="the bound port")
    assert not pong(own, SILENCE) and is_silent(own, PASSWORD)
    assert not answers_options(own, SILENCE)
    wait_until(lambda: pong(own, SILENCE), 30, "the end of the start")
    assert over_ajp(own, LOCALE).status == 200


def test_a_failed_start_leaves_tomcats_own_404_until_a_restart(own):
    own.start(start_fault="fail")
    assert pong(own) and answers_options(own)
    for path in (LOCALE, PASSWORD, "/openspecimen/"):
        answer = over_ajp(own, path)
        assert answer.status == 404 and STOCK_404 in answer.body
    own.stop()
    own.start()
    assert over_ajp(own, LOCALE).status == 200


def test_tomcats_404_is_english_for_who_asks_for_english(own):
    own.start(start_fault="fail", jvm_args=("-Duser.language=fr",))
    french = over_ajp(own, LOCALE)
    assert french.status == 404 and STOCK_404 not in french.body
    assert french.headers["Content-Language"] == "fr"
    assert STOCK_404 in over_ajp(own, LOCALE, headers={"Accept-Language": "en"}).body


def test_an_orderly_stop_ends_even_with_a_request_in_flight(own):
    own.start()
    own.control(db="hang")
    with Connection(own.ajp_port, own.secret, SILENCE) as connection:
        with pytest.raises(TimeoutError):
            connection.request("GET", LOCALE)
        own.stop()
    assert not own.running and not own.listening


def test_a_node_whose_port_is_taken_says_so(own):
    with socket.create_server(("127.0.0.1", own.ajp_port)):
        with pytest.raises(AssertionError, match="Address already in use"):
            own.start()


def test_two_runs_that_build_the_webapp_at_once_get_the_same_whole_jar(tmp_path, monkeypatch):
    monkeypatch.setattr(webapp, "BUILD", str(tmp_path / "build"))
    with ThreadPoolExecutor(2) as runs:
        first, second = runs.map(lambda _: webapp.build(), range(2))
    assert first == second
    with zipfile.ZipFile(first) as jar:
        assert jar.testzip() is None and "standin/RestServlet.class" in jar.namelist()
    assert len(list((tmp_path / "build").iterdir())) == 1
