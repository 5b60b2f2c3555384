# SPDX-License-Identifier: Apache-2.0
"""What a request costs on its way through the balancer: stock httpd, httpd that pings a member before
each request, this module unused and with everything on, and HAProxy."""

import contextlib
import os
import re
import socket
import statistics
import subprocess
from dataclasses import dataclass

from harness.asking import LOCALE
from harness.httpd import SITE_MODULES, Httpd, binary
from harness.process import Process
from harness.tomcat import Tomcat
from harness.wait import wait_until

from . import settings
from .peers import Checks, HAProxy
from .table import show_missed, show_table
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


STOCK = Variant("stock httpd")
PINGING = Variant("stock httpd, `ping=1`", option="ping=1")
ALL = Variant("mod_os_balancer, everything on", own=True, inside=(HEALTH, FAILOVER, LEAST_TIME))
VARIANTS = (
    STOCK,
    PINGING,
    Variant("mod_os_balancer, loaded and unused", own=True),
    Variant("mod_os_balancer, checks", own=True, inside=(HEALTH,)),
    Variant("mod_os_balancer, checks and failover", own=True, inside=(HEALTH, FAILOVER)),
    ALL,
)
# How good everything on has to be: at most so much of what stock httpd costs, and at least so many
# times the requests of one that pings.
MOST_COST = 1.02
LEAST_RATE = 1.25


class Server:
    """httpd as one of VARIANTS, in front of NODES."""

    def __init__(self, root, variant, nodes):
        modules = [name for name in SITE_MODULES if variant.own or name != OWN]
        self.name = variant.name
        self.httpd = Httpd(root, modules=modules, log_level="notice")
        members = [f"    BalancerMember {node.url} secret={node.secret} {variant.option}"
                   for node in nodes]
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
    done = subprocess.run(["h2load", "--h1", "-t", "1", "-c", str(clients), "-n", str(count),
                           f"http://127.0.0.1:{port}{path}"],
                          check=True, capture_output=True, text=True)
    # A 200 without a reason, as HAProxy passes Tomcat's on, is none to it.
    assert re.search(rf" {count} done, .* 0 errored, 0 timeout$", done.stdout, re.M), done.stdout
    assert "2xx, 0 3xx, 0 4xx, 0 5xx" in done.stdout, done.stdout
    return float(re.search(r"^finished in .*, ([\d.]+) req/s", done.stdout, re.M)[1])


@dataclass
class Figures:
    """One of each round."""
    rates: list  # requests per second
    costs: list  # microseconds of CPU for each request


def measure(server, path, count, figures):
    before = sum(map(cpu_seconds, server.pids()))
    figures.rates.append(ask(server.port, path, count))
    spent = sum(map(cpu_seconds, server.pids())) - before
    figures.costs.append(spent / count * 1e6)


def compare(servers, path, count):
    """Figures by name. The servers take turns, so that whatever else the machine does meets all."""
    figures = {server.name: Figures([], []) for server in servers}
    for server in servers:
        ask(server.port, path, count // 10)
    for _ in range(settings.REPEATS):
        for server in servers:
            measure(server, path, count, figures[server.name])
    return figures


def accepts(port):
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
        return True
    except OSError:
        return False


def instructions(root, variant, nodes, path):
    """Of one process, for each request, as callgrind counts them; the start is subtracted."""
    totals = []
    for count in (200, 1200):
        folder = os.path.join(root, f"callgrind-{count}")
        server = Server(folder, variant, nodes)
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


def ratio(values, others):
    """The median of what each round's value was in the other's of the same round."""
    return statistics.median(a / b for a, b in zip(values, others))


def against(values, others):
    return f"{ratio(values, others):.2f}×"


def missed(figures, counts):
    """In words, each way in which everything on is worse than it has to be."""
    own, stock, pinging = (figures[variant.name] for variant in (ALL, STOCK, PINGING))
    cost = ratio(own.costs, stock.costs)
    if cost > MOST_COST:
        yield f"CPU a request: {cost:.3f}× stock httpd, at most {MOST_COST}"
    count = counts[ALL.name] / counts[STOCK.name]
    if count > MOST_COST:
        yield f"instructions: {count:.3f}× stock httpd, at most {MOST_COST}"
    rate = ratio(own.rates, pinging.rates)
    if rate < LEAST_RATE:
        yield f"requests/s: {rate:.2f}× stock httpd with ping=1, at least {LEAST_RATE}"


def show(title, figures, notes=(), further=()):
    """FURTHER: more columns, each its title and its texts by name."""
    base = figures[STOCK.name]
    rows = [[name, f"{statistics.median(found.rates):.0f}", against(found.rates, base.rates),
             f"{statistics.median(found.costs):.0f} µs", against(found.costs, base.costs),
             *(texts.get(name, "–") for _, texts in further)]
            for name, found in figures.items()]
    show_table(title, ["who balances", "requests/s", "", "CPU a request", "",
                       *(column for column, _ in further)], rows, notes)


def count_instructions(root, nodes):
    return {variant.name: instructions(os.path.join(root, f"count{number}"), variant, nodes, LOCALE)
            for number, variant in enumerate(VARIANTS)}


def make_servers(root, nodes):
    servers = [Server(os.path.join(root, f"httpd{number}"), variant, nodes)
               for number, variant in enumerate(VARIANTS)]
    # Each server waits while the others have their turns, and Tomcat closes HTTP connections that are
    # idle for so long: a request that comes just then is sent again, as httpd does by itself.
    servers.append(HAProxy(os.path.join(root, "haproxy"), [node.http_url for node in nodes], None,
                           Checks(interval=2000, timeout=2000),
                           retry_on="conn-failure empty-response"))
    servers[-1].name = "HAProxy, by HTTP"
    return servers


def run(root):
    """Returns whether everything on is as good as it has to be."""
    os.chmod(root, 0o755)  # httpd's children pass through
    with contextlib.ExitStack() as stack:
        nodes = [Tomcat(os.path.join(root, f"os{number}"), node=f"os{number}", threads=200)
                 for number in (1, 2)]
        for node in nodes:
            stack.callback(node.stop)
            node.start()
        servers = make_servers(root, nodes)
        for server in servers:
            stack.callback(server.stop)
            server.start()
        for _ in range(4):  # the Java machines compile what they do often
            for server in servers:
                ask(server.port, LOCALE, settings.REQUESTS)
        short = compare(servers, LOCALE, settings.REQUESTS)
        long = compare(servers, LONG, settings.REQUESTS // 4)
        counts = count_instructions(root, nodes)
    show(f"A small answer, {CLIENTS} clients", short,
         [f"Two Tomcats. Medians of {settings.REPEATS} rounds in which all took turns; × stock httpd "
          "in the same round. CPU is of all processes of the balancer, the kernel's part with it.",
          "Instructions are httpd's own, without the kernel's, for one client's requests one after "
          "the other (callgrind)."],
         [("instructions", {name: f"{count:.0f} ({count / counts[STOCK.name]:.3f}×)"
                            for name, count in counts.items()})])
    show("200 kB of answer", long)
    return show_missed(missed(short, counts))
