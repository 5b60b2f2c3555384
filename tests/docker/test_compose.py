# SPDX-License-Identifier: Apache-2.0
"""docker/compose.yaml as its user runs it: a site of two nodes, of which some end."""

import json
import os
import shutil
import urllib.parse
import urllib.request

import pytest

from compose import Project
from docker_site import OS1, OS2, write, write_secret, write_topology
from engine import BALANCER, SECRET, STANDIN, attempt, docker
from harness.httpd import ROOT
from harness.load import Load
from harness.wait import wait_until


@pytest.fixture
def project(images, compose, tmp_path):
    """compose.yaml's site with a topology and a secret of the test's own."""
    site = tmp_path / "site"
    site.mkdir()
    site.chmod(0o755)
    shutil.copy(os.path.join(ROOT, "docker", "openspecimen", "topology.yaml"), site)
    one = Project(compose, site, write_secret(tmp_path / "secret" / "ajp", SECRET))
    try:
        yield one
    finally:
        one.down()


def test_up_gives_a_working_site(project):
    project.up()
    assert project.health("balancer") == "healthy"
    project.wait_until_up()
    assert project.served_by() == {"os1", "os2"}
    for path in ("/openspecimen/", "/balancer-status", "/balancer-manager", "/server-status"):
        assert project.request(path).status == 200


def test_the_topology_and_the_secret_that_come_with_it_make_a_site(images, compose):
    folder = os.path.join(ROOT, "docker")
    one = Project(compose, os.path.join(folder, "openspecimen"), os.path.join(folder, "ajp.secret"))
    try:
        one.up()
        one.wait_until_up()
    finally:
        one.down()


def test_users_notice_nothing_of_nodes_that_are_stopped_and_killed(project):
    project.up()
    project.wait_until_up()
    with Load(project, threads=2, pause=0.02) as load:
        for end, node, url, other in (("stop", "os1", OS1, "os2"), ("kill", "os2", OS2, "os1")):
            project.run(end, node)
            project.wait_for_state(url, "unreachable", 20)
            assert project.served_by() == {other}
            project.run("start", node)
            project.wait_for_state(url, "up", 20)
            wait_until(lambda: project.served_by() == {"os1", "os2"}, 20, "both nodes to serve")
    assert len(load.answers) > 100
    assert load.answered(200) == len(load.answers)


def test_a_node_that_is_made_anew_comes_back_by_itself(project):
    """Docker gives it another address, if somebody has taken the old one meanwhile."""
    project.up()
    project.wait_until_up()
    before = project.address("os1")
    project.run("rm", "-s", "-f", "os1")
    stranger = docker("run", "-d", "--network", project.name + "_nodes", "--entrypoint", "sleep",
                      STANDIN, "600")
    try:
        project.run("up", "-d", "--no-deps", "os1")
        assert project.address("os1") != before
        project.wait_for_state(OS1, "up", 40)
        with Load(project, threads=2, pause=0.02) as load:
            wait_until(lambda: (200, "os1") in load.answers, 20, "an answer of the new os1")
        assert load.answered(200) == len(load.answers)
    finally:
        docker("rm", "-f", stranger)


def test_the_balancer_is_killed_and_comes_back_with_what_it_knew(project):
    project.up()
    project.wait_until_up()
    project.run("stop", "os1")
    project.wait_for_state(OS1, "unreachable", 20)
    wait_until(lambda: "unreachable" in attempt(
        "docker", "exec", project.id("balancer"), "cat", "/var/lib/os_balancer/state").stdout,
        10, "the state file")
    project.run("kill", "-s", "KILL", "balancer")
    project.run("start", "balancer")
    wait_until(project.answers, 20, "httpd's answer")
    assert project.members()[OS1]["state"] == "unreachable"
    assert project.served_by() == {"os2"}
    project.run("start", "os1")
    project.wait_until_up()


def test_httpd_dies_and_the_container_starts_again(project):
    project.up()
    project.wait_until_up()
    docker("exec", project.id("balancer"), "sh", "-c", "kill -9 $(cat /run/os_balancer/httpd.pid)")
    wait_until(lambda: docker("inspect", "-f", "{{.RestartCount}}", project.id("balancer")) == "1",
               20, "the restart")
    project.wait_until_up()


