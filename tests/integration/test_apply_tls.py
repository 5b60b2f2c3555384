# SPDX-License-Identifier: Apache-2.0
"""osgen apply where users come by TLS: whether httpd has taken the file is seen by the site's own
name, with a certificate of which this machine knows no authority."""

import subprocess

import pytest

from harness.change import wait_for_end
from harness.httpd import SITE_MODULES, binary
from harness.mirror import make_certificate
from harness.ports import free_port
from harness.process import Process
from harness.site import OSGEN
from harness.wait import wait_until

NAME = "os.example.org"
MODULES = (*dict.fromkeys((*SITE_MODULES, "ssl", "socache_shmcb", "auth_basic", "authn_core",
                           "authn_file", "authz_user", "md")),)
# A certificate that signed itself, no cache of sessions, libssl of another minor version.
SSL_AT_START = r"AH01882|AH0190[69]|AH01873"
# Who has a port first gets those who name no site, and here they get nothing.
NEIGHBOUR = """\
<VirtualHost 127.0.0.1:{port}>
    ServerName neighbour.example.org
    SSLEngine on
    SSLCertificateFile {certificate}
    SSLStrictSNIVHostCheck on
    <Location />
        Require all denied
    </Location>
</VirtualHost>
"""


class Scene:
    def __init__(self, server, standins, tmp_path):
        self.server, self.root, self.standins = server, tmp_path, standins
        self.secure = free_port()
        self.conf, self.control = tmp_path / "site.conf", tmp_path / "httpd"
        self.topology = tmp_path / "topology.yaml"
        self.certificate = make_certificate(tmp_path, "os", f"/CN={NAME}")
        server.expect(SSL_AT_START)
        self.control.write_text(f"#!/bin/sh\nexec {binary()} -f {server.conf} \"$@\"\n")
        self.control.chmod(0o755)

    def start(self, extra=None):
        extra = f"Listen 127.0.0.1:{self.secure}" if extra is None else extra
        self.server.configure(f'{extra}\nIncludeOptional "{self.conf}*"')
        self.server.start()

    def write(self, site, admin="127.0.0.1"):
        nodes = "".join(f"  - {{name: {node.node}, url: '{node.url}', secret: {node.secret}}}\n"
                        for node in self.standins)
        self.topology.write_text(f"site: {{name: {NAME}, {site}}}\ninstances:\n{nodes}admin: {admin}\n"
                            "balance: {health: {interval: 300ms, fast: 100ms, timeout: 300ms}}\n")
        self.topology.chmod(0o600)

    def words(self):
        return [OSGEN, "apply", "-o", self.conf, "--control", self.control, self.topology]

    def apply(self, site, admin="127.0.0.1", code=0):
        self.write(site, admin)
        run = subprocess.run(self.words(), text=True, capture_output=True, timeout=60, check=False)
        assert run.returncode == code, run.stderr
        return run.stderr

    def plain(self):
        return f"listen: '127.0.0.1:{self.server.port}'"

    def tls(self, port=None):
        return f"listen: '127.0.0.1:{port or self.secure}', tls: {self.certificate}"

    def begun(self):
        """How often a member's health state began."""
        return sum("unverified -> up" in line for line in self.server.transitions())


@pytest.fixture
def scene(httpd, standins, tmp_path):
    return Scene(httpd(modules=MODULES), standins, tmp_path)


def test_a_site_begins_to_speak_tls(scene):
    scene.start()
    scene.apply(scene.plain())
    assert scene.begun() == 2
    said = scene.apply(scene.tls())
    assert "    TLS: on is new\n" in said
    assert f"looking at https://{NAME}:{scene.secure}/balancer-status?format=json on 127.0.0.1 " \
        "for the 2 members\n" in said
    assert said.count(" is up\n") == 2
    assert "their health states begin anew" in said and scene.begun() == 4


def test_a_certificate_is_changed(scene, tmp_path):
    scene.start()
    scene.apply(scene.tls())
    scene.certificate = make_certificate(tmp_path, "new", f"/CN={NAME}")
    said = scene.apply(scene.tls())
    assert f"    the certificate: {tmp_path}/os.pem -> {tmp_path}/new.pem\n" in said
    assert "their health states are kept" in said and scene.begun() == 2


def test_a_site_is_found_by_its_name_behind_another_one(scene):
    scene.server.expect("AH01630", "AH02033")
    scene.start(f"Listen 127.0.0.1:{scene.secure}\n"
                + NEIGHBOUR.format(port=scene.secure, certificate=scene.certificate))
    assert scene.apply(scene.tls()).count(" is up\n") == 2


def test_a_port_at_which_httpd_does_not_listen_is_told_and_taken_back(scene):
    scene.start()
    scene.apply(scene.plain())
    old = scene.conf.read_text()
    said = scene.apply(scene.tls(free_port()), code=1)
    assert "httpd doesn't answer: " in said and "; has it a Listen for that port?\n" in said
    assert said.endswith("osgen: httpd has reloaded it\n")
    assert scene.conf.read_text() == old


def test_a_reload_that_ends_httpd_is_taken_back_where_the_site_had_another_address(
        scene, tmp_path, after_servers):
    """A key that isn't the certificate's ends httpd at the reload, and httpd -t finds no fault in
    it."""
    scene.server.expect("AH02564", "AH02565", "key values mismatch", "AH00020", "AH01903", "AH01909",
                        "AH00098: pid file")
    after_servers.callback(scene.server.stop_daemon)
    scene.start()
    scene.apply(scene.plain())
    old = scene.conf.read_text()
    stranger = make_certificate(tmp_path, "stranger", "/CN=stranger")
    scene.write(f"listen: '127.0.0.1:{scene.secure}', tls: {{certificate: {scene.certificate}, "
                f"key: {stranger}.key, redirect: off}}")
    process = Process(scene.words(), tmp_path / "osgen.log")
    # This takes its corpse away too, which httpd -k start would take for a running httpd.
    wait_until(lambda: not scene.server.running, 30, "httpd's end")
    code, said = wait_for_end(process, 60)
    assert code == 1, said
    assert "osgen: httpd didn't answer, and was started\n" in said
    assert said.endswith("osgen: httpd has reloaded it\n")
    assert scene.conf.read_text() == old
    assert {member["state"] for member in scene.server.members().values()} == {"up"}


def test_a_certificate_that_is_still_to_come_is_told(scene):
    """Of an authority that nobody reaches."""
    scene.server.expect("AH10085", "ACME challenge methods", "mk_group_dir")
    scene.start(f"Listen 127.0.0.1:{scene.secure}\nMDStoreDir {scene.root}/md")
    said = scene.apply(f"listen: '127.0.0.1:{scene.secure}', tls: {{managed: "
                       "{contact: admin@example.org, agreement: accepted, "
                       f"authority: 'https://127.0.0.1:{free_port()}/directory'}}}}")
    assert "    users get a 503 until mod_md has a certificate and httpd is reloaded" in said
    assert "done: " in said


def test_a_page_with_a_password_is_seen_by_who_needs_none(scene, tmp_path):
    users = tmp_path / "users"
    users.write_text("")
    scene.start()
    said = scene.apply(scene.tls(), f"{{allow: 127.0.0.1, users: {users}}}", code=3)
    assert "admin.users asks for a password to see the status page" in said
    scene.apply(scene.tls(), f"{{allow: 127.0.0.1, users: {users}, satisfy: any}}")
