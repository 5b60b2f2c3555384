# SPDX-License-Identifier: Apache-2.0
"""Those who check: this module, mod_proxy_hcheck and HAProxy, each with the same members."""

import csv
import http.client
import io
import json
import os
import re
import socket
from dataclasses import dataclass

from harness.asking import LOCALE
from harness.httpd import SITE_MODULES, Httpd
from harness.ports import free_port
from harness.process import Process
from harness.wait import wait_until

from .usage import busiest

QUESTION = LOCALE.removeprefix("/openspecimen")

HTTPD = """\
StartServers 3
MaxSpareThreads 400
MaxKeepAliveRequests 0
KeepAliveTimeout 60
{globals}
<Proxy "balancer://os-cluster">
{members}
    {checks}
    ProxySet lbmethod=byrequests
</Proxy>
ProxyPass "/openspecimen" "balancer://os-cluster"
<Location "/balancer-status">
    SetHandler os-balancer-status
    Require local
</Location>
<Location "/balancer-manager">
    SetHandler balancer-manager
    Require local
</Location>
"""

HAPROXY = """\
global
    stats socket {root}/stats.sock mode 600 level admin
defaults
    mode http
    timeout connect {timeout}ms
    timeout client 60s
    timeout server 180s
    timeout check {timeout}ms
    option redispatch
frontend site
    bind 127.0.0.1:{port}
    default_backend os
backend os
    balance roundrobin
    retry-on {retry_on}
    option httpchk
    http-check send meth GET uri {uri} ver HTTP/1.1 hdr Host localhost
    http-check expect status 200
    default-server inter {interval}ms fastinter {fast}ms downinter {interval}ms fall {fall} rise 2
    default-server {checks}
{members}
"""

# What HAProxy does with the answers that users get; it needs traffic. It learns nothing from those
# that it retries on another member (retry-on), so here it retries none.
OBSERVE = "observe layer7 error-limit 3 on-error mark-down on-marked-down shutdown-sessions"


@dataclass(frozen=True)
class Checks:
    """How members are checked; times in milliseconds."""
    interval: int = 1000
    fast: int = 1000     # while a verdict is changing; hcheck has none
    timeout: int = 1000  # hcheck has none: it takes the member's, which users' requests have too
    fall: int = 2


class HttpdPeer:
    """What both peers on httpd share. URLS are the members; CHECKS None leaves them unchecked."""

    modules = SITE_MODULES
    globals = ""

    def __init__(self, root, urls, secret, checks):
        self.httpd = Httpd(root, modules=self.modules, log_level="notice")
        self.httpd.expect(r"^\[(?:[\w.-]+:)?(error|warn)\] ", r"exit signal Killed")
        options = self.member_options(checks) if checks else ""
        lines = [f"    BalancerMember {url} {options}"
                 + (f" secret={secret}" if url.startswith("ajp:") else "") for url in urls]
        self.httpd.configure(HTTPD.format(
            globals=self.globals, members="\n".join(lines),
            checks=self.directive(checks) if checks else ""))
        self._connection = None

    def start(self):
        self.httpd.start()

    def stop(self):
        if self._connection:
            self._connection.close()
        self.httpd.stop()

    @property
    def port(self):
        return self.httpd.port

    def pids(self):
        return self.httpd.children()

    def checker(self):
        """The process that checks."""
        return busiest(self.pids)

    def member_options(self, checks):
        return ""

    def directive(self, checks):
        return ""

    def _ask(self, path, headers):
        """Over a connection that is kept, since it is asked a hundred times a second."""
        if self._connection is None:
            self._connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            self._connection.request("GET", path, headers=headers)
            return self._connection.getresponse().read().decode()
        except (OSError, http.client.HTTPException):
            self._connection.close()
            self._connection = None
            raise


