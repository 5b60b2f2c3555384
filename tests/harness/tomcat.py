# SPDX-License-Identifier: Apache-2.0
"""A node on the distribution's real Tomcat 10: the webapp of tests/tomcat behind an AJP connector
with a secret, an HTTP connector, TLS connectors if wanted, and an HTTP connector of its own for the
control requests."""

import os
import shutil

from . import webapp
from .node import Node

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
standin.secret.required={secret_required}
standin.threads={threads}
"""


AJP = """\
<Connector protocol="AJP/1.3" address="127.0.0.1" port="{port}" secret="{secret}"
           maxThreads="{threads}" minSpareThreads="2" {attributes}/>
"""

# What is in it: when the request came in ms of the epoch, how long it took in us, the answer's
# status, the method, and the user's name for it, or a minus.
ACCESS_LOG = """\
<Valve className="org.apache.catalina.valves.AccessLogValve" directory="logs" prefix="access"
       suffix=".log" rotatable="false" buffered="false"
       pattern="%{begin:msec}t %D %s %m %{X-User}i"/>
"""

# The switches of a node in good health.
HEALTHY = {"db": "ok", "lockdown": "off", "delay": 0, "busy": "off", "body": "ok", "status": 0,
           "deployed": "on"}


class Tomcat(Node):
    def __init__(self, base, node="node", build="v12.2", threads=40):
        """BASE becomes a CATALINA_BASE. THREADS: how many requests the AJP connector works on at a
        time, and the HTTP connector too. With the secret "" the AJP connector wants none."""
        super().__init__(base, node, build, "tomcat.log")
        self.threads = threads
        self.keystore = None
        self.tls = {}
        self.ajp = {}
        self.connectors = self.valves = ""
        self.access_log = None

    def serve_tls(self, keystore, certificates):
        """From the next start on there is a TLS port for each of CERTIFICATES: by port the name of
        one in KEYSTORE, or those of several by host."""
        self.keystore = keystore
        self.tls = certificates

    def serve_ajp(self, port, attributes):
        """From the next start on there is one more AJP port; ATTRIBUTES: of its connector, as
        XML."""
        self.ajp[port] = attributes

    def serve(self, connectors, valves):
        """From the next start on it has these elements of server.xml too, as XML."""
        self.connectors, self.valves = connectors, valves

    def keep_access_log(self):
        """From the next start on."""
        self.access_log = os.path.join(self.base, "logs", "access.log")

    def heal(self):
        """Whatever was done to it."""
        if not self.running:
            self.start()
        self.resume()
        self.control(build=self.build, **HEALTHY)

    def _make_base(self):
        conf = os.path.join(self.base, "conf")
        for part in ("conf/Catalina/localhost", "temp", "webapps", "work"):
            os.makedirs(os.path.join(self.base, part), exist_ok=True)
        for name, place in (("server.xml", ""), ("openspecimen.xml", ""),
                            ("openspecimen.xml", "Catalina/localhost"),
                            ("standin.xml", "Catalina/localhost")):
            shutil.copy(os.path.join(webapp.SOURCE, "conf", name), os.path.join(conf, place))
        with open(os.path.join(conf, "connectors.xml"), "w", encoding="utf-8") as out:
            out.writelines(self.keystore.connector(*entry) for entry in self.tls.items())
            out.writelines(AJP.format(port=port, secret=self.secret, threads=self.threads,
                                      attributes=attributes)
                           for port, attributes in self.ajp.items())
            out.write(self.connectors)
        with open(os.path.join(conf, "valves.xml"), "w", encoding="utf-8") as out:
            out.write(self.valves + (ACCESS_LOG if self.access_log else ""))
        with open(os.path.join(conf, "catalina.properties"), "w", encoding="utf-8") as out:
            os.fchmod(out.fileno(), 0o600)
            out.write(PROPERTIES.format(
                jar=webapp.build(), home=webapp.SOURCE, ajp=self.ajp_port, http=self.http_port,
                control=self.control_port, secret=self.secret,
                secret_required="true" if self.secret else "false", threads=self.threads))

    def start(self, wait=True, start_fault=None, jvm_args=()):
        """START_FAULT: None, "slow:SECONDS" or "fail". With WAIT, returns when the connectors
        answer, which is after the webapp's start, however that went."""
        self._make_base()
        home = webapp.catalina_home()
        jars = [os.path.join(home, "bin", name) for name in ("bootstrap.jar", "tomcat-juli.jar")]
        argv = [webapp.java("java"), *JVM_ARGS, "-cp", ":".join(jars),
                f"-Dcatalina.home={home}", f"-Dcatalina.base={self.base}",
                f"-Djava.io.tmpdir={self.base}/temp", f"-Dstandin.node={self.node}",
                f"-Dstandin.build={self.build}", f"-Dstandin.start={start_fault or 'ok'}",
                *jvm_args, "org.apache.catalina.startup.Bootstrap", "start"]
        self._run(argv, wait, cwd=self.base)

    def serves(self, switches):
        """The control context answers when the webapp's start is over, however that went."""
        return True
