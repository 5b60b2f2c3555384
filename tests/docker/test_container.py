# SPDX-License-Identifier: Apache-2.0
"""The balancer's image, by itself before two nodes: how it starts, and as whom it runs."""

import pytest

from docker_site import write, write_topology
from engine import BALANCER, SECRET, Container, attempt


def test_it_serves_as_nobody_much_on_a_file_system_that_it_cannot_write(balancer, nodes):
    one = balancer()
    one.wait_until_up()
    assert one.served_by() == {"os1", "os2"}
    assert set(one.run("sh", "-c", "stat -c %u /proc/[0-9]*").split()) == {"33"}
    assert "CapEff:\t0000000000000000" in one.run("cat", "/proc/1/status")
    assert attempt("docker", "exec", one.id, "touch", "/etc/x").returncode != 0
    assert "GET /openspecimen/rest/ng/echo" in one.log()


def test_it_runs_without_these_guards_too(balancer, nodes):
    one = balancer(guards=())
    one.wait_until_up()
    assert one.served_by() == {"os1", "os2"}


def test_the_image_has_nothing_that_builds(images):
    for tool in ("gcc", "cc", "make", "apxs"):
        assert attempt("docker", "run", "--rm", "--entrypoint", "which", BALANCER,
                       tool).returncode == 1


@pytest.mark.parametrize("text, words", [
    ("sight: os.example.org\n", "topology.yaml:1:1: unknown key "),
    (None, "/etc/openspecimen/topology.yaml"),
])
def test_a_bad_topology_ends_it_with_osgens_own_message(balancer, site, text, words):
    if text is None:
        (site / "topology.yaml").unlink()
    else:
        write(site / "topology.yaml", text)
    one = balancer()
    assert one.wait_until_ended() == 3
    assert words in one.log()
    assert "apache2" not in one.log() and "mpm_event" not in one.log()


def test_what_httpd_refuses_ends_it_with_httpds_own_message(balancer, site):
    write_topology(site, health="{tls_ca: /nowhere.pem}")
    one = balancer()
    assert one.wait_until_ended() == 1
    assert "/nowhere.pem" in one.log() and "entrypoint: httpd -t: " in one.log()


def test_a_drain_that_is_no_number_ends_it_at_once(balancer, site):
    one = balancer("-e", "DRAIN_SECONDS=30s")
    assert one.wait_until_ended() == 3
    assert 'DRAIN_SECONDS is "30s" and takes whole seconds' in one.log()


def test_the_topology_may_have_another_name(balancer, site, nodes):
    (site / "topology.yaml").rename(site / "ours.yaml")
    one = balancer("-e", "OSGEN_TOPOLOGY=/etc/openspecimen/ours.yaml")
    one.wait_until_up()


def test_the_secret_may_come_from_the_environment(balancer, site, nodes):
    write_topology(site, secret='secret: "${AJP_SECRET}"')
    one = balancer("-e", f"AJP_SECRET={SECRET}")
    one.wait_until_up()
    assert one.served_by() == {"os1", "os2"}
    assert SECRET not in one.log() and "everybody can read" not in one.log()
    one.remove()
    one = balancer()
    assert one.wait_until_ended() == 3
    assert "the environment's variable AJP_SECRET, which is not set" in one.log()


@pytest.mark.parametrize("listen, port", [(None, 80), ("['*:9000', '127.0.0.1:9000']", 9000)])
def test_httpd_listens_where_the_topology_says(balancer, site, nodes, listen, port):
    write_topology(site, listen=listen)
    one = balancer(site_port=port)
    one.wait_until_up()


def test_a_wrong_secret_is_told_and_mended_by_a_reload(balancer, site, nodes):
    write(site / "wrong", "not-the-secret\n")
    write_topology(site, secret="secret_file: wrong")
    one = balancer("--health-interval", "500ms")
    for node in nodes:
        one.wait_for_log("-> forbidden")
        one.wait_for_state(node.url, "forbidden", 10)
    assert one.request("/openspecimen/rest/ng/echo").status == 503
    one.wait_for_health("unhealthy", 30)
    write_topology(site)
    one.kill("HUP")
    one.wait_until_up()
    one.wait_for_health("healthy", 30)


def test_it_is_healthy_while_one_member_takes_users(balancer, nodes):
    one = balancer("--health-interval", "500ms")
    one.wait_until_up()
    one.wait_for_health("healthy")
    nodes[0].control(deployed="off")
    one.wait_for_state(nodes[0].url, "not-deployed", 10)
    one.wait_for_health_checks()
    assert one.health() == "healthy"
    nodes[1].control(deployed="off")
    one.wait_for_health("unhealthy", 30)
    assert "no member takes users" in one.state()["Health"]["Log"][-1]["Output"]
    nodes[1].control(deployed="on")
    one.wait_for_health("healthy", 30)


def test_it_is_healthy_while_nothing_is_checked(balancer, site):
    write_topology(site, health="off")
    one = balancer("--health-interval", "500ms")
    one.wait_for_health("healthy")


def test_osgen_can_be_asked_in_it(images, site):
    done = Container(BALANCER, "-v", f"{site}:/etc/openspecimen:ro", "--entrypoint", "osgen",
                     arguments=("--version",))
    try:
        assert done.wait_until_ended() == 0
        assert done.log().startswith("osgen ")
    finally:
        done.remove()
