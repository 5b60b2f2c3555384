# SPDX-License-Identifier: Apache-2.0
"""A site in place, another topology for it, and osgen diff, apply and try between the two."""

import os
import subprocess

from .process import Process
from .reloads import Reloads
from .site import OSGEN
from .wait import wait_until

# What a change that was cut off leaves beside its file.
NAMES = ("undo", "trial", "lock", "told")


class Change:
    """Lies in ROOT, with what harness.reloads has in httpd's place. EXISTED: is there a file yet?"""

    def __init__(self, root, existed=True):
        self.root = root
        self.conf = root / "conf" / "site.conf"
        self.conf.parent.mkdir()
        self.reloads = Reloads(root / "httpd", self.conf)
        self.topology = root / "topology.yaml"
        self.old = None
        self.write(instances=["ajp://10.0.0.1:8009", "ajp://10.0.0.2:8009"])
        if existed:
            self.osgen("render", "-o", self.conf, self.topology, code=0)
            self.conf.chmod(0o600)
            self.old = self.conf.read_text()
            self.reloads.run(self.old)
        self.write(instances=["ajp://10.0.0.1:8009", "ajp://10.0.0.3:8009"])
        self.new = self.osgen("render", self.topology, code=0).stdout

    def write(self, instances, more="admin: [127.0.0.1]\n"):
        urls = "".join(f"  - {url}\n" for url in instances)
        self.topology.write_text("site: {name: os.example.org, listen: '127.0.0.1:"
                                 f"{self.reloads.port}'}}\ninstances:\n{urls}{more}")

    @staticmethod
    def osgen(*args, code=None, **options):
        run = subprocess.run([OSGEN, *map(os.fspath, args)], text=True, capture_output=True,
                             stdin=subprocess.DEVNULL, timeout=60, **options)
        assert code is None or run.returncode == code, run.stderr
        return run

    def words(self, command, *more):
        return [command, "-o", self.conf, "--control", self.reloads.control, *more, self.topology]

    def change(self, command="apply", *more, code=None, **options):
        return self.osgen(*self.words(command, *more), code=code, **options)

    def begin(self, command="apply", *more):
        """The same, without waiting for its end."""
        return Process([OSGEN, *map(os.fspath, self.words(command, *more))],
                       self.root / f"{command}.log")

    def confirm(self, code=None):
        return self.osgen("try", "--confirm", "-o", self.conf, code=code)

    def beside(self):
        """What lies beside the file, but for the old one of a change that was made."""
        return sorted(path.name for path in self.conf.parent.iterdir()
                      if path.name not in ("site.conf", ".site.conf.old"))

    def held(self):
        return self.conf.read_text() if self.conf.exists() else None

    def check_old(self):
        """The old file is in place, and in force."""
        assert self.held() == self.old
        assert self.reloads.live == self.old
        assert self.beside() == []
        if self.old is not None:
            assert self.conf.stat().st_mode & 0o7777 == 0o600

    def check_new(self):
        assert self.held() == self.new
        assert self.reloads.live == self.new
        assert self.beside() == []

    def check_swept(self, where):
        """Nothing of the change that was cut off is left but, perhaps, a file that it was just
        writing."""
        left = [name for name in self.beside() if name.split(".")[-1] in NAMES]
        assert left == [], where

    def check_mended(self, where, run):
        """The old file is in place and in force after RUN, which said so if it had to do anything."""
        assert (self.held(), self.reloads.live) == (self.old, self.old), where + run.stderr
        self.check_swept(where)


def wait_for_end(process, limit=20):
    wait_until(lambda: not process.running, limit, "osgen's end")
    return process.code, process.output()


def wait_for_trial(scene):
    wait_until((scene.conf.parent / ".site.conf.trial").exists, 20, "the question")
