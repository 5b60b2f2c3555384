# SPDX-License-Identifier: Apache-2.0
"""osgen init --probe before stand-ins on the usual ports of addresses of their own: which door it
takes, what it says of the others, and that what it wrote can be probed."""

import http.server
import os
import re
import subprocess
import threading

import pytest

from harness.httpd import BUILD
from harness.node import HOST
from harness.ports import is_taken
from harness.site import write_secret
from harness.standin import Standin

OSGEN = os.path.join(BUILD, "osgen")
AJP, HTTP = 8009, 8080


class Host(Standin):
    """A stand-in that has an address, on which it listens on the usual ports."""

    def __init__(self, base, address, node):
        super().__init__(base, node)
        self.address = address

    def start(self, wait=True, start_fault=None):
        argv = [self.program, "--node", self.node, "--secret", self.secret,
                "--ajp", f"{self.address}:{AJP}", "--http", f"{self.address}:{HTTP}",
                "--control", f"{HOST}:{self.control_port}"]
        self._run(argv, wait)


def free_addresses():
    """Addresses of this machine on which nobody has a usual port, not even by listening on all."""
    for last in range(2, 250):
        address = f"127.81.{os.getpid() % 250}.{last}"
        if not any(is_taken(port, address) for port in (AJP, HTTP)):
            yield address


@pytest.fixture
def hosts(tmp_path, after_servers):
    addresses = free_addresses()
    made = []
    for name in ("lion", "tiger"):
        address = next(addresses, None)
        if address is None:
            pytest.skip("somebody listens on port 8009 or 8080 of all addresses")
        made.append(Host(tmp_path / name, address, name))
        after_servers.callback(made[-1].stop)
        made[-1].start()
    return made


@pytest.fixture
def init(tmp_path):
    def run(*args):
        return subprocess.run(
            [OSGEN, "init", "--probe", "--site", "os.example.org", "-o", "topology.yaml", *args],
            cwd=tmp_path, text=True, capture_output=True, timeout=60)
    return run


def topology(tmp_path):
    return (tmp_path / "topology.yaml").read_text()


def urls(tmp_path):
    return re.findall(r"url: (\S+)", topology(tmp_path))


def test_ajp_is_taken_where_its_secret_is_right(init, hosts, tmp_path):
    for host in hosts:
        host.secret = hosts[0].secret
    hosts[1].stop()
    hosts[1].start()
    write_secret(tmp_path / "ajp.secret", hosts[0].secret)
    run = init("--secret-file", "ajp.secret", *(host.address for host in hosts))
    assert run.returncode == 0, run.stderr
    assert urls(tmp_path) == [f"ajp://{host.address}:8009" for host in hosts]
    assert topology(tmp_path).count("#   ajp 8009: OpenSpecimen answers, v12.2\n") == 2
    assert topology(tmp_path).count("#   http 8080: OpenSpecimen answers, v12.2\n") == 2
    for command in ("check", "probe"):
        done = subprocess.run([OSGEN, command, "topology.yaml"], cwd=tmp_path, text=True,
                              capture_output=True, timeout=60)
        assert done.returncode == 0, done.stdout + done.stderr


def test_http_is_taken_where_ajp_wants_another_secret(init, hosts, tmp_path):
    run = init(hosts[0].address)
    assert run.returncode == 0, run.stderr
    assert urls(tmp_path) == [f"http://{hosts[0].address}:8080"]
    assert "#   ajp 8009: it answers 403: the AJP secret is wrong" in topology(tmp_path)
    assert "secret_file" not in topology(tmp_path)


def test_a_connector_counts_more_than_a_tomcat_without_openspecimen(init, hosts, tmp_path):
    hosts[0].undeploy()
    assert init(hosts[0].address).returncode == 0
    assert urls(tmp_path) == [f"ajp://{hosts[0].address}:8009"]
    assert "#   http 8080: Tomcat answers, but OpenSpecimen is not deployed" in topology(tmp_path)


def test_where_nothing_answers_ajp_is_assumed_and_that_is_told(init, hosts, tmp_path):
    hosts[0].kill()
    run = init(hosts[0].address, hosts[1].address)
    assert run.returncode == 0
    assert urls(tmp_path) == [f"ajp://{hosts[0].address}:8009", f"http://{hosts[1].address}:8080"]
    assert "osgen: note: nothing that looks like OpenSpecimen was found at " \
        f"{hosts[0].address}\n" in run.stderr
    assert f"# {hosts[0].address} was asked, and nothing was found that looks like OpenSpecimen:" \
        in topology(tmp_path)


def test_a_whole_url_is_asked_and_kept(init, hosts, tmp_path):
    url = f"http://{hosts[0].address}:8080"
    assert init(url).returncode == 0
    assert urls(tmp_path) == [url]
    assert re.findall(r"#   (\w+ \d+): ", topology(tmp_path)) == ["http 8080"]


class Hostile(http.server.BaseHTTPRequestHandler):
    """An OpenSpecimen whose version holds every line end that YAML knows."""

    def do_GET(self):
        body = b'{"locale": "en"}'
        if self.path.endswith("/app-props"):
            body = '{"build_version": "v1\\u2028site: x\\u2029\\u0085\\ninstances: []"}'.encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


def test_what_a_host_says_stays_in_its_comment(init, tmp_path):
    server = http.server.ThreadingHTTPServer((HOST, 0), Hostile)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        url = f"http://{HOST}:{server.server_port}"
        assert init(url).returncode == 0
    finally:
        server.shutdown()
        server.server_close()
    assert urls(tmp_path) == [url]
    assert re.search(r"#   http \d+: OpenSpecimen answers, v1\?+site: x\?+instances: \[\]\n",
                     topology(tmp_path))
    assert topology(tmp_path).isascii()
    assert subprocess.run([OSGEN, "check", "topology.yaml"], cwd=tmp_path, check=False,
                          timeout=60).returncode == 0
