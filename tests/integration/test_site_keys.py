# SPDX-License-Identifier: Apache-2.0
"""What users and administrators get of a site's keys: TLS, the way to the context, logs, sticky
sessions, access, and directives of the topology's own."""

import base64
import hashlib
import http.client
import os
import re
import ssl
import subprocess

import pytest

from harness.asking import LOCALE
from harness.balancer import ECHO, FAILOVER_ERRORS, common_directory
from harness.httpd import SITE_MODULES
from harness.mirror import client_tls, make_certificate
from harness.ports import free_port
from harness.server import Response
from harness.site import OSGEN
from harness.wait import wait_until

NAME = "os.example.org"
MODULES = (*dict.fromkeys((*SITE_MODULES, "ssl", "socache_shmcb", "auth_basic", "authn_core",
                           "authn_file", "authz_user", "rewrite")),)
# Checks take nobody out by themselves.
PATIENT = "{interval: 1m, timeout: 1s, fast: 1s, fall: 100}"
# A certificate that signed itself, no cache of sessions, libssl of another minor version.
SSL_AT_START = r"AH01882|AH0190[69]|AH01873"
DENIED = "AH01630: client denied by server configuration"


def instances(nodes, scheme="ajp"):
    lines = [f"  - {{name: {node.node}, url: '{node.url}', secret: {node.secret}}}"
             if scheme == "ajp" else f"  - {{name: {node.node}, url: '{node.http_url}'}}"
             for node in nodes]
    return "\n".join(["instances:", *lines, ""])


@pytest.fixture
def start(httpd, tmp_path):
    """Renders a topology, given by its SITE keys without name and listen and by the REST of it, and
    starts httpd on it."""
    def begin(nodes, site="", rest=f"balance: {{health: {PATIENT}}}\n", scheme="ajp", wait=True):
        server = httpd(modules=MODULES)
        server.expect(SSL_AT_START)
        server.plain = free_port()
        topology, conf = tmp_path / "topology.yaml", tmp_path / "site.conf"
        topology.write_text(f"site:\n  name: {NAME}\n  listen: 127.0.0.1:{server.port}\n{site}"
                            f"{instances(nodes, scheme)}{rest}")
        done = subprocess.run([OSGEN, "render", "-o", conf, topology], capture_output=True,
                              text=True, check=False)
        assert done.returncode == 0, done.stderr
        conf.write_text(conf.read_text().replace("127.0.0.1:80>", f"127.0.0.1:{server.plain}>"))
        server.configure(f'Listen 127.0.0.1:{server.plain}\nInclude "{conf}"')
        server.start()
        if wait and "tls:" not in site:
            wait_until_up(server, nodes, scheme)
        return server
    return begin


def wait_until_up(server, nodes, scheme="ajp"):
    for node in nodes:
        server.wait_for_state(node.url if scheme == "ajp" else node.http_url, "up", 10)


def ask(server, path, port=None, tls=None, headers=None):
    """Of the site by its name, or of PORT; by TLS with that context."""
    port = port or server.port
    connection = (http.client.HTTPSConnection("127.0.0.1", port, context=tls, timeout=10) if tls
                  else http.client.HTTPConnection("127.0.0.1", port, timeout=10))
    try:
        connection.request("GET", path, headers={"Host": f"{NAME}:{port}", **(headers or {})})
        return Response(connection.getresponse())
    finally:
        connection.close()


# ---- TLS -----------------------------------------------------------------------------------------

@pytest.fixture
def certificate(tmp_path):
    return make_certificate(tmp_path, "os", f"/CN={NAME}")


@pytest.mark.parametrize("scheme", ["ajp", "http"])
def test_users_come_by_tls_and_instances_know_it(start, standins, certificate, scheme):
    server = start(standins, f"  tls: {certificate}\n", scheme=scheme)
    for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
        answer = ask(server, ECHO, tls=client_tls(version=version))
        assert answer.status == 200
        assert answer.headers["Strict-Transport-Security"] == "max-age=15552000"
    if scheme == "ajp":
        assert answer.json["scheme"] == "https"
    else:
        assert answer.json["headers"]["x-forwarded-proto"] == "https"
        assert answer.json["server_name"] == NAME


def test_only_the_protocols_of_the_topology_are_spoken(start, standins, certificate):
    server = start(standins, f"  tls: {{certificate: {certificate}, protocols: TLSv1.3, hsts: off}}\n")
    assert "Strict-Transport-Security" not in ask(server, ECHO, tls=client_tls()).headers
    with pytest.raises(ssl.SSLError):
        ask(server, ECHO, tls=client_tls(version=ssl.TLSVersion.TLSv1_2))


def test_who_comes_without_tls_is_sent_to_it(start, standins, certificate):
    server = start(standins, f"  aliases: www.example.org\n  tls: {certificate}\n")
    for name in (NAME, "www.example.org"):
        answer = ask(server, "/openspecimen/x?a=%20b", port=server.plain, headers={"Host": name})
        assert answer.status == 301
        assert answer.headers["Location"] == f"https://{NAME}:{server.port}/openspecimen/x?a=%20b"