def test_an_edit_is_taken_up_by_sighup_and_a_wrong_one_is_not(project):
    project.up()
    project.wait_until_up()
    write(project.site / "topology.yaml", "site: {}\n")
    project.run("kill", "-s", "HUP", "balancer")
    wait_until(lambda: "httpd goes on as before" in project.run("logs", "balancer"), 10,
               "the words of the entry point")
    assert project.served_by() == {"os1", "os2"}
    write_topology(project.site, members=("os1",))
    project.run("kill", "-s", "HUP", "balancer")
    wait_until(lambda: set(project.members()) == {OS1}, 10, "the new topology")
    wait_until(lambda: project.served_by() == {"os1"}, 10, "httpd's old children to end")


def test_a_wrong_secret_is_told_for_what_it_is(project):
    write(project.site / "other", "not-the-secret\n")
    write_topology(project.site, secret="secret_file: other")
    project.up(wait=False)
    wait_until(project.answers, 20, "httpd's answer")
    for url in (OS1, OS2):
        project.wait_for_state(url, "forbidden", 20)
    assert project.request("/openspecimen/").status == 503
    wait_until(lambda: project.health("balancer") == "unhealthy", 40, "ill health", 0.2)


def test_users_cannot_reach_the_nodes(project):
    project.up()
    node = project.inspect("os1")
    assert not any(node["HostConfig"]["PortBindings"] or {})
    assert not any(node["NetworkSettings"]["Ports"].get("8009/tcp") or [])
    address = project.address("os1")
    assert connects(project, "nodes", address)
    assert not connects(project, "users", address)


def connects(project, network, address):
    """Whether a container on NETWORK gets a connection to the AJP port of ADDRESS."""
    script = f"exec 3<>/dev/tcp/{address}/8009"
    return attempt("docker", "run", "--rm", "--network", f"{project.name}_{network}",
                   "--entrypoint", "timeout", BALANCER, "3", "bash", "-c", script).returncode == 0


def test_the_override_puts_another_image_in_place_of_the_stand_ins(compose, images, project):
    if project.version() < (2, 24):
        pytest.skip("this compose is older than 2.24 and knows no !reset")
    image = "openspecimen-of-its-own:test"
    docker("tag", STANDIN, image)
    try:
        project.override("compose.openspecimen.yaml", OPENSPECIMEN_IMAGE=image,
                         OPENSPECIMEN_SERVER_XML=os.path.join(ROOT, "tests", "tomcat", "conf",
                                                              "server.xml"))
        services = json.loads(project.run("config", "--format", "json"))["services"]
        for node in ("os1", "os2"):
            assert services[node]["image"] == image
            assert not {"build", "read_only", "cap_drop"} & set(services[node])
        project.up()
        project.wait_until_up()
        assert project.inspect("os1")["Config"]["Image"] == image
    finally:
        project.down()
        docker("rmi", image)


def ask(project, query):
    """The values by member that Prometheus has for QUERY."""
    url = f"http://127.0.0.1:{project.prometheus_port}/api/v1/query?"
    try:
        with urllib.request.urlopen(url + urllib.parse.urlencode({"query": query}),
                                    timeout=5) as answer:
            result = json.load(answer)["data"]["result"]
    except OSError:
        return {}
    return {sample["metric"]["member"]: sample["value"][1] for sample in result}


def test_prometheus_watches_the_nodes(project, prometheus_image):
    project.env["PROMETHEUS_IMAGE"] = prometheus_image
    project.options = ["--profile", "monitoring"]
    project.up()
    project.wait_until_up()
    wait_until(lambda: ask(project, "os_balancer_member_up") == {OS1: "1", OS2: "1"}, 30,
               "both nodes to be up for Prometheus")
    project.run("stop", "os1")
    wait_until(lambda: ask(project, "os_balancer_member_up") == {OS1: "0", OS2: "1"}, 60,
               "one of them to be down")
    assert ask(project, 'os_balancer_member_state{state="unreachable"} == 1') == {OS1: "1"}
