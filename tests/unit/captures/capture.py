#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Makes the captures beside this file anew: what a real Tomcat 10 sends over AJP13, raw, one file
an exchange. A developer's tool, not a part of the test run:

    PYTHONPATH=tests tests/unit/captures/capture.py
"""

import pathlib
import socket
import struct
import subprocess
import tempfile

from harness.ports import free_port
from harness.process import Process
from harness.wait import wait_until

HOME = pathlib.Path("/usr/share/tomcat10")
HERE = pathlib.Path(__file__).parent
SECRET = "capture"

SERVER = """<Server port="-1"><Service name="Catalina">
<Connector protocol="AJP/1.3" address="127.0.0.1" port="{port}" secret="{secret}"/>
<Engine name="Catalina" defaultHost="localhost"><Host name="localhost" appBase="webapps"/></Engine>
</Service></Server>"""

WEB = """<web-app xmlns="https://jakarta.ee/xml/ns/jakartaee" version="6.0">
<servlet><servlet-name>a</servlet-name><servlet-class>Answers</servlet-class></servlet>
<servlet-mapping><servlet-name>a</servlet-name><url-pattern>/*</url-pattern></servlet-mapping>
</web-app>"""

SERVLET = """
import jakarta.servlet.http.*;
import java.io.IOException;

public class Answers extends HttpServlet {
    @Override
    protected void service(HttpServletRequest in, HttpServletResponse out) throws IOException {
        switch (in.getPathInfo()) {
        case "/locale":
            out.setContentType("application/json;charset=UTF-8");
            out.setHeader("Cache-Control", "no-cache, no-store, must-revalidate");
            out.getWriter().write("{\\"locale\\":\\"en_US\\",");
            out.flushBuffer();
            out.getWriter().write("\\"utcOffset\\":0}");
            break;
        case "/ui":
            out.sendRedirect("/openspecimen/ui-app/");
            break;
        case "/headers":
            out.setStatus(401);
            out.setHeader("WWW-Authenticate", "Basic realm=\\"OpenSpecimen\\"");
            out.addHeader("Set-Cookie", "osAuthToken=1;Path=/openspecimen;HttpOnly");
            out.setHeader("Content-Language", "en");
            out.setDateHeader("Last-Modified", 1700000000000L);
            out.setHeader("X-Empty", "");
            break;
        case "/large":
            out.setContentType("application/octet-stream");
            for (int i = 0; i < 9000; i++)
                out.getOutputStream().write(i);
            break;
        default:
            out.getWriter().write(in.getInputStream().readAllBytes().length + " bytes");
        }
    }
}
"""


def text(value):
    return struct.pack(">H", len(value)) + value.encode() + b"\0"


def packet(payload):
    return b"\x12\x34" + struct.pack(">H", len(payload)) + payload


def request(uri, method=2, secret=SECRET, length=0):
    headers = [b"\xa0\x0b" + text("localhost")]
    if length:
        headers.append(b"\xa0\x08" + text(str(length)))
    return packet(bytes([2, method]) + text("HTTP/1.1") + text(uri) + text("127.0.0.1") +
                  b"\xff\xff" + text("localhost") + struct.pack(">HBH", 80, 0, len(headers)) +
                  b"".join(headers) + b"\x0c" + text(secret) + b"\xff")


EXCHANGES = {
    "cpong": packet(b"\x0a"),
    "200-flushed-json": request("/openspecimen/locale"),
    "302-redirect": request("/openspecimen/ui"),
    "401-many-headers": request("/openspecimen/headers"),
    "200-two-chunks": request("/openspecimen/large"),
    "404-stock-page": request("/elsewhere/locale"),
    "403-wrong-secret": request("/openspecimen/locale", secret="guessed"),
    "200-head": request("/openspecimen/locale", method=3),
    # The first piece of a body follows its request unasked. Tomcat asks for more even when it has
    # Content-Length bytes; an empty packet is the end.
    "200-asks-for-body": request("/openspecimen/upload", method=4, length=100) +
                         packet(struct.pack(">H", 60) + b"x" * 60) +
                         packet(struct.pack(">H", 40) + b"y" * 40) + packet(b""),
}


def exchange(port, sent):
    """Everything that Tomcat sends until its END_RESPONSE or CPONG, or until it closes."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as tomcat:
        tomcat.sendall(sent)
        received = b""
        while not received.endswith((b"AB\0\x02\x05\x01", b"AB\0\x02\x05\0", b"AB\0\x01\x09")):
            piece = tomcat.recv(65536)
            if not piece:
                break
            received += piece
        return received


def prepare(base, port):
    classes = base / "webapps/openspecimen/WEB-INF/classes"
    classes.mkdir(parents=True)
    for name in ("conf", "logs", "temp", "work"):
        (base / name).mkdir()
    (base / "conf/server.xml").write_text(SERVER.format(port=port, secret=SECRET))
    (classes.parent / "web.xml").write_text(WEB)
    (base / "Answers.java").write_text(SERVLET)
    subprocess.run(["javac", "-cp", HOME / "lib/servlet-api.jar", "-d", classes,
                    base / "Answers.java"], check=True)


def main():
    with tempfile.TemporaryDirectory() as folder:
        base, port = pathlib.Path(folder), free_port()
        prepare(base, port)
        tomcat = Process([str(HOME / "bin/catalina.sh"), "run"], base / "log",
                         env={"CATALINA_HOME": str(HOME), "CATALINA_BASE": str(base)})
        try:
            wait_until(lambda: "Server startup" in tomcat.output(), 60, "Tomcat")
            for name, sent in EXCHANGES.items():
                (HERE / (name + ".bin")).write_bytes(exchange(port, sent))
        finally:
            tomcat.stop()


main()
