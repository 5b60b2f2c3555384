# SPDX-License-Identifier: Apache-2.0
"""What stands before the two nodes: this module as osgen renders it, and what else there is. All
wait 180 s for an answer, as OpenSpecimen needs."""

import functools
import json
import os
import pwd
from dataclasses import dataclass
from typing import Callable

from harness.asking import LOCALE
from harness.httpd import SITE_MODULES, Httpd
from harness.node import CONTEXT, HOST
from harness.ports import free_port
from harness.process import Process
from harness.site import Site

from .. import settings
from ..machine import find

# As on OpenSpecimen's wiki page, but for a misspelt directive, the secret and the time limit.
WIKI = """\
<VirtualHost *:{port}>
    ServerName localhost
    ProxyRequests off
    {before}
    <Proxy balancer://os-cluster>
        {members}
        Require all granted
        ProxySet lbmethod=byrequests
    </Proxy>
    <Location /balancer-manager>
        SetHandler balancer-manager
        Require ip 127.0.0.1
    </Location>
    ProxyPass /balancer-manager !
    ProxyPass /openspecimen balancer://os-cluster{slash}
    ProxyPassReverse /openspecimen balancer://os-cluster
</VirtualHost>
"""
LIMIT = "timeout=180"
EXPRESSION = "ProxyHCExpr answers {%{REQUEST_STATUS} =~ /^200/}"

NGINX = """\
daemon off;
user {user};
worker_processes auto;
pid {root}/nginx.pid;
error_log {root}/error.log;
events {{
    worker_connections 4096;
}}
http {{
    access_log off;
    client_body_temp_path {root}/client;
    proxy_temp_path {root}/proxy;
    fastcgi_temp_path {root}/fastcgi;
    uwsgi_temp_path {root}/uwsgi;
    scgi_temp_path {root}/scgi;
    upstream os {{
        zone os 64k;
        server {members[0]};
        server {members[1]};
        keepalive 32;
    }}
    server {{
        listen {host}:{port};
        location / {{
            proxy_pass http://os;
            proxy_http_version 1.1;
            proxy_set_header Connection "";
            proxy_set_header Host $http_host;
            proxy_connect_timeout 1s;
            proxy_read_timeout 180s;
            proxy_send_timeout 180s;
            proxy_next_upstream error timeout http_404 http_500 http_502 http_503 http_504;
        }}
    }}
}}
"""

HAPROXY = """\
defaults
    mode http
    timeout connect 1s
    timeout client 180s
    timeout server 180s
    option redispatch 1
    retry-on all-retryable-errors
frontend site
    bind {host}:{port}
    default_backend os
backend os
    balance {method}
    option httpchk
    http-check send meth GET uri {uri} ver HTTP/1.1 hdr Host localhost
    http-check expect status 200
    default-server inter 1s fastinter 300ms fall 2 rise 2
    default-server observe layer7 error-limit 3 on-error mark-down
    default-server on-marked-down shutdown-sessions
    server os1 {members[0]} check
    server os2 {members[1]} check
"""

# What a fault makes httpd log is no news here; a crash is.
ERRORS = r"^\[(?:[\w.-]+:)?(error|warn)\] "


class Ours:
    def __init__(self, root, nodes, method):
        self.site = Site(root, nodes, health=settings.HEALTH, balance=f"  method: {method}",
                         name="localhost")
        self.site.httpd.expect(ERRORS)
        self.root = root

    @property
    def port(self):
        return self.site.httpd.port

    def start(self):
        self.site.start()
        self.site.wait_until_up()

    def keep_evidence(self):
        """What the status page says now, beside the error log."""
        with open(os.path.join(self.root, "status.json"), "w", encoding="utf-8") as out:
            json.dump(self.site.httpd.status(), out, indent=1)

    def stop(self):
        self.site.stop()


class Stock:
    """An httpd without this module."""

    def __init__(self, root, nodes, scheme="ajp", slash="", member="", modules=(), before=""):
        """SLASH: what stands after a member's and the balancer's URL. MEMBER: more parameters."""
        urls = {"ajp": [node.url for node in nodes], "http": [node.http_url for node in nodes]}
        members = [f"BalancerMember {url}{slash} {LIMIT} {member}"
                   + (f" secret={node.secret}" if scheme == "ajp" else "")
                   for url, node in zip(urls[scheme], nodes)]
        self.httpd = Httpd(root, modules=(*SITE_MODULES, *modules), log_level="notice",
                           flavour=None)
        self.httpd.expect(ERRORS)
        self.httpd.configure(WIKI.format(port=self.httpd.port, before=before, slash=slash,
                                         members="\n        ".join(members)))

    @property
    def port(self):
        return self.httpd.port

    def start(self):
        self.httpd.start()

    def keep_evidence(self):
        pass

    def stop(self):
        self.httpd.stop()


class Program:
    """A balancer that reaches the nodes by HTTP. TEXT is its configuration, and stands in FILE;
    ARGV is what runs it."""

    def __init__(self, root, nodes, argv, file, text, **words):
        self.port = free_port()
        self.root = root
        self.argv = [find(argv[0]), *(word.format(root=root) for word in argv[1:])]
        self._process = None
        with open(os.path.join(root, file), "w", encoding="ascii") as out:
            out.write(text.format(root=root, host=HOST, port=self.port, members=[f"{HOST}:{node.http_port}" for node in nodes],
                                  user=pwd.getpwuid(os.getuid()).pw_name, uri=LOCALE, **words))

    def start(self):
        self._process = Process(self.argv, os.path.join(self.root, "program.log"))

    def keep_evidence(self):
        pass

    def stop(self):
        if self._process:
            self._process.stop()


@dataclass(frozen=True)
class System:
    name: str
    # From a directory and the nodes.
    make: Callable
    # Of the class of those that this project is about.
    ours: bool = False
    # The program it needs beside httpd.
    program: str = ""

    @property
    def missing(self):
        return bool(self.program) and not find(self.program)


def _ours(method):
    return System(f"this module, {method}", functools.partial(Ours, method=method), ours=True)


def _stock(name, **options):
    return System(name, functools.partial(Stock, **options))


def _haproxy(method):
    return System(f"HAProxy, {method}", functools.partial(
        Program, argv=["haproxy", "-db", "-f", "{root}/haproxy.cfg"], file="haproxy.cfg",
        text=HAPROXY, method=method), program="haproxy")


SYSTEMS = {
    "byrequests": _ours("byrequests"),
    "least-time": _ours("least-time"),
    "wiki": _stock("httpd as on the wiki page", slash="/"),
    "hcheck-ajp": _stock("httpd, AJP, ping=1, hcheck TCP", modules=["proxy_hcheck"],
                         member="ping=1 hcmethod=TCP hcinterval=2"),
    "hcheck-http": _stock("httpd, HTTP, hcheck GET", scheme="http", modules=["proxy_hcheck"],
                          member="hcmethod=GET hcexpr=answers hcinterval=2 "
                                 f"hcuri={LOCALE.removeprefix(CONTEXT)}", before=EXPRESSION),
    "nginx": System("nginx", functools.partial(
        Program, argv=["nginx", "-p", "{root}", "-e", "{root}/error.log", "-c",
                       "{root}/nginx.conf"], file="nginx.conf", text=NGINX), program="nginx"),
    "haproxy-roundrobin": _haproxy("roundrobin"),
    "haproxy-leastconn": _haproxy("leastconn"),
}
