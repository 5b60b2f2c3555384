# SPDX-License-Identifier: Apache-2.0
"""A pair of balancer hosts as their sysadmin sets them up: one topology, what osgen renders of it for
each, real keepalived and httpd in a network namespace for each of them, and a user on the same wire."""

import os
import shutil
import subprocess
import sys
import tempfile

from . import caller
from .httpd import Httpd
from .netns import Lan
from .process import Process
from .site import NAME, OSGEN, write_secret
from .standin import binary as standin
from .wait import wait_until

SECRET = "a word"
NODE = "10.77.0.20"
VIRTUAL = ("10.77.0.10", "fd00:77::10")
ADDRESSES = {"lb1": ("10.77.0.2/24", "fd00:77::2/64"), "lb2": ("10.77.0.3/24", "fd00:77::3/64"),
             "node": (f"{NODE}/24",), "user": ("10.77.0.30/24", "fd00:77::30/64")}
TOPOLOGY = f"""\
site: {NAME}
instances: ["ajp://{NODE}:8009"]
balance:
  secret_file: ajp.secret
  health: {{interval: 500ms, fast: 100ms, timeout: 500ms}}
pair:
  hosts:
    - {{name: lb1, address: 10.77.0.2, interface: eth0}}
    - {{name: lb2, address: 10.77.0.3, interface: eth0}}
  address: [{VIRTUAL[0]}/24, "{VIRTUAL[1]}/64"]
  interval: 200ms
"""
CHECK = "/usr/libexec/keepalived/openspecimen-check"


class Balancer:
    """One of the two: its httpd and its keepalived."""

    def __init__(self, host, name, pair):
        self.host = host
        self.name = name
        self.pair = pair
        self.root = os.path.join(pair.root, name)
        self.httpd = Httpd(os.path.join(self.root, "httpd"), prefix=host.prefix)
        self.keepalived = None

    def render(self):
        self.httpd.configure("\n".join([
            "Listen 80", f'Include "{self.pair.render("httpd")}"',
            f'Include "{self.pair.render("keepalived-httpd")}"',
            f"Header always set X-Balancer {self.name}"]))
        conf = self.pair.render("keepalived", self.name)
        with open(conf, encoding="utf-8") as text:
            rendered = text.read()
        assert rendered.count(CHECK) == 2
        with open(conf, "w", encoding="utf-8") as out:
            out.write(rendered.replace(CHECK, self.pair.check))
        self.conf = conf

    def start_keepalived(self):
        self.keepalived = Process(
            [*self.host.prefix, "keepalived", "--dont-fork", "--log-console", "--log-detail", "--vrrp",
             "--use-file", self.conf, "--pid", os.path.join(self.root, "keepalived.pid"),
             "--vrrp_pid", os.path.join(self.root, "vrrp.pid")],
            os.path.join(self.root, "keepalived.log"))

    def start(self):
        self.render()
        self.httpd.start()
        self.start_keepalived()

    def has_addresses(self):
        return all(self.host.has(address) for address in VIRTUAL)

    def die(self):
        """As when its power fails: off the wire, and nothing of it runs."""
        self.host.pull()
        self.keepalived.kill()

    def log(self):
        return self.keepalived.output() if self.keepalived else ""

    def stop(self):
        if self.keepalived is not None:
            self.keepalived.stop()
        self.httpd.stop()


class Pair:
    """Use it in a with statement. ROOT is for what is written; keepalived's check runs as nobody, and
    has a directory for everybody."""

    def __init__(self, root):
        self.root = os.fspath(root)
        self.topology = os.path.join(self.root, "topology.yaml")
        self.lan = Lan(ADDRESSES)
        self.processes = []

    def __enter__(self):
        self.public = tempfile.mkdtemp(prefix="osb-check-")
        self.balancers = []
        try:
            self.lan.__enter__()
            self._start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *error):
        try:
            for balancer in self.balancers:
                balancer.stop()
        finally:
            for process in self.processes:
                process.kill()
            self.lan.__exit__()
            shutil.rmtree(self.public)

    def _start(self):
        write_secret(os.path.join(self.root, "ajp.secret"), SECRET)
        with open(self.topology, "w", encoding="utf-8") as out:
            out.write(TOPOLOGY)
        self._place_check()
        self.start_node()
        self.balancers = [Balancer(self.lan.hosts[name], name, self) for name in ("lb1", "lb2")]
        for balancer in self.balancers:
            balancer.start()

    def _place_check(self):
        os.chmod(self.public, 0o755)
        self.check = os.path.join(self.public, "check")
        shutil.copy(self.render("keepalived-check"), self.check)
        os.chmod(self.check, 0o755)

    def render(self, target, host=None):
        """The file to which TARGET is rendered."""
        path = os.path.join(self.root, host or "", target)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        done = subprocess.run([OSGEN, "render", target, *(["--host", host] if host else []),
                               "-o", path, self.topology], capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stderr
        return path

    def _run(self, host, name, argv):
        log = os.path.join(self.root, f"{name}.log")
        self.processes.append(Process([*self.lan.hosts[host].prefix, *argv], log))
        return self.processes[-1]

    def start_node(self):
        argv = [standin(), "--node", "os1", "--build", "v12.2", "--secret", SECRET]
        for name, port in (("--ajp", 8009), ("--http", 8080), ("--control", 8010)):
            argv += [name, f"{NODE}:{port}"]
        self.node = self._run("node", "node", argv)

    def call(self, address):
        """A user who asks at ADDRESS from now on."""
        name = f"user{len(self.processes)}"
        self._run("user", name, [sys.executable, caller.__file__, address, "80", NAME,
                                 "/openspecimen/rest/ng/echo"])
        return caller.Calls(os.path.join(self.root, f"{name}.log"))

    def wait_until_well(self):
        """Until the first has the addresses, and the second knows it and is ready to take them."""
        wait_until(lambda: "Entering BACKUP STATE" in self.balancers[1].log(), 20,
                   "the second host to be ready")
        self.wait_for(self.balancers[0])

    def wait_for(self, balancer, limit=20):
        """Until BALANCER alone has the virtual addresses."""
        wait_until(lambda: [one for one in self.balancers if one.has_addresses()] == [balancer], limit,
                   f"{balancer.name} to have the addresses alone")
