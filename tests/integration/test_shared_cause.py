# SPDX-License-Identifier: Apache-2.0
"""All nodes have one database: when it is away from all of them they stay in, and one alarm says
what it is. The moment that one is healthy again, the sick ones go out."""

import pytest

from harness.asking import LOCALE
from harness.balancer import (common_directory, conf, journal, served_by, start_standins, told,
                              wait_for_checks, wait_for_states)
from harness.wait import wait_until

ALARM = "no member has its database"
# The alarm's end, whatever its words.
OVER = r"^\[notice\].*os_balancer: balancer://os-cluster: "
BANNER = "It is the database:"

# The stand-in's switch, and the state that it makes.
FAULTS = [({"db": "refused"}, "database-down"), ({"db": "hang"}, "stalled")]


@pytest.fixture
def three(tmp_path, after_servers):
    return start_standins(after_servers, tmp_path, "v12.2", "v12.2", "v12.2")


def start(server, nodes):
    server.expect(ALARM, "up -> ")
    server.configure(conf(nodes, "interval=600ms fast=100ms timeout=600ms"))
    server.start()
    wait_for_states(server, nodes, "up")


def is_shared(server):
    return server.status()["balancers"][0]["shared_cause"]


def serving(server):
    return {url for url, member in server.members().items() if member["serves"]}


def break_all(server, nodes, switches, state):
    for node in nodes:
        node.control(**switches)
    wait_for_states(server, nodes, state)
    wait_until(lambda: is_shared(server), 5, "the shared cause")


@pytest.mark.parametrize("switches, state", FAULTS)
def test_members_without_their_database_stay_in_and_one_alarm_says_so(httpd, standins, switches,
                                                                       state):
    server = httpd()
    start(server, standins)
    assert not is_shared(server) and BANNER not in server.request("/balancer-status").text
    break_all(server, standins, switches, state)
    assert serving(server) == {node.url for node in standins}
    assert served_by(server) == {node.node for node in standins}
    assert BANNER in server.request("/balancer-status").text
    wait_for_checks(server, standins, 3)
    lines = told(server, ALARM)
    assert len(lines) == 1 and lines[0].startswith("[error]")
    assert "balancer://os-cluster: " in lines[0]
    assert told(server, r"^\[error\]") == lines
    events = journal(server, "database")
    assert [(event["over"], event["member"]) for event in events] == [(False, None)]


def test_users_see_openspecimens_own_message(httpd, standins):
    server = httpd()
    start(server, standins)
    break_all(server, standins, {"db": "refused"}, "database-down")
    for _ in range(6):
        answer = server.request(LOCALE)
        assert answer.status == 500 and answer.json[0]["code"] == "COMMON_DB_CONN_ERROR"


@pytest.mark.parametrize("switches, state", FAULTS)
def test_the_sick_ones_go_out_the_moment_that_one_is_healthy(httpd, three, switches, state):
    """Within one beat of the checker: no request goes to them after the first that the healthy
    one's `up` shows."""
    healthy = three[1]
    server = httpd()
    start(server, three)
    break_all(server, three, switches, state)
    healthy.control(db="ok")
    server.wait_for_state(healthy.url, "up", 10)
    wait_until(lambda: serving(server) == {healthy.url}, 0.3, "the sick ones to be out")
    assert served_by(server) == {healthy.node}
    assert not is_shared(server) and BANNER not in server.request("/balancer-status").text
    assert len(told(server, OVER)) == 1
    assert [event["over"] for event in journal(server, "database")] == [False, True]


def test_a_reload_in_the_middle_repeats_no_alarm(httpd, standins):
    server = httpd()
    start(server, standins)
    break_all(server, standins, {"db": "refused"}, "database-down")
    for _ in range(2):
        server.graceful()
        assert is_shared(server) and served_by(server) == {node.node for node in standins}
        wait_for_checks(server, standins, 2)
    assert len(told(server, ALARM)) == 1 and told(server, OVER) == []
    standins[0].control(db="ok")
    wait_until(lambda: told(server, OVER), 10, "the end, which the first configuration began")
    assert [event["over"] for event in journal(server, "database")] == [False, True]