class Ours(HttpdPeer):
    name = "mod_os_balancer"

    def directive(self, checks):
        return (f"OSBalancerHealth On interval={checks.interval}ms fast={checks.fast}ms "
                f"timeout={checks.timeout}ms fall={checks.fall}")

    def members(self):
        """Their JSON by URL."""
        status = json.loads(self._ask("/balancer-status?format=json", {}))
        return {member["url"]: member for balancer in status["balancers"]
                for member in balancer["members"]}

    def is_out(self, url):
        """Whether new users are kept from the member, by checks or by mod_proxy's own errors."""
        member = self.members()[url]
        return not member["serves"] or "error" in member["flags"]


class Hcheck(HttpdPeer):
    name = "mod_proxy_hcheck"
    modules = (*SITE_MODULES, "proxy_hcheck")
    # A thread for each member that may hang; by itself it has 16.
    globals = "ProxyHCTPsize 128\nProxyHCExpr answers {%{REQUEST_STATUS} =~ /^200/}"

    def __init__(self, root, urls, secret, checks):
        self.method = ("hcmethod=CPING" if urls[0].startswith("ajp:") else
                       f"hcmethod=GET hcuri={QUESTION} hcexpr=answers")
        super().__init__(root, urls, secret, checks)

    def member_options(self, checks):
        return (f"{self.method} hcinterval={max(1, checks.interval // 1000)} "
                f"hcfails={checks.fall} hcpasses=2 retry=1 "
                f"timeout={max(1, checks.timeout // 1000)}")

    def is_out(self, url):
        page = self._ask("/balancer-manager?xml=1",
                         {"Referer": f"http://127.0.0.1:{self.port}/balancer-manager"})
        words = re.search(re.escape(f"<httpd:name>{url}</httpd:name>")
                          + r".*?<httpd:status>(.*?)</httpd:status>", page, re.S).group(1)
        return "HcFl" in words or "Err" in words


class HAProxy:
    name = "HAProxy"

    def __init__(self, root, urls, secret, checks, observe=False, retry_on="conn-failure"):
        """OBSERVE: users' requests count too. RETRY_ON: what is sent again; unless it is said, only
        what got no connection."""
        self.root = os.fspath(root)
        self.port = free_port()
        self._numbers = {url: f"m{number}" for number, url in enumerate(urls)}
        self._process = None
        self._socket = None
        os.makedirs(self.root, exist_ok=True)
        members = [f"    server {name} {re.sub(r'^http://|/.*$', '', url[7:])}"
                   for url, name in self._numbers.items()]
        used = checks or Checks()
        words = ("check " + (OBSERVE if observe else "")) if checks else ""
        self.conf = os.path.join(self.root, "haproxy.cfg")
        with open(self.conf, "w", encoding="ascii") as out:
            out.write(HAPROXY.format(
                root=self.root, port=self.port, uri=LOCALE,
                retry_on=retry_on, interval=used.interval, fast=used.fast,
                timeout=used.timeout, fall=used.fall, checks=words, members="\n".join(members)))

    def start(self):
        self._process = Process(["haproxy", "-db", "-f", self.conf],
                                os.path.join(self.root, "haproxy.log"))
        wait_until(self._answers, 20, "HAProxy's start")

    def _answers(self):
        assert self._process.running, self._process.output()
        try:
            return self._tell("show info")
        except OSError:
            return False

    def stop(self):
        if self._process:
            self._process.stop()

    def pids(self):
        return [self._process.pid]

    def checker(self):
        return self._process.pid

    def _tell(self, command):
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(5)
            connection.connect(os.path.join(self.root, "stats.sock"))
            connection.sendall(command.encode() + b"\n")
            return b"".join(iter(lambda: connection.recv(65536), b"")).decode()

    def is_out(self, url):
        rows = csv.DictReader(io.StringIO(self._tell("show stat -1 4 -1").lstrip("# ")))
        status = {row["svname"]: row["status"] for row in rows}[self._numbers[url]]
        return not status.startswith("UP")
