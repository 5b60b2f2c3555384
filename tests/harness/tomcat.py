# SPDX-License-Identifier: Apache-2.0
"""A node on the distribution's real Tomcat 10: the webapp of tests/tomcat behind an AJP connector
with a secret, an HTTP connector, and an HTTP connector of its own for the control requests."""

import http.client
import json
import os
import secrets
import shutil
import signal
import socket
import urllib.parse

from . import webapp
from .ports import free_port
from .process import Process
from .wait import wait_until

HOST = "127.0.0.1"
CONTEXT = "/openspecimen"

# What keeps the start short: the quick compiler alone, the plain collector, the JDK's own archive
# of classes. The --add-opens are those of catalina.sh.
JVM_ARGS = ("-Xmx128m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto",
            "-Djava.awt.headless=true", "-Dfile.encoding=UTF-8",
            "-Dorg.apache.catalina.startup.EXIT_ON_INIT_FAILURE=true",
            "--add-opens=java.base/java.lang=ALL-UNNAMED",
            "--add-opens=java.base/java.io=ALL-UNNAMED",
            "--add-opens=java.base/java.util=ALL-UNNAMED",
            "--add-opens=java.base/java.util.concurrent=ALL-UNNAMED",
            "--add-opens=java.rmi/sun.rmi.transport=ALL-UNNAMED")

PROPERTIES = """\
common.loader="{jar}","${{catalina.home}}/lib/*.jar"
server.loader=
shared.loader=
standin.home={home}
standin.ajp.port={ajp}
standin.http.port={http}
standin.control.port={control}
standin.secret={secret}
standin.threads={threads}
"""


class Tomcat:
    """One node. Its ports and its secret stay the same from start to start; what is changed of the
    attributes counts from the next start."""

    def __init__(self, base, node="node", build="v12.2", threads=40):
        """BASE: a directory for CATALINA_BASE, made if missing. BUILD: the version that app-props
        tells after each start. THREADS: how many requests the AJP connector works on at a time, and
        the HTTP connector too."""
        self.base = os.fspath(base)
        self.node = node
        self.build = build
        self.threads = threads
        self.secret = secrets.token_hex(16)
        self.ajp_port, self.http_port, self.control_port = (free_port() for _ in range(3))
        self.log = os.path.join(self.base, "tomcat.log")
        self._process = None

    def _make_base(self):
        conf = os.path.join(self.base, "conf")
        for part in ("conf/Catalina/localhost", "temp", "webapps", "work"):
            os.makedirs(os.path.join(self.base, part), exist_ok=True)
        for name, place in (("server.xml", ""), ("openspecimen.xml", ""),
                            ("openspecimen.xml", "Catalina/localhost"),
                            ("standin.xml", "Catalina/localhost")):
            shutil.copy(os.path.join(webapp.SOURCE, "conf", name), os.path.join(conf, place))
        with open(os.path.join(conf, "catalina.properties"), "w", encoding="utf-8") as out:
            os.fchmod(out.fileno(), 0o600)
            out.write(PROPERTIES.format(
                jar=webapp.build(), home=webapp.SOURCE, ajp=self.ajp_port, http=self.http_port,
                control=self.control_port, secret=self.secret, threads=self.threads))

    @property
    def url(self):
        """The node as a balancer's member."""
        return f"ajp://{HOST}:{self.ajp_port}{CONTEXT}"

    @property
    def http_url(self):
        return f"http://{HOST}:{self.http_port}{CONTEXT}"

    @property
    def running(self):
        return self._process is not None and self._process.running

    @property
    def pid(self):
        return self._process.pid

    @property
    def listening(self):
        """Whether the AJP port takes connections, answered or not."""
        try:
            socket.create_connection((HOST, self.ajp_port), 1).close()
        except OSError:
            return False
        return True

    def start(self, wait=True, start_fault=None, jvm_args=()):
        """START_FAULT: None, "slow:SECONDS" or "fail". With WAIT, returns when the connectors
        answer, which is after the webapp's start, however that went."""
        assert not self.running, "this Tomcat runs already"
        self._make_base()
        home = webapp.catalina_home()
        jars = [os.path.join(home, "bin", name) for name in ("bootstrap.jar", "tomcat-juli.jar")]
        argv = [webapp.java("java"), *JVM_ARGS, "-cp", ":".join(jars),
                f"-Dcatalina.home={home}", f"-Dcatalina.base={self.base}",
                f"-Djava.io.tmpdir={self.base}/temp", f"-Dstandin.node={self.node}",
                f"-Dstandin.build={self.build}", f"-Dstandin.start={start_fault or 'ok'}",
                *jvm_args, "org.apache.catalina.startup.Bootstrap", "start"]
        self._process = Process(argv, self.log, cwd=self.base)
        if wait:
            wait_until(self._answers_or_ended, 60, "the start of a Tomcat, see " + self.log)
            assert self.running, "Tomcat ended at once:\n" + self.output()

    def _answers_or_ended(self):
        if not self.running:
            return True
        try:
            self.control()
        except OSError:
            return False
        return True

    def stop(self):
        """An orderly end; Tomcat gives requests in flight about two seconds."""
        if self._process:
            self._process.stop()

    def kill(self):
        self._process.kill()

    def hang(self):
        """The kernel still accepts connections for it, up to the connectors' backlog of 100."""
        self._process.signal(signal.SIGSTOP)

    def resume(self):
        self._process.signal(signal.SIGCONT)

    def control(self, **switches):
        """Turns the switches of these names; returns all of them as they are now."""
        connection = http.client.HTTPConnection(HOST, self.control_port, timeout=10)
        try:
            connection.request("GET", "/standin/control?" + urllib.parse.urlencode(switches))
            answer = connection.getresponse()
            body = answer.read().decode()
        finally:
            connection.close()
        if answer.status != 200:
            raise ValueError(f"control request refused with {answer.status}: {body}")
        return json.loads(body)

    def undeploy(self):
        """By Tomcat's own deployer; returns when it is done."""
        self.control(deployed="off")

    def deploy(self):
        self.control(deployed="on")

    def output(self):
        """What the process wrote: Tomcat's log."""
        return self._process.output() if self._process else ""