# ---- paths and logs ------------------------------------------------------------------------------

def test_the_bare_name_leads_to_the_context_and_nothing_else_does(start, standins):
    server = start(standins)
    answer = ask(server, "/")
    assert answer.status == 302
    assert answer.headers["Location"] == f"http://{NAME}:{server.port}/openspecimen/"
    assert ask(server, "/other").status == 404


def lines_of(path):
    """The lines of PATH but for those of the status page, by which tests wait."""
    lines = path.read_text().splitlines() if path.exists() else []
    return [line for line in lines if "/balancer-status" not in line]


@pytest.mark.parametrize("scheme", ["ajp", "http"])
def test_the_log_says_who_served_and_who_gave_away(start, standins, tmp_path, scheme):
    log = tmp_path / "requests.log"
    server = start(standins, f"  log: {log}\n", f"balance: {{health: {PATIENT}, failover: {{budget: "
                   "100%}}\n", scheme)
    server.expect(*FAILOVER_ERRORS)
    good, bad = (node.url if scheme == "ajp" else node.http_url for node in standins)
    ask(server, "/", headers={"User-Agent": 'a "b"'})
    standins[1].undeploy()
    assert {ask(server, LOCALE).status for _ in range(4)} == {200}
    wait_until(lambda: len(lines_of(log)) == 5, 5, "the lines of five requests")
    root, *others = lines_of(log)
    assert re.search(r'"GET / HTTP/1.1" 302 \d+ "-" "a \\"b\\"" us=\d+ instance=- '
                     r"answered_ms=- failover_from=-$", root)
    ends = [line.partition(" instance=")[2] for line in others]
    assert all(re.fullmatch(rf"{good} answered_ms=\d+ failover_from=(-|{bad})", end)
               for end in ends)
    assert sum(end.endswith(f"={bad}") for end in ends) == \
        sum(member["failovers"] for member in server.members().values()) > 0


def test_the_log_says_how_long_an_instance_took_to_begin(start, standins, tmp_path):
    log = tmp_path / "requests.log"
    server = start(standins[:1], f"  log: {log}\n")
    standins[0].control(delay=300)
    assert ask(server, LOCALE).status == 200
    wait_until(lambda: lines_of(log), 5, "its line")
    took = int(re.search(r" answered_ms=(\d+) ", lines_of(log)[0])[1])
    assert 300 <= took < 3000


def test_errors_of_the_site_go_where_it_says(start, standins, tmp_path):
    log = tmp_path / "errors.log"
    server = start(standins, f"  error_log: {log}\n  access: 192.0.2.1\n")
    assert ask(server, ECHO).status == 403
    assert DENIED in log.read_text()
    assert DENIED not in server.log()


# ---- sticky sessions -----------------------------------------------------------------------------

def cookie_of(answer):
    return re.match(r"(ROUTEID=\.\w+); Path=/openspecimen; HttpOnly; SameSite=Lax$",
                    answer.headers["Set-Cookie"])[1]


def test_users_stay_with_their_instance_until_it_is_out(start, standins):
    server = start(standins, rest="balance: {sticky: on, health: {interval: 1s, fast: 100ms, "
                   "timeout: 1s}}\n")
    first = ask(server, ECHO)
    cookie, node = cookie_of(first), first.json["node"]
    assert cookie == f"ROUTEID=.{node}"
    answers = [ask(server, ECHO, headers={"Cookie": f"a=b; {cookie}"}) for _ in range(6)]
    assert {answer.json["node"] for answer in answers} == {node}
    assert not any(answer.headers["Set-Cookie"] for answer in answers)
    server.expect(": up -> not-deployed")
    mine, other = sorted(standins, key=lambda one: one.node != node)
    mine.undeploy()
    server.wait_for_state(mine.url, "not-deployed", 5)
    server.wait_until_out(mine.url)
    moved = ask(server, ECHO, headers={"Cookie": cookie})
    assert (moved.status, moved.json["node"]) == (200, other.node)
    assert cookie_of(moved) == f"ROUTEID=.{other.node}"


def test_a_cookie_is_for_the_instance_that_served_in_the_end(start, standins):
    """And not for the one that gave the request away."""
    server = start(standins, rest=f"balance: {{sticky: on, health: {PATIENT}, failover: {{budget: "
                   "100%}}\n")
    server.expect(*FAILOVER_ERRORS)
    standins[1].undeploy()
    for _ in range(6):
        answer = ask(server, LOCALE, headers={"Cookie": f"ROUTEID=.{standins[1].node}"})
        assert answer.status == 200
        assert cookie_of(answer) == f"ROUTEID=.{standins[0].node}"


def test_after_saml_the_cookie_comes_back_from_another_site(start, standins, certificate):
    server = start(standins, f"  tls: {certificate}\n  saml: on\n")
    cookie = ask(server, ECHO, tls=client_tls()).headers["Set-Cookie"]
    assert cookie.endswith("; Path=/openspecimen; HttpOnly; Secure; SameSite=None")


