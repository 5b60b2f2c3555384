# SPDX-License-Identifier: Apache-2.0
"""A fresh Debian as the users of its packages have it: a tree of its own, with a network, processes and
mounts of its own. Nothing of it is seen from outside, and all of it ends with the test."""

import contextlib
import ctypes
import os
import shutil
import subprocess

from engine import attempt, run
from harness.node import Node
from harness.process import Process
from harness.server import Server
from harness.site import NAME
from harness.standin import binary as standin
from harness.wait import wait_until

# What the packages depend on, so that installing them asks for nothing more.
WITH = "apache2,libcurl4,libjansson4,libyaml-0-2"
CLONE_NEWNET = 0x40000000

# Process 1 takes away what ended, as an init does. Debian's own scripts start and reload services where
# there is no init only if policy-rc.d is there to allow it.
BOOT = """
mount -t proc proc "$1/proc" && mount --rbind /dev "$1/dev" && ip link set lo up || exit
printf '#!/bin/sh\\nexit 0\\n' >"$1/usr/sbin/policy-rc.d"
chmod 755 "$1/usr/sbin/policy-rc.d"
echo up
while :; do sleep 60 & wait $!; done
"""
ALONE = ("unshare", "--mount", "--net", "--pid", "--fork", "--kill-child")

_libc = ctypes.CDLL(None, use_errno=True)


def suite():
    """The one of this machine, for which it builds packages."""
    with open("/etc/os-release", encoding="utf-8") as file:
        words = dict(line.strip().split("=", 1) for line in file if "=" in line)
    return words.get("VERSION_CODENAME", "stable").strip('"')


def why_not():
    """Why there can be none here, or None."""
    if os.geteuid() != 0:
        return "only root makes a Debian"
    for tool in ("mmdebstrap", "unshare", "nsenter", "ip"):
        if shutil.which(tool) is None:
            return f"{tool} isn't installed; tests/deps.sh docker installs it"
    done = attempt(*ALONE, "true")
    if done.returncode != 0:
        return f"namespaces aren't allowed here: {done.stderr.strip()}"
    return None


def make(root):
    """Why it can't be made at ROOT, or None."""
    done = attempt("mmdebstrap", "--quiet", "--variant=minbase", f"--include={WITH}", suite(),
                   os.fspath(root), limit=900)
    return done.stderr.strip() if done.returncode != 0 else None


class Debian(Server):
    """ROOT: a tree of make(). Use it in a with statement."""

    port = 80

    def __init__(self, root):
        self.root = root
        self.log = os.path.join(os.path.dirname(root), "boot.log")

    def __enter__(self):
        self.process = Process([*ALONE, "sh", "-c", BOOT, "sh", self.root], self.log)
        wait_until(lambda: "up\n" in self.process.output() or not self.process.running, 20,
                   "the boot, see " + self.log)
        assert self.process.running, self.process.output()
        with open(f"/proc/{self.process.pid}/task/{self.process.pid}/children",
                  encoding="ascii") as file:
            self.enter = ("nsenter", "-t", file.read().strip(), "--mount", "--net", "--pid")
        self.network = os.open(f"/proc/{self.enter[2]}/ns/net", os.O_RDONLY)
        return self

    def __exit__(self, *error):
        self.process.kill()
        os.close(self.network)

    def run(self, *argv):
        """As root does in it."""
        return run(*self.enter, "chroot", self.root, "env", "DEBIAN_FRONTEND=noninteractive",
                   "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", *argv)

    def write(self, path, text):
        with open(self.root + path, "w", encoding="utf-8") as file:
            file.write(text)

    def read(self, path):
        with open(self.root + path, encoding="utf-8") as file:
            return file.read()

    @contextlib.contextmanager
    def here(self):
        """What this thread connects meanwhile, it connects in there."""
        with open("/proc/thread-self/ns/net", "rb") as home:
            assert _libc.setns(self.network, CLONE_NEWNET) == 0, os.strerror(ctypes.get_errno())
            try:
                yield
            finally:
                _libc.setns(home.fileno(), CLONE_NEWNET)

    def request(self, path, **options):
        with self.here():
            return super().request(path, **{"host": NAME, **options})

    def install(self, *packages):
        """Files that `make deb` made."""
        for package in packages:
            shutil.copy(package, self.root + "/root")
        return self.run("apt-get", "install", "-q", "-y",
                        *("/root/" + os.path.basename(package) for package in packages))

    def files(self):
        """Every path of it, but for what runs, logs and dpkg's own books."""
        apart = {"/proc", "/dev", "/sys", "/run", "/tmp", "/root", "/var/log", "/var/cache",
                 "/var/lib/dpkg", "/var/lib/apt"}
        found = set()
        for folder, folders, names in os.walk(self.root):
            inside = folder[len(self.root):]
            folders[:] = [name for name in folders if f"{inside}/{name}" not in apart]
            found |= {f"{inside}/{name}" for name in folders + names}
        return found


class Inner(Node):
    """A node in that Debian, at an ADDRESS of its loopback interface."""

    def __init__(self, debian, base, node, address):
        super().__init__(base, node, "v12.2", "standin.log")
        self.debian = debian
        self.argv = [*debian.enter[:3], "--net", standin(), "--node", node, "--ajp",
                     f"{address}:8009", "--control", f"127.0.0.1:{self.control_port}"]

    def start(self):
        self._run(self.argv, wait=True)

    def serves(self, switches):
        return switches["phase"] == "up"

    def control(self, **switches):
        with self.debian.here():
            return super().control(**switches)
