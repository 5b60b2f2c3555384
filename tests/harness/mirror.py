# SPDX-License-Identifier: Apache-2.0
"""One httpd before one Tomcat, that can be reached twice: through balancers whose exchange is the
module's own, and through balancers that know nothing of it, so that mod_proxy_ajp does it. All
else is the same for both."""

import base64
import hashlib
import http.client
import json
import os
import re
import ssl
import subprocess

from .httpd import SITE_MODULES, Httpd
from .ports import free_port
from .rawhttp import Client
from .tomcat import Tomcat

OURS, THEIRS = SIDES = ("ours", "theirs")
# Each is a port on either side: plain HTTP; with a larger buffer, which httpd rounds up; with the
# largest one; TLS; HTTP/2 without TLS.
KINDS = ("plain", "big", "max", "tls", "h2")
MODULES = (*SITE_MODULES, "ssl", "socache_shmcb", "http2", "rewrite", "deflate", "filter", "env",
           "auth_basic", "authn_file", "authz_user")
USERS = {b"lab": b"secret", b"Jo \xc3\xa9": b"p w"}
# Bytes of a packet by kind; the others have mod_proxy_ajp's own.
LIMITS = {"plain": 8192, "big": 20480, "max": 65536}

# What lets Tomcat show all that comes.
OPEN = 'tomcatAuthentication="false" allowedRequestAttributesPattern=".*"'
CONNECTORS = {"plain": OPEN, "stream": OPEN + ' ajpFlush="false"',
              **{kind: f'{OPEN} packetSize="{LIMITS[kind]}"' for kind in ("big", "max")}}
# By name: the connector, and the worker's parameters.
BALANCERS = {"plain": ("plain", ""), "big": ("big", ""), "max": ("max", ""),
             **{f"stream-{flush}": ("stream", f"flushpackets={flush}")
                for flush in ("on", "off", "auto")}}

BALANCER = """\
<Proxy "balancer://{side}-{name}">
    BalancerMember "ajp://127.0.0.1:{port}/openspecimen" secret={secret} route=os1 {more}
    ProxySet stickysession=JSESSIONID|jsessionid scolonpathdelim=On
    {inside}
</Proxy>
"""
INSIDE = """OSBalancerHealth On interval=60s fast=100ms
    OSBalancerFailover On"""

# The paths of a port, and what happens on each. A balancer is put in by name.
SITE = r"""
<Location "/env/">
    SetEnv AJP_first "one"
    SetEnv AJP_empty ""
    SetEnv AJP_odd "a  \"b\" é ; \\ <&>"
    SetEnv AJP_ "nameless"
    SetEnv AJP_REMOTE_PORT "1"
    SetEnv ajp_lower "no"
    SetEnvIf X-Env "(.*)" AJP_of_header=$1 AJP_flag
</Location>
RewriteEngine On
RewriteRule "^/env/mirror/\d+/(.*)" "-" [E=AJP_path:$1]
<Location "/auth/">
    AuthType Basic
    AuthName "mirror"
    AuthUserFile "{base}/users"
    Require valid-user
</Location>
<Location "/headers/">
    RequestHeader set X-Set "of httpd"
    RequestHeader append X-Append "more"
    RequestHeader add X-Add "again"
    RequestHeader unset X-Unset
    Header set X-Set "of httpd"
    Header append X-Append "more"
    Header add X-Add "again"
    Header always set X-Always "yes"
    Header unset X-Unset
    Header edit* Set-Cookie "(?i)httponly" "HttpOnly; Secure"
</Location>
<Location "/cookies/">
    ProxyPassReverse "http://backend.test/openspecimen/"
    ProxyPassReverse "balancer://{side}-{balancer}/"
    ProxyPassReverseCookieDomain "backend.test" "www.test"
    ProxyPassReverseCookiePath "/openspecimen" "/cookies"
    Header add Set-Cookie "ROUTEID=.%{{BALANCER_WORKER_ROUTE}}e; path=/" env=BALANCER_ROUTE_CHANGED
</Location>
<Location "/deflate/">
    SetOutputFilter DEFLATE
</Location>
<Location "/override/">
    ProxyErrorOverride On
</Location>
<Location "/some/">
    ProxyErrorOverride On 404 418 503
</Location>
<Location "/pages/">
    ProxyErrorOverride On
    ErrorDocument 404 "/pages/mirror/0?size=30&header=X-Page:1"
    ErrorDocument 500 "/plain/mirror/0?size=30&status=203&header=X-Page:1"
</Location>
<Location "/nokeep/">
    SetEnv proxy-nokeepalive 1
</Location>
<Location "/trust/">
    SetEnv ap_trust_cgilike_cl 1
</Location>
"""
PATHS = ("plain", "env", "auth", "headers", "cookies", "deflate", "override", "some", "pages",
         "nokeep", "trust")

OF_KIND = {
    "plain": "ServerName http://www.test:80",
    "big": "ServerName http://www.test:80\nProxyIOBufferSize 20000\nHostnameLookups On\n"
           'Header add Set-Cookie "early=1" early\nHeader set X-Early "1" early',
    "max": "ServerName http://www.test:80\nProxyIOBufferSize 65536",
    "tls": 'ServerName https://www.test:443\nSSLEngine On\nSSLCertificateFile "{base}/server.pem"\n'
           "SSLVerifyClient optional_no_ca",
    "h2": "ServerName http://www.test:80\nProtocols h2c http/1.1",
}

