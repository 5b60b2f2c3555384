# SPDX-License-Identifier: Apache-2.0
"""Both ends of the wire from one topology: a Tomcat starts with the connectors that osgen renders
for it, and is reached by the httpd that osgen renders."""

import os
import shutil
import subprocess
import xml.etree.ElementTree

import pytest

from harness.ajp import Connection
from harness.asking import LOCALE, REST
from harness.balancer import common_directory
from harness.httpd import SITE_MODULES
from harness.ports import free_port
from harness.site import NAME, OSGEN, write_secret
from harness.tomcat import Tomcat

SECRET = """ a "b" <c> & 'd' ]]> --> \\ """
SCHEMES = ("ajp", "http", "https")


def make_certificate(conf):
    """One for this machine, under the names that the rendering has for it."""
    os.makedirs(conf, exist_ok=True)
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj",
                    "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout",
                    conf / "key.pem", "-out", conf / "certificate.pem"], check=True,
                   capture_output=True)


class Ends:
    """A Tomcat that is three instances of one site: one by each protocol."""

    def __init__(self, base, common):
        self.base, self.common = base, common
        self.ports = {scheme: free_port() for scheme in SCHEMES}
        self.tomcat = Tomcat(base / "tomcat")
        self.topology = base / "topology.yaml"
        self.listen = free_port()
        write_secret(base / "ajp.secret", SECRET)
        make_certificate(base / "tomcat" / "conf")
        self._write_topology()
        self.start()

    def _write_topology(self):
        instances = [f"  - {{name: {scheme}, url: '{self.url(scheme)}'}}" for scheme in SCHEMES]
        authority = shutil.copy(self.base / "tomcat" / "conf" / "certificate.pem", self.common)
        self.topology.write_text("\n".join([
            f"site: {{name: {NAME}, listen: '127.0.0.1:{self.listen}'}}", "instances:", *instances,
            "balance:", "  secret_file: ajp.secret",
            f"  health: {{interval: 1s, fast: 200ms, timeout: 1s, tls_ca: {authority}}}", ""]))

    def url(self, scheme):
        return f"{scheme}://127.0.0.1:{self.ports[scheme]}/openspecimen"

    def render(self, target):
        return subprocess.run([OSGEN, "render", target, self.topology], check=True,
                              capture_output=True, text=True, timeout=60).stdout

    def start(self):
        """With the connectors of all three, and the valve, which is the same for two."""
        document = xml.etree.ElementTree.fromstring(self.render("tomcat"))
        text = [xml.etree.ElementTree.tostring(element, "unicode")
                for element in document.iter("Connector")]
        valve = xml.etree.ElementTree.tostring(next(document.iter("Valve")), "unicode")
        assert len(text) == 3
        self.tomcat.serve("".join(text), valve)
        self.tomcat.start()


@pytest.fixture(scope="module")
def ends(tmp_path_factory):
    with common_directory() as common:
        made = Ends(tmp_path_factory.mktemp("ends"), common)
        yield made
        made.tomcat.stop()


def test_every_instance_is_reached_and_knows_who_asks(ends, httpd):
    server = httpd(modules=(*SITE_MODULES, "ssl"), port=ends.listen)
    # What mod_ssl says at its start.
    server.expect("AH01882|AH01873")
    conf = ends.base / "site.conf"
    conf.write_text(ends.render("httpd"))
    # For httpd's last hop may be over TLS, and the user's isn't.
    server.configure(f'Include "{conf}"\nRequestHeader set X-Forwarded-Proto http')
    server.start()
    for scheme in SCHEMES:
        server.wait_for_state(ends.url(scheme), "up", 10)
    before = {url: member["requests"] for url, member in server.members().items()}
    for _ in range(12):
        answer = server.request(f"{REST}/echo", source="127.0.0.5", host=NAME)
        assert answer.status == 200, answer.text
        assert answer.json["remote_addr"] == "127.0.0.5"
        assert (answer.json["scheme"], answer.json["server_name"]) == ("http", NAME)
        assert "x-forwarded-for" not in answer.json["headers"]
    members = server.members()
    assert {url: member["requests"] - before[url] for url, member in members.items()} == \
        {ends.url(scheme): 4 for scheme in SCHEMES}


def test_the_connector_refuses_who_has_another_secret(ends):
    for secret, status in ((SECRET, 200), (SECRET.strip(), 403), (None, 403)):
        with Connection(ends.ports["ajp"], secret) as connection:
            assert connection.request("GET", LOCALE).status == status
