# SPDX-License-Identifier: Apache-2.0
"""What a topology says arrives where it is meant to: real httpd reads the rendering, and a listener
that stands for Tomcat sees what httpd sends it."""

import os
import pathlib
import socketserver
import struct
import subprocess
import threading

import pytest

from harness.httpd import SITE_MODULES, Httpd
from harness.standin import Standin

ROOT = pathlib.Path(__file__).parents[2]
OSGEN = ROOT / os.environ.get("BUILD", "build") / "osgen"

SECRETS = {
    "plain": "abc123",
    "a blank": "correct horse",
    "blanks at its ends": "  x  ",
    "double quotes": 'a "b" c',
    "a double quote first": '"x',
    "a double quote last": 'x"',
    "single quotes": "'x'",
    "a single quote first": "'x",
    "a backslash": "a\\b",
    "a backslash last": "x\\",
    "two backslashes last": "x\\\\",
    "a backslash before a quote": 'a\\"b',
    "two backslashes before a quote": 'a\\\\"b',
    "only backslashes": "\\\\\\",
    "the end of a section": "</Proxy>",
    "a comment": "#x #y",
    "a comment after a blank": "x # y",
    "dollars": "$ $1 $$ x$",
    "a dollar and a brace apart": "$ {HOME}",
    "percents": "%{HTTP_HOST} %h %",
    "equals signs": "a=b=c",
    "another parameter": "x retry=0",
    "63 characters": "x" * 63,
    "everything printable": "".join(map(chr, range(0x20, 0x5f))),
    "everything printable, the rest": "".join(map(chr, range(0x5f, 0x7f))) + "\\",
}


def ajp_string(bytes_, at):
    """The string at AT and where it ends; 0xffff is none."""
    length = struct.unpack_from(">H", bytes_, at)[0]
    if length == 0xffff:
        return None, at + 2
    return bytes_[at + 2:at + 2 + length].decode("latin-1"), at + 3 + length


def ajp_text(text):
    return struct.pack(">H", len(text)) + text.encode() + b"\x00"


def start_of_answer(headers):
    """SEND_HEADERS of status 200."""
    lines = b"".join(ajp_text(name) + ajp_text(value) for name, value in headers.items())
    return b"\x04" + struct.pack(">H", 200) + ajp_text("OK") + struct.pack(">H", len(headers)) + lines


