# SPDX-License-Identifier: Apache-2.0
"""httpd -t on a rendered configuration, with just the modules that its header names."""

import pathlib
import re
import subprocess

from harness.httpd import binary, linked_modules, load_module

# What httpd itself can't start without, and no site has to name.
ALWAYS = ["mpm_event", "authz_core", "unixd", "log_config"]
# A file in the ServerRoot that a topology may name, since the module wants to see a certificate.
AUTHORITIES = "own authorities.pem"
# Directives whose file httpd wants to see already when it reads them, or whose directory.
FILE = re.compile(r'^( *(?:SSLCertificate(?:|Key|Chain)File|ErrorLog|CustomLog) )'
                  r'("(?:[^"\\\n]|\\.)*"|\S+)', re.M)


def load_lines(text, module):
    """LoadModule for what the header of the rendering TEXT names, or the headers of several."""
    named = " ".join(re.findall(r"^#   a2enmod (.+)$", text, re.M)).split()
    linked = linked_modules()
    lines = [load_module(name) for name in dict.fromkeys(ALWAYS + named) if name not in linked]
    if "LoadModule os_balancer_module" in text:
        lines.append(f'LoadModule os_balancer_module "{module}"')
    return lines


def with_files(directory, text):
    """TEXT with every file that httpd wants to see below DIRECTORY, where it is made. The names stay
    written as they are."""
    def make(match):
        quoted = match[2][0] == '"'
        written = (match[2][1:-1] if quoted else match[2]).lstrip("/")
        path = directory / "files" / re.sub(r'\\(["\\])', r"\1", written)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("-----BEGIN CERTIFICATE-----\n")
        return f'{match[1]}"{directory}/files/{written}"'
    return FILE.sub(make, text)


def run(directory, conf, module):
    """Feeds the file CONF to httpd -t. MODULE is where mod_os_balancer.so is."""
    directory = pathlib.Path(directory)
    main, site = directory / "httpd.conf", directory / "site.conf"
    text = pathlib.Path(conf).read_text()
    site.write_text(with_files(directory, text))
    main.with_name(AUTHORITIES).write_text("-----BEGIN CERTIFICATE-----\n")
    main.write_text("\n".join([
        f'ServerRoot "{directory}"', f'PidFile "{directory}/pid"',
        f'ErrorLog "{directory}/error.log"', f'DefaultRuntimeDir "{directory}"',
        "ServerName localhost", "Listen 127.0.0.1:8099",
        *load_lines(text, module), f'Include "{site}"', ""]))
    return subprocess.run([binary(), "-t", "-f", main], text=True, capture_output=True, timeout=60)