PORT = """\
Listen 127.0.0.1:{port}
<VirtualHost 127.0.0.1:{port}>
    ErrorLog "{log}"
    ErrorLogFormat "[%l] [%L] %M"
    LogLevel warn
    {of_kind}
    {passes}
    {site}
</VirtualHost>
"""

COMMON = """\
UseCanonicalName On
LimitRequestLine 100000
LimitRequestFieldSize 100000
LimitRequestFields 0
MaxKeepAliveRequests 0
KeepAliveTimeout 60
StartServers 1
SSLSessionCache "shmcb:{base}/sessions(65536)"
<Location "/balancer-status">
    SetHandler os-balancer-status
</Location>
"""

# A line of a port's own log: its level, and the id of its request.
LOGGED = re.compile(r"^\[(?:[\w.-]+:)?(\w+)\] \[([^]]*)\] ", re.M)


def make_certificate(base, name, subject):
    """One of its own, with its key in the same file; returns its path."""
    path = os.path.join(base, name + ".pem")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                    "ec_paramgen_curve:prime256v1", "-nodes", "-days", "3", "-subj", subject,
                    "-keyout", path + ".key", "-out", path], check=True, capture_output=True)
    with open(path, "a", encoding="ascii") as out, open(path + ".key", encoding="ascii") as key:
        out.write(key.read())
    return path


def client_tls(certificate=None, version=None):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    if certificate:
        context.load_cert_chain(certificate)
    if version:
        context.minimum_version = context.maximum_version = version
    return context


class Mirror:
    """Both sides. BASE: a directory that httpd's children may look into."""

    def __init__(self, base, tmp_path):
        self.base = base
        self.ports = {(side, kind): free_port() for side in SIDES for kind in KINDS}
        self.ajp_ports = {name: free_port() for name in CONNECTORS}
        self.tomcat = Tomcat(tmp_path / "tomcat")
        self.httpd = Httpd(tmp_path / "httpd", modules=MODULES)
        self._write_users()
        make_certificate(base, "server", "/CN=www.test")
        self.certificate = make_certificate(base, "client", "/CN=lab/O=J\\/o")
        # Of packets that are too long or don't come, mod_proxy_ajp tells the server's own log too.
        self.httpd.expect(r"AH03229|AH01030")
        # Where OpenSSL was updated and httpd was not.
        self.httpd.expect(r"AH01882")

    def _write_users(self):
        with open(os.path.join(self.base, "users"), "wb") as out:
            for user, password in USERS.items():
                digest = base64.b64encode(hashlib.sha1(password).digest())
                out.write(user + b":{SHA}" + digest + b"\n")

    def start(self):
        for name, port in self.ajp_ports.items():
            self.tomcat.serve_ajp(port, CONNECTORS[name])
        self.tomcat.start()
        self.httpd.configure(COMMON.format(base=self.base) + self._balancers() +
                             "".join(self._port(*place) for place in self.ports))
        self.httpd.start()
        for name, (connector, _) in BALANCERS.items():
            self.httpd.wait_for_state(
                f"ajp://127.0.0.1:{self.ajp_ports[connector]}/openspecimen", "up", 20)
        self.seen()

    def stop(self):
        try:
            self.httpd.stop()
        finally:
            self.tomcat.stop()

    def _balancers(self):
        return "".join(
            BALANCER.format(side=side, name=name, port=self.ajp_ports[connector],
                            more="retry=0 timeout=3 " + more,
                            secret=self.tomcat.secret, inside=INSIDE if side == OURS else "")
            for side in SIDES for name, (connector, more) in BALANCERS.items())

    def _port(self, side, kind):
        balancer = kind if kind in LIMITS else "plain"
        passes = {path: balancer for path in PATHS}
        passes.update({name: name for name in BALANCERS if name.startswith("stream-")})
        return PORT.format(
            port=self.ports[side, kind], log=self.log_path(side, kind),
            of_kind=OF_KIND[kind].format(base=self.base),
            passes="\n    ".join(f'ProxyPass "/{path}/" "balancer://{side}-{name}/"'
                                 for path, name in passes.items()),
            site=SITE.format(base=self.base, side=side, balancer=balancer))

    def client(self, side, kind, tls=None):
        return Client(self.ports[side, kind], tls)

    def log_path(self, side, kind):
        return os.path.join(self.httpd.root, f"{side}-{kind}.log")

    def log(self, side, kind):
        with open(self.log_path(side, kind), encoding="utf-8", errors="replace") as log:
            return log.read()

    def _direct(self, path):
        """Asks Tomcat without httpd."""
        connection = http.client.HTTPConnection("127.0.0.1", self.tomcat.http_port, timeout=10)
        try:
            connection.request("GET", "/openspecimen" + path)
            return connection.getresponse().read()
        finally:
            connection.close()

    def seen(self, keep=False):
        """What arrived at Tomcat, lists of echoes by number; with KEEP the next call tells it
        too."""
        return json.loads(self._direct("/mirrored" + "?keep=1" * keep))

    def permit(self, number):
        self._direct(f"/permit?number={number}")


def logged(text):
    """How many requests left lines in the log TEXT, by the worst level of each."""
    worst = {}
    order = ("warn", "error", "crit", "alert", "emerg")
    for level, request in LOGGED.findall(text):
        if level in order:
            worst[request] = max(worst.get(request, 0), order.index(level))
    return [sum(rank == index for rank in worst.values()) for index in range(len(order))]


