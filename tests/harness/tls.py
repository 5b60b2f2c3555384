# SPDX-License-Identifier: Apache-2.0
"""Certificates for a Tomcat, made by the JDK's keytool: an authority of the test's own, and what it
signed."""

import os
import subprocess
from xml.sax.saxutils import quoteattr

from . import webapp

# Of a keystore that lasts as long as its test.
PASSWORD = "changeit"

CONNECTOR = """\
<Connector protocol="HTTP/1.1" address="127.0.0.1" port="{port}" SSLEnabled="true"
           connectionTimeout="20000" maxThreads="5" minSpareThreads="1">
{hosts}</Connector>
"""

HOST = """\
  <SSLHostConfig hostName="{host}">
    <Certificate certificateKeystoreFile={file} certificateKeystoreType="PKCS12"
                 certificateKeystorePassword="{password}" certificateKeyAlias="{name}"/>
  </SSLHostConfig>
"""

# Tomcat's host for who asks for none by name, or for an unknown one.
ANY = "_default_"

AUTHORITY = ("-dname", "CN=Test Authority", "-ext", "bc:c", "-ext", "ku:c=keyCertSign")
LOCALHOST = ("-dname", "CN=localhost", "-ext", "san=dns:localhost,ip:127.0.0.1")
ELSEWHERE = ("-dname", "CN=elsewhere.test", "-ext", "san=dns:elsewhere.test")

# By name: what keytool is told of each certificate that the authority signs.
CERTIFICATES = {
    "good": LOCALHOST,
    "elsewhere": ELSEWHERE,
    "expired": (*LOCALHOST, "-startdate", "-10d", "-validity", "2"),
}


class Keystore:
    """Certificates in one file, and the authority's own as PEM."""

    def __init__(self, base, names=tuple(CERTIFICATES)):
        """BASE: a directory of its own, made if missing. NAMES: those of CERTIFICATES to make."""
        os.makedirs(base, exist_ok=True)
        self.path = os.path.join(base, "keystore.p12")
        self.authority = os.path.join(base, "authority.pem")
        self._make("authority", *AUTHORITY)
        for name in names:
            self._make(name, "-signer", "authority", *CERTIFICATES[name])
        self._run("-exportcert", "-rfc", "-alias", "authority", "-file", self.authority)

    def _make(self, name, *options):
        self._run("-genkeypair", "-alias", name, "-keyalg", "EC", "-groupname", "secp256r1",
                  *options)

    def _run(self, command, *options):
        done = subprocess.run(
            [webapp.java("keytool"), command, "-keystore", self.path, "-storetype", "PKCS12",
             "-storepass", PASSWORD, *options],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        if done.returncode != 0:
            raise RuntimeError("keytool failed:\n" + done.stdout)

    def connector(self, port, names):
        """Tomcat's XML for a TLS port. NAMES: that of its certificate, or of one for each host."""
        hosts = names if isinstance(names, dict) else {ANY: names}
        return CONNECTOR.format(port=port, hosts="".join(
            HOST.format(host=host, name=name, password=PASSWORD, file=quoteattr(self.path))
            for host, name in hosts.items()))