def test_a_stop_and_a_start_in_the_middle_repeat_no_alarm(httpd, standins, after_servers):
    directory = after_servers.enter_context(common_directory())
    server = httpd()
    server.expect(ALARM, "up -> ")
    server.configure(conf(standins, extra=f'OSBalancerStateFile "{directory}/state"'))
    server.start()
    wait_for_states(server, standins, "up")
    break_all(server, standins, {"db": "refused"}, "database-down")
    wait_until(lambda: told(server, ALARM), 5, "the alarm")
    server.stop()
    server.start()
    assert is_shared(server) and served_by(server) == {node.node for node in standins}
    wait_for_checks(server, standins, 2)
    standins[0].control(db="ok")
    wait_until(lambda: told(server, OVER), 10, "the end, which the server before began")
    assert [event["over"] for event in journal(server, "database")] == [False, True]
    assert len(told(server, ALARM)) == 1


def test_one_stalled_one_refused_and_one_unreachable_have_a_shared_cause(httpd, three):
    """The unreachable one has another reason, and stays out."""
    server = httpd()
    start(server, three)
    three[2].control(phase="down")
    server.wait_for_state(three[2].url, "unreachable", 10)
    assert told(server, ALARM) == []
    three[0].control(db="refused")
    server.wait_for_state(three[0].url, "database-down", 10)
    assert told(server, ALARM) == [] and served_by(server) == {"os2"}
    three[1].control(db="hang")
    server.wait_for_state(three[1].url, "stalled", 10)
    wait_until(lambda: is_shared(server), 5, "the shared cause")
    assert serving(server) == {three[0].url, three[1].url}
    assert served_by(server) == {"os1", "os2"}
    assert len(told(server, ALARM)) == 1


def test_members_that_are_out_for_other_reasons_have_no_shared_cause(httpd, standins):
    server = httpd()
    start(server, standins)
    standins[0].control(phase="down")
    standins[1].undeploy()
    server.wait_for_state(standins[0].url, "unreachable", 10)
    server.wait_for_state(standins[1].url, "not-deployed", 10)
    server.expect("AH01170", "AH01167")
    wait_until(lambda: serving(server) == set(), 5, "both to be out")
    assert server.request("/openspecimen/rest/ng/echo").status == 503
    assert not is_shared(server) and told(server, ALARM) == []
    assert BANNER not in server.request("/balancer-status").text


def test_a_database_that_nobody_asks_any_more_is_not_said_to_be_back(httpd, standins):
    server = httpd()
    start(server, standins)
    break_all(server, standins, {"db": "refused"}, "database-down")
    for node in standins:
        node.control(phase="down")
    server.expect("database-down -> unreachable")
    wait_for_states(server, standins, "unreachable")
    wait_until(lambda: not is_shared(server), 5, "the end of the shared cause")
    wait_for_checks(server, standins, 2)
    line, = told(server, OVER)
    assert "or no longer the only cause" in line


def test_it_stays_one_alarm_after_a_cold_start_into_it(httpd, standins):
    """Unverified members don't count as sick: the alarm comes when all were looked at."""
    for node in standins:
        node.control(db="refused")
    server = httpd()
    server.expect(ALARM, "unverified -> database-down")
    server.configure(conf(standins))
    server.start()
    wait_for_states(server, standins, "database-down")
    wait_until(lambda: is_shared(server), 5, "the shared cause")
    wait_for_checks(server, standins, 2)
    assert len(told(server, ALARM)) == 1
    kinds = [event["kind"] for event in journal(server)]
    assert kinds == ["state", "state", "database"]


def test_two_tomcats_and_their_one_database(site, tomcats):
    healthy, sick = tomcats
    one = site(tomcats, health="{interval: 1s, fast: 200ms, timeout: 1s}")
    one.httpd.expect(ALARM, "up -> database-down")
    one.start()
    one.wait_until_up()
    for node in tomcats:
        node.control(db="refused")
    for node in tomcats:
        one.wait_for_state(node, "database-down", 15)
    wait_until(lambda: is_shared(one.httpd), 5, "the shared cause")
    assert BANNER in one.request("/balancer-status").text
    assert one.request(LOCALE).json[0]["code"] == "COMMON_DB_CONN_ERROR"
    assert one.served_by() == {node.node for node in tomcats}
    healthy.control(db="ok")
    one.wait_for_state(healthy, "up", 15)
    wait_until(lambda: serving(one.httpd) == {healthy.url}, 1, "the sick one to be out")
    assert one.served_by() == {healthy.node}
    assert len(told(one.httpd, ALARM)) == 1 and len(told(one.httpd, OVER)) == 1
