# SPDX-License-Identifier: Apache-2.0
"""What a request costs on its way through the balancer: stock httpd, httpd that pings a member before
each request, this module unused and with everything on, and HAProxy."""

import os
import re
import socket
import statistics
import subprocess
from dataclasses import dataclass

from harness.asking import LOCALE
from harness.httpd import SITE_MODULES, Httpd, binary
from harness.process import Process
from harness.wait import wait_until

from . import settings
from .fleet import Fleet
from .peers import HAProxy
from .table import show_table
from .usage import cpu_seconds

CLIENTS = 16
OWN = "os_balancer"
LONG = "/openspecimen/rest/ng/bytes?n=200000"

HTTPD = """\
StartServers 2
ServerLimit 2
ThreadsPerChild 32
MaxRequestWorkers 64
MinSpareThreads 1
MaxSpareThreads 64
MaxKeepAliveRequests 0
<Proxy "balancer://os-cluster">
{members}
    {inside}
</Proxy>
ProxyPass "/openspecimen" "balancer://os-cluster"
"""

# A check of each member every two seconds is what sites have.
HEALTH = "OSBalancerHealth On"
FAILOVER = "OSBalancerFailover On"
LEAST_TIME = "ProxySet lbmethod=os_least_time"


@dataclass(frozen=True)
class Variant:
    """A way to set httpd up. OPTION is each member's, INSIDE the balancer's."""
    name: str
    own: bool = False
    option: str = ""
    inside: tuple = ()
    scheme: str = "ajp"


STOCK = Variant("stock httpd")
VARIANTS = (
    STOCK,
    Variant("stock httpd, `ping=1`", option="ping=1"),
    Variant("mod_os_balancer, loaded and unused", own=True),
    Variant("mod_os_balancer, checks", own=True, inside=(HEALTH,)),
    Variant("mod_os_balancer, checks and failover", own=True, inside=(HEALTH, FAILOVER)),
    Variant("mod_os_balancer, everything on", own=True, inside=(HEALTH, FAILOVER, LEAST_TIME)),
)


class Server:
    """httpd as one of VARIANTS, in front of FLEET."""

    def __init__(self, root, variant, fleet):
        modules = [name for name in SITE_MODULES if variant.own or name != OWN]
        self.name = variant.name
        self.httpd = Httpd(root, modules=modules, log_level="notice")
        members = [f"    BalancerMember {url} {variant.option}"
                   + (f" secret={fleet.secret}" if variant.scheme == "ajp" else "")
                   for url in fleet.urls(variant.scheme)]
        self.httpd.configure(HTTPD.format(members="\n".join(members),
                                          inside="\n    ".join(variant.inside)))

    @property
    def port(self):
        return self.httpd.port

    def pids(self):
        return [self.httpd.pid, *self.httpd.children()]

    def start(self):
        self.httpd.start()

    def stop(self):
        self.httpd.stop()


def ask(port, path, count, clients=CLIENTS):
    """COUNT requests of CLIENTS who keep their connections. Returns requests per second."""
    done = subprocess.run(["ab", "-q", "-k", "-c", str(clients), "-n", str(count),
                           f"http://127.0.0.1:{port}{path}"],
                          check=True, capture_output=True, text=True)
    figures = dict(re.findall(r"^([\w -]+):\s+([\d.]+)", done.stdout, re.M))
    assert figures["Failed requests"] == "0" and "Non-2xx responses" not in figures, done.stdout
    assert figures["Complete requests"] == str(count), done.stdout
    return float(figures["Requests per second"])


@dataclass
class Figures:
    rates: list
    costs: list  # microseconds of CPU for each request


def measure(server, path, count, figures):
    before = sum(map(cpu_seconds, server.pids()))
    figures.rates.append(ask(server.port, path, count))
    spent = sum(map(cpu_seconds, server.pids())) - before
    figures.costs.append(spent / count * 1e6)


def accepts(port):
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
        return True
    except OSError:
        return False


def instructions(root, variant, fleet, path):
    """Of one process, for each request, as callgrind counts them; the start is subtracted."""
    totals = []
    for count in (200, 1200):
        folder = os.path.join(root, f"callgrind-{count}")
        server = Server(folder, variant, fleet)
        out = os.path.join(folder, "callgrind.out")
        run = Process(["valgrind", "--tool=callgrind", f"--callgrind-out-file={out}", binary(),
                       "-X", "-f", server.httpd.conf], os.path.join(folder, "valgrind.log"))
        wait_until(lambda: accepts(server.port) or not run.running, 60, "httpd under valgrind")
        os.chmod(out, 0o666)  # httpd gives its rights up before the profile is written
        ask(server.port, path, count, 1)
        run.stop()
        with open(out, encoding="utf-8") as profile:
            totals.append(int(re.search(r"^(?:totals|summary): (\d+)", profile.read(), re.M)[1]))
    return (totals[1] - totals[0]) / 1000
