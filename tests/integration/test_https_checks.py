# SPDX-License-Identifier: Apache-2.0
"""Checks of https:// members at a real Tomcat: which certificates are accepted, and what is said of
the others."""

import json
import os
import pathlib
import shutil
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor

import pytest

from harness.asking import LOCALE
from harness.balancer import FAILOVER_ERRORS, conf, served_by
from harness.crowd import Member
from harness.httpd import SITE_MODULES
from harness.ports import free_port
from harness.tls import ANY, Keystore
from harness.tomcat import Tomcat

ROOT = pathlib.Path(__file__).parents[2]
PROBE_ONCE = ROOT / os.environ.get("BUILD", "build") / "probe_once"

# A port with several certificates: who asks for the host by its name gets the right one.
SEVERAL = {ANY: "elsewhere", "localhost": "good"}

CONF = """\
<Proxy "balancer://os-cluster">
    BalancerMember "{url}"
    OSBalancerHealth On interval=2s fast=100ms timeout=2s {settings}
</Proxy>
<Location "/balancer-status">
    SetHandler os-balancer-status
</Location>
"""


class Nodes:
    """One Tomcat with a port for each certificate, and one for the test that changes its own."""

    def __init__(self, base):
        self.keystore = Keystore(base / "tls")
        self.ports = {name: free_port()
                      for name in ("good", "elsewhere", "expired", "renewed", "several")}
        self.tomcat = Tomcat(base / "tomcat")
        self.start(renewed="expired")

    def start(self, renewed):
        served = {"renewed": renewed, "several": SEVERAL}
        self.tomcat.serve_tls(self.keystore, {port: served.get(name, name)
                                              for name, port in self.ports.items()})
        self.tomcat.start()

    def port(self, name):
        return self.tomcat.http_port if name == "plain HTTP" else self.ports[name]


@pytest.fixture(scope="module")
def nodes(tmp_path_factory):
    made = Nodes(tmp_path_factory.mktemp("https"))
    yield made
    made.tomcat.stop()


@pytest.fixture(scope="module")
def authority(nodes):
    """The authority's file where httpd's own user may read it: pytest's folders are closed."""
    with tempfile.TemporaryDirectory() as base:
        os.chmod(base, 0o755)
        yield shutil.copy(nodes.keystore.authority, base)


@pytest.fixture
def broken_file(tmp_path):
    path = tmp_path / "broken.pem"
    path.write_text("-----BEGIN CERTIFICATE-----\nnonsense\n")
    return path


def probe(nodes, name, host="localhost", authority=None, ping=None):
    """One check, as a dictionary. Without AUTHORITY the system's authorities count. PING: how long
    the connector itself may take."""
    env = {key: value for key, value in os.environ.items() if key != "PROBE_TLS_CA"}
    if authority:
        env["PROBE_TLS_CA"] = os.fspath(authority)
    if ping:
        env["PROBE_PING"] = ping
    done = subprocess.run([PROBE_ONCE, "10s", "", f"https:{host}:{nodes.port(name)}:/openspecimen"],
                          check=True, capture_output=True, text=True, timeout=60, env=env)
    return json.loads(done.stdout)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_a_member_with_the_right_certificate_is_up(nodes, host):
    finding = probe(nodes, "good", host, nodes.keystore.authority)
    assert (finding["state"], finding["outcome"], finding["status"]) == ("up", "answered", 200)
    assert finding["version"] == "v12.2"