# ---- access --------------------------------------------------------------------------------------

def basic(name, password):
    return {"Authorization": "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()}


@pytest.fixture
def users():
    """A file of a user's, ann, with the password "a b"."""
    with common_directory() as directory:
        digest = base64.b64encode(hashlib.sha1(b"a b").digest()).decode()
        path = f"{directory}/the users"
        with open(path, "w", encoding="ascii") as out:
            out.write(f"ann:{{SHA}}{digest}\n")
        yield path


@pytest.mark.parametrize("path", [ECHO, "//openspecimen/rest/ng/echo", "/openspecimen/../openspecimen/",
                                  "/openspecimen/%2e/rest/ng/echo", "/openspecimen;x/rest/ng/echo"])
def test_no_spelling_leads_around_the_sites_rules(start, standins, path):
    server = start(standins, "  access: [192.0.2.0/24]\n")
    server.expect(DENIED)
    assert ask(server, path).status in (403, 404)
    assert server.status()["balancers"]


def test_httpd_asks_for_a_password_that_instances_never_see(start, standins, users):
    server = start(standins, f"  access: {{users: '{users}'}}\n")
    server.expect("AH01617|AH01618")
    refused = ask(server, ECHO)
    assert refused.status == 401
    assert refused.headers["WWW-Authenticate"] == 'Basic realm="OpenSpecimen"'
    assert ask(server, ECHO, headers=basic("ann", "wrong")).status == 401
    assert ask(server, ECHO, headers=basic("bob", "a b")).status == 401
    answer = ask(server, ECHO, headers=basic("ann", "a b"))
    assert answer.status == 200
    assert "authorization" not in answer.json["headers"]


@pytest.mark.parametrize("network, satisfy, password, status", [
    ("127.0.0.0/8", "all", False, 401), ("127.0.0.0/8", "all", True, 200),
    ("192.0.2.0/24", "all", True, 403), ("192.0.2.0/24", "any", False, 401),
    ("192.0.2.0/24", "any", True, 200), ("127.0.0.0/8", "any", False, 200)])
def test_both_rules_hold_or_one_of_them(start, standins, users, network, satisfy, password, status):
    server = start(standins, f"  access: {{allow: {network}, users: '{users}', satisfy: {satisfy}}}\n")
    server.expect(DENIED, "AH01617|AH01629|AH01631")
    headers = basic("ann", "a b") if password else {}
    answer = ask(server, ECHO, headers=headers)
    assert answer.status == status


@pytest.mark.parametrize("page", ["/balancer-manager", "/balancer-status", "/server-status"])
def test_administrators_sign_in(start, standins, users, page):
    server = start(standins, rest=f"admin: {{users: '{users}'}}\n", wait=False)
    server.expect("AH10187")
    assert ask(server, page).status == 401
    assert ask(server, page, headers=basic("ann", "a b")).status == 200
    assert ask(server, ECHO).status == 200


# ---- uploads -------------------------------------------------------------------------------------

@pytest.fixture(params=["ajp", "http"])
def limited(start, standins, request):
    return start(standins, "  max_upload: 64k\n", scheme=request.param)


def test_an_upload_of_just_the_greatest_passes(limited):
    answer = limited.request(ECHO, "POST", body=b"x" * 65536)
    assert (answer.status, answer.json["body_length"]) == (200, 65536)
    assert ask(limited, ECHO).status == 200


# In 32 bits most of these would be small; what 64 bits can't hold is no length to httpd at all.
@pytest.mark.parametrize("length, status", [
    (65537, 413), (2 ** 31, 413), (2 ** 32, 413), (2 ** 32 + 1, 413), (2 ** 63 - 1, 413),
    (2 ** 64 + 1, 400), (10 ** 20 - 1, 400)])
def test_a_larger_upload_is_refused_by_what_its_header_says(limited, length, status):
    answer = limited.request(ECHO, "POST", body=b"x", headers={"Content-Length": str(length)})
    assert answer.status == status


def test_an_upload_in_chunks_passes_uncounted(limited):
    answer = limited.request(ECHO, "POST", body=(b"x" * 1000 for _ in range(100)))
    assert (answer.status, answer.json["body_length"]) == (200, 100000)


# ---- directives of one's own ---------------------------------------------------------------------

def test_directives_of_ones_own_are_before_those_that_lead_to_the_instances(start, standins):
    server = start(standins, rest="raw: |\n"
                   "  # Nobody reads this \\\n"
                   "  </VirtualHost>\n"
                   "  <Location /openspecimen>\n"
                   "      Header set X-Own \"a \\\n"
                   "  b\"\n"
                   "  </Location>\n"
                   "  ProxyPass /openspecimen/manual !\n")
    assert ask(server, ECHO).headers["X-Own"] == "a b"
    assert ask(server, "/openspecimen/manual/").status == 404
    assert "node" not in ask(server, "/openspecimen/manual/").text
