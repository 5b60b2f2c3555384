# SPDX-License-Identifier: Apache-2.0
"""The main job: the shortest topology, two real Tomcats over AJP, and what users and admins get."""

import hashlib
import os
import subprocess
from types import SimpleNamespace

import pytest

from harness.load import Load
from harness.site import NAME, OSGEN
from harness.tomcat import Tomcat
from harness.wait import wait_until


def test_a_site_is_balanced_over_ajp(site, tomcats):
    one = site(tomcats)
    one.start()
    one.wait_until_up()
    assert one.served_by() == {"os1", "os2"}
    answer = one.request("/openspecimen/rest/ng/echo?a=1&b=%20x")
    assert answer.json["uri"] == "/openspecimen/rest/ng/echo"
    assert answer.json["query"] == "a=1&b=%20x"
    assert answer.json["server_name"] == NAME
    assert answer.json["remote_addr"] == "127.0.0.1"


@pytest.fixture
def open_tomcats(tmp_path, after_servers):
    """Two Tomcats of which the AJP connector has secretRequired="false" and no secret."""
    nodes = [Tomcat(tmp_path / f"tomcat{number}", node=f"os{number}") for number in (1, 2)]
    for node in nodes:
        node.secret = ""
        after_servers.callback(node.stop)
        node.start()
    return nodes


def test_the_seed_pages_shortest_form_works_as_it_stands(httpd, open_tomcats, tmp_path):
    """A bare URL for each instance and no secret anywhere; only the port of the virtual host is
    another, since 80 may be taken."""
    server = httpd()
    topology = tmp_path / "topology.yaml"
    topology.write_text("\n".join(["site: localhost", "instances:",
                                   *(f"  - ajp://127.0.0.1:{node.ajp_port}"
                                     for node in open_tomcats),
                                   "admin: [127.0.0.1]", ""]))
    conf = tmp_path / "openspecimen-vhost.conf"
    subprocess.run([OSGEN, "render", "-o", conf, topology], check=True, capture_output=True)
    rendered = conf.read_text()
    assert "<VirtualHost *:80>" in rendered and " secret=" not in rendered
    conf.write_text(rendered.replace("*:80", f"*:{server.port}"))
    server.configure(f'Include "{conf}"')
    server.start()
    assert set(server.members()) == {node.url for node in open_tomcats}
    for node in open_tomcats:
        server.wait_for_state(node.url, "up", 10)
    answers = [server.request("/openspecimen/rest/ng/echo") for _ in range(20)]
    assert {(answer.status, answer.json["node"]) for answer in answers} == \
        {(200, "os1"), (200, "os2")}


def test_an_upload_of_20_megabytes_arrives_whole(site, tomcats):
    one = site(tomcats)
    one.start()
    one.wait_until_up()
    body = os.urandom(20_000_000)
    answer = one.request("/openspecimen/rest/ng/echo", method="POST", body=body)
    assert answer.json["body_length"] == len(body)
    assert answer.json["body_sha256"] == hashlib.sha256(body).hexdigest()


def test_a_clients_own_forwarded_for_is_dropped(site, tomcats):
    one = site(tomcats)
    one.start()
    one.wait_until_up()
    answer = one.request("/openspecimen/rest/ng/echo", headers={"X-Forwarded-For": "6.6.6.6"})
    assert "6.6.6.6" not in str(answer.json["headers"])


def test_the_context_without_its_slash_leads_to_the_one_with_it(site, tomcats):
    """Or the page's relative links would lead astray."""
    one = site(tomcats)
    one.start()
    one.wait_until_up()
    answer = one.request("/openspecimen")
    assert answer.status in (301, 302)
    assert answer.headers["Location"] in ("/openspecimen/", f"http://{NAME}/openspecimen/")


@pytest.mark.parametrize("path", ["/balancer-manager", "/balancer-status", "/server-status"])
def test_admin_pages_are_open_to_admin_hosts_only(site, tomcats, path):
    one = site(tomcats)
    one.httpd.expect("AH01630", "AH10187")
    one.start()
    one.wait_until_up()
    assert one.request(path).status == 200
    refused = one.request(path, source="127.0.0.2")
    assert refused.status == 403
    assert "ajp://" not in refused.text


def test_http_members_are_balanced_and_checked_too(site, tomcats):
    one = site([SimpleNamespace(url=node.http_url) for node in tomcats])
    one.httpd.expect(tomcats[1].http_url + ": up -> stalled")
    one.start()
    one.wait_until_up()
    assert one.served_by() == {"os1", "os2"}
    tomcats[1].control(db="hang")
    one.httpd.wait_for_state(tomcats[1].http_url, "stalled", 5)
    assert one.served_by() == {"os1"}


def test_a_reload_with_both_members_well_loses_no_request(site, tomcats):
    one = site(tomcats)
    one.start()
    one.wait_until_up()
    with Load(one) as load:
        wait_until(lambda: len(load.answers) > 50, 20, "the first requests")
        for _ in range(3):
            one.httpd.graceful()
            served = len(load.answers)
            wait_until(lambda: len(load.answers) > served + 50, 20, "more requests")
    assert set(load.answers) == {(200, "os1"), (200, "os2")}
    assert all(member["state"] == "up" for member in one.httpd.members().values())
    assert one.served_by() == {"os1", "os2"}