# The certificate, the host that is asked, and the outcome; none of these members may be up.
REFUSED = {
    "a name that isn't in it": ("elsewhere", "localhost", "untrusted"),
    "an address that isn't in it": ("elsewhere", "127.0.0.1", "untrusted"),
    "its time over": ("expired", "localhost", "untrusted"),
    "no TLS at all": ("plain HTTP", "localhost", "no-tls"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_member_is_unreachable_with(nodes, case):
    name, host, outcome = REFUSED[case]
    finding = probe(nodes, name, host, nodes.keystore.authority)
    assert (finding["state"], finding["rung"], finding["outcome"]) == \
        ("unreachable", "connect", outcome)
    assert finding["said"], finding
    if case == "its time over":
        assert "expired" in finding["said"]


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_a_hang_is_known_before_the_time_limit(nodes, host):
    """There is no TLS without Tomcat. While it answers, the database has all the time."""
    nodes.tomcat.hang()
    finding = probe(nodes, "good", host, nodes.keystore.authority, ping="500ms")
    nodes.tomcat.resume()
    assert (finding["state"], finding["rung"], finding["outcome"]) == \
        ("unreachable", "connect", "silent")
    assert finding["ms"] < 10_000
    nodes.tomcat.control(db="hang")
    finding = probe(nodes, "good", host, nodes.keystore.authority, ping="2s")
    nodes.tomcat.control(db="ok")
    assert finding["state"] == "stalled" and finding["ms"] >= 10_000


def test_an_authority_that_nobody_named_is_not_trusted(nodes):
    finding = probe(nodes, "good")
    assert (finding["state"], finding["outcome"]) == ("unreachable", "untrusted")
    assert "certificate" in finding["words"]


def test_a_named_file_stands_for_the_system_s_authorities(nodes, tmp_path):
    """A file with another authority, which signed nothing here."""
    other = Keystore(tmp_path / "other", names=())
    finding = probe(nodes, "good", authority=other.authority)
    assert (finding["state"], finding["outcome"]) == ("unreachable", "untrusted")


def test_a_file_that_says_nothing_is_our_fault_and_not_the_members(nodes, broken_file, tmp_path):
    for path in (broken_file, tmp_path / "missing.pem"):
        assert probe(nodes, "good", authority=path)["outcome"] == "local"


def serve(httpd, nodes, name, settings):
    server = httpd()
    url = f"https://localhost:{nodes.port(name)}/openspecimen"
    server.configure(CONF.format(url=url, settings=settings))
    return server, url


def test_the_module_trusts_the_authorities_of_its_tls_ca(httpd, nodes, authority):
    """A path is meant from ServerRoot on, as everywhere in httpd."""
    server, url = serve(httpd, nodes, "good", "")
    path = os.path.relpath(authority, os.path.realpath(server.root))
    server.configure(CONF.format(url=url, settings=f'"tls_ca={path}"'))
    server.start()
    server.wait_for_state(url, "up", 15)


def test_a_port_with_several_certificates_is_asked_for_the_members_own(httpd, nodes, authority):
    """By its name in the handshake; an address can't be asked for in it. Tomcat wants the Host of
    the request to be who was asked for, whatever the site is called."""
    finding = probe(nodes, "several", "127.0.0.1", authority)
    assert (finding["state"], finding["outcome"]) == ("unreachable", "untrusted")
    server, url = serve(httpd, nodes, "several", f'"tls_ca={authority}"')
    server.start()
    server.wait_for_state(url, "up", 15)


def test_the_module_says_that_a_certificate_is_not_accepted(httpd, nodes):
    server, url = serve(httpd, nodes, "good", "")
    server.expect("unverified -> unreachable: .*certificate")
    server.start()
    assert "certificate" in server.wait_for_state(url, "unreachable", 15)["reason"]


def test_who_waits_on_a_member_that_hangs_is_rescued(httpd, nodes, standins, authority):
    """Long before a check has lasted."""
    good = standins[0]
    url = f"https://localhost:{nodes.port('good')}/openspecimen"
    server = httpd(modules=(*SITE_MODULES, "ssl"))
    server.expect(rf"{url}: up -> unreachable: ", "AH01(084|097|873)", *FAILOVER_ERRORS)
    server.configure(conf([Member(good.http_url, good.secret), Member(url, good.secret)],
                          f'interval=1m timeout=30s "tls_ca={authority}"',
                          inside="OSBalancerFailover On budget=100%",
                          extra=f"SSLProxyEngine On\nSSLProxyCACertificateFile {authority}\n"
                                "SSLProxyCheckPeerName Off"))
    server.start()
    for one in (good.http_url, url):
        server.wait_for_state(one, "up", 15)
    assert served_by(server) == {good.node, nodes.tomcat.node}
    nodes.tomcat.hang()
    try:
        with ThreadPoolExecutor(8) as pool:
            answers = [pool.submit(server.request, LOCALE, timeout=30) for _ in range(8)]
            server.wait_for_state(url, "unreachable", 1.5)
            assert {answer.result(timeout=5).status for answer in answers} == {200}
    finally:
        nodes.tomcat.resume()
    assert server.members()[url]["failovers"] >= 1


def test_a_member_comes_back_with_a_certificate_that_was_renewed(httpd, nodes, authority):
    server, url = serve(httpd, nodes, "renewed", f'"tls_ca={authority}"')
    server.expect("unverified -> unreachable: .*certificate", "unreachable -> starting: ")
    server.start()
    server.wait_for_state(url, "unreachable", 15)
    nodes.tomcat.stop()
    nodes.start(renewed="good")
    server.wait_for_state(url, "up", 30)