class Listener(socketserver.ThreadingTCPServer):
    """Answers every AJP request with 200 and keeps its bytes."""
    allow_reuse_address = True
    daemon_threads = True

    def __init__(self):
        self.seen = []
        self.headers = {}
        super().__init__(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def port(self):
        return self.server_address[1]


class Handler(socketserver.StreamRequestHandler):
    def handle(self):
        while True:
            head = self.rfile.read(4)
            if len(head) < 4:
                return
            self.server.seen.append(self.rfile.read(struct.unpack(">H", head[2:])[0]))
            for packet in (start_of_answer(self.server.headers), b"\x05\x01"):
                self.wfile.write(b"AB" + struct.pack(">H", len(packet)) + packet)


@pytest.fixture
def site(tmp_path):
    """Renders a topology, given without its site:, and starts httpd on it."""
    started = []

    def start(text, context="/openspecimen", extra=""):
        httpd = Httpd(tmp_path / "httpd", modules=tuple(dict.fromkeys((*SITE_MODULES, "alias"))))
        (tmp_path / "topology.yaml").write_text(
            f"site: {{name: os.example.org, listen: {httpd.port}, context: {context}}}\n{text}")
        subprocess.run([OSGEN, "render", "-o", "site.conf", "topology.yaml"], cwd=tmp_path,
                       check=True, timeout=60)
        httpd.configure(f'{extra}\nInclude "{tmp_path}/site.conf"')
        httpd.start()
        started.append(httpd)
        return httpd
    yield start
    for httpd in started:
        httpd.stop()


@pytest.fixture
def listeners():
    made = []

    def make():
        made.append(Listener())
        return made[-1]
    yield make
    for listener in made:
        listener.shutdown()
        listener.server_close()


def quoted(text):
    return "'" + text.replace("'", "''") + "'"


def one(node, url="ajp://127.0.0.1:{}"):
    return f"balance: {{health: off}}\ninstances: ['{url.format(node.port)}']\n"


def test_every_secret_arrives_as_it_was_written(site, listeners):
    nodes = {name: listeners() for name in SECRETS}
    lines = [f"  - {{url: 'ajp://127.0.0.1:{nodes[name].port}', secret: {quoted(secret)}}}"
             for name, secret in SECRETS.items()]
    httpd = site("\n".join(["balance: {health: off}", "instances:", *lines, ""]))
    for _ in range(4 * len(SECRETS)):
        assert httpd.request("/openspecimen/x").status == 200
    for name, secret in SECRETS.items():
        assert nodes[name].seen, f"the instance with {name} was never asked"
        attribute = b"\x0c" + struct.pack(">H", len(secret)) + secret.encode() + b"\x00"
        assert attribute in nodes[name].seen[0], name


@pytest.mark.parametrize("url", ["ajp://127.0.0.1:{}", "ajp://127.0.0.1:{}/openspecimen/",
                                 "ajp://127.0.0.1:{}///"])
def test_members_are_asked_for_the_path_that_users_ask_for(site, listeners, url):
    node = listeners()
    httpd = site(one(node, url))
    for path in ("/openspecimen/", "/openspecimen/x/", "/openspecimen/rest/ng/x"):
        node.seen.clear()
        assert httpd.request(path).status == 200
        _, at = ajp_string(node.seen[0], 2)
        uri, _ = ajp_string(node.seen[0], at)
        assert uri == path


def test_the_context_without_its_slash_is_redirected_as_tomcat_does(site, listeners):
    node = listeners()
    httpd = site(one(node), context="/a.b")
    for query in ("", "?c=d"):
        answer = httpd.request("/a.b" + query, host="os.example.org")
        assert answer.status == 302
        assert answer.headers["Location"] == "http://os.example.org/a.b/" + query
    assert node.seen == []
    assert httpd.request("/axb").status == 404
    assert httpd.request("/a.bc").status == 404


def test_a_client_cannot_say_who_it_is(site, listeners):
    node = listeners()
    httpd = site(one(node))
    assert httpd.request("/openspecimen/x", headers={"X-Forwarded-For": "203.0.113.66"}).status == 200
    assert b"203.0.113.66" not in node.seen[0]


def test_pages_are_for_administrators_and_never_reach_a_member(site, listeners):
    node = listeners()
    httpd = site(one(node) + "admin: {allow: 192.0.2.1, manager: /x/manager, "
                 "server_status: /x/server}\n", context="/x")
    httpd.expect("AH01630: client denied by server configuration")
    assert httpd.request("/x/manager").status == 403
    assert httpd.request("/x/server").status == 403
    assert node.seen == []
    assert httpd.request("/x/managers").status == 200
    assert len(node.seen) == 1


def test_a_context_that_differs_is_mended_in_redirects_and_cookies(site, listeners):
    node = listeners()
    node.headers = {"Location": "/os/login", "Set-Cookie": "osAuthToken=x;Path=/os;HttpOnly"}
    httpd = site(one(node, "ajp://127.0.0.1:{}/os"), context="/biobank")
    answer = httpd.request("/biobank/y", host="os.example.org")
    assert answer.headers["Location"] == "http://os.example.org/biobank/login"
    assert answer.headers["Set-Cookie"] == "osAuthToken=x;Path=/biobank;HttpOnly"
    _, at = ajp_string(node.seen[0], 2)
    assert ajp_string(node.seen[0], at)[0] == "/os/y"


@pytest.mark.parametrize("scheme", ["ajp", "http"])
def test_the_largest_upload_that_openspecimen_takes_goes_through(site, tmp_path, scheme):
    """Even where the server as a whole is strict, since LimitRequestBody isn't for the proxy."""
    node = Standin(tmp_path / "node")
    node.start()
    try:
        url, secret = ((node.url, f", secret: {node.secret}") if scheme == "ajp" else
                       (node.http_url, ""))
        httpd = site(f"balance: {{health: off}}\ninstances: [{{url: '{url}'{secret}}}]\n",
                     extra="LimitRequestBody 1000000")
        answer = httpd.request("/openspecimen/rest/ng/echo", "POST",
                               headers={"Content-Length": "100000000"},
                               body=(b"x" * 1000000 for _ in range(100)), timeout=60)
        assert answer.status == 200
        assert answer.json["body_length"] == 100000000
    finally:
        node.stop()
