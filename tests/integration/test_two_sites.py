# SPDX-License-Identifier: Apache-2.0
"""Production and a test on one host: two topologies that have a third one in common."""

import subprocess

import pytest

from harness.asking import LOCALE
from harness.balancer import ECHO
from harness.httpd import SITE_MODULES
from harness.site import OSGEN, write_secret

NAMES = ("os.example.org", "test.example.org")
COMMON = """\
balance:
  method: least-time
  health: {interval: 1s, fast: 200ms, timeout: 1s}
admin: 127.0.0.1
"""


def start(server, standins, root, names):
    """A site of that name for each stand-in."""
    (root / "common.yaml").write_text(COMMON)
    includes = []
    for number, (name, node) in enumerate(zip(names, standins)):
        write_secret(root / f"{number}.secret", node.secret)
        topology, conf = root / f"{number}.yaml", root / f"{number}.conf"
        topology.write_text(f"include: common.yaml\n"
                            f"site: {{name: {name}, listen: '127.0.0.1:{server.port}'}}\n"
                            f"instances: [{{url: '{node.url}', secret_file: {number}.secret}}]\n")
        subprocess.run([OSGEN, "render", "-o", conf, topology], check=True, capture_output=True)
        includes.append(f'Include "{conf}"')
    server.configure("\n".join(includes))
    server.start()
    return server


@pytest.fixture
def server(httpd, standins, tmp_path):
    return start(httpd(modules=SITE_MODULES), standins, tmp_path, NAMES)


def check(root):
    return subprocess.run([OSGEN, "check", "--silence", "one-member", "--silence", "short-secret",
                           "0.yaml", "1.yaml"], cwd=root, text=True, capture_output=True)


def members_of(server, name):
    answer = server.request("/balancer-status?format=json", host=name)
    return {member["url"]: member["state"] for balancer in answer.json["balancers"]
            if balancer["server"].startswith(name) for member in balancer["members"]}


def test_each_site_has_its_own_instances_and_states(server, standins):
    for node in standins:
        server.wait_for_state(node.url, "up", 10)
    for name, node in zip(NAMES, standins):
        assert members_of(server, name) == {node.url: "up"}
        for _ in range(4):
            answer = server.request(ECHO, host=name)
            assert (answer.status, answer.json["node"]) == (200, node.node)


def test_what_breaks_in_one_is_not_the_others_affair(server, standins):
    for node in standins:
        server.wait_for_state(node.url, "up", 10)
    server.expect("up -> ", "AH01170")
    standins[1].undeploy()
    server.wait_for_state(standins[1].url, "not-deployed", 10)
    assert members_of(server, NAMES[0]) == {standins[0].url: "up"}
    assert server.request(LOCALE, host=NAMES[0]).status == 200
    assert server.request(LOCALE, host=NAMES[1]).status in (404, 503)


def test_check_finds_nothing_between_them(server, tmp_path):
    run = check(tmp_path)
    assert "warning" not in run.stderr.replace("silenced warning", "") and run.returncode == 0, \
        run.stderr


def test_of_two_sites_with_one_name_httpd_serves_the_first_and_check_says_so(httpd, standins, tmp_path):
    server = start(httpd(modules=SITE_MODULES), standins, tmp_path, (NAMES[0], NAMES[0].upper()))
    server.wait_for_state(standins[0].url, "up", 10)
    for _ in range(4):
        assert server.request(ECHO, host=NAMES[0]).json["node"] == standins[0].node
    run = check(tmp_path)
    assert run.returncode == 3
    assert f"0.yaml:2 has {NAMES[0].upper()} at 127.0.0.1:{server.port} already" in run.stderr
