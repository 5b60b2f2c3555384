# SPDX-License-Identifier: Apache-2.0
"""What `make soak` runs. The first third is restless: reloads and killed checkers among the faults.
In the rest one child checks all the time, among the same faults, and must not grow."""

import contextlib
import os
import random
import re
import signal
import sys
import tempfile
import time

from bench import load
from bench.table import show_table
from harness.httpd import BUILD
from harness.process import Process
from harness.wait import wait_until

from .chaos import Chaos
from .gauge import Life
from .pulse import LONGEST, Pulse
from .scene import make_nodes, make_server

SECONDS = int(os.environ.get("SOAK_SECONDS", "600"))
SEED = int(os.environ.get("SOAK_SEED", random.SystemRandom().randrange(10**6)))
RATE = 10          # requests a second
SWITCHED = 3       # faults that come or go each second
SAMPLED = 5        # seconds
TOLD = 30          # seconds
DISTURBED = 12     # seconds between disturbances, on average

# Lines of the log that no fault of a member accounts for; members' faults are at most errors.
BAD = re.compile(r"^\[(?:[\w.-]+:)?(?:emerg|alert|crit)\]|exit signal|[Aa]ssert|Sanitizer|"
                 r"runtime error|corrupt|stack smashing|double free|"
                 r"os_balancer: (?:the )?state file|can't be run|events are dropped")


class Soak:
    def __init__(self, server, nodes):
        self.server = server
        self.chance = random.Random(SEED)
        self.chaos = Chaos(nodes, self.chance)
        self.pulse = Pulse(server)
        self.parent = Life("parent", server.pid)
        self.lives = []
        self.killed = []
        self.reloads = 0

    def checker(self):
        """The life of the child that checks now."""
        status = self.server.status()["checker"]
        pid = status["pid"] if status else 0
        if pid not in self.server.children():
            return None
        if not self.lives or self.lives[-1].pid != pid:
            self.lives.append(Life("checking child", pid))
        return self.lives[-1]

    def kill_checker(self):
        life = self.checker()
        if life:
            self.killed.append(life.pid)
            os.kill(life.pid, signal.SIGKILL)

    def reload(self):
        self.pulse.allow_pause(20)
        self.server.graceful()
        self.pulse.allow_pause(LONGEST)
        self.reloads += 1

    def disturb(self):
        self.chance.choice((self.reload, self.kill_checker))()

    def sample(self, now):
        self.parent.sample(now)
        life = self.checker()
        if life:
            life.sample(now)

    def tell(self, passed):
        """Where it is, for who waits."""
        lives = [self.parent, *self.lives[-1:]]
        print(f"  {passed:4.0f} s: {len(self.chaos.broken)} of {len(self.chaos.nodes)} nodes broken; "
              + "; ".join(str(life) for life in lives), flush=True)

    def run(self):
        start = time.monotonic()
        sample_due, disturb_due, tick = start, start + DISTURBED, start
        tell_due = start + TOLD
        self.pulse.start()
        while (now := time.monotonic()) < start + SECONDS:
            for _ in range(SWITCHED):
                self.chaos.step()
            if disturb_due <= now < start + SECONDS / 3:
                self.disturb()
                disturb_due = now + DISTURBED * (0.5 + self.chance.random())
            if now >= sample_due:
                self.sample(now)
                sample_due += SAMPLED
            if now >= tell_due:
                self.tell(now - start)
                tell_due += TOLD
            tick += 1
            time.sleep(max(0, tick - time.monotonic()))
        self.pulse.stop()

    def complaints(self):
        killed = re.compile("child pid (%s) exit signal Killed"
                            % ("|".join(map(str, self.killed)) or "none"))
        found = [line for line in self.server.log().splitlines()
                 if BAD.search(line) and not killed.search(line)]
        if self.server.stderr():
            found.append("on stderr: " + self.server.stderr())
        if self.pulse.longest > LONGEST:
            found.append(f"no check for {self.pulse.longest:.1f} s")
        last = self.lives[-1]
        if last.span < SECONDS / 2:
            found.append(f"the last child that checked did so for {last.span:.0f} s only")
        return found + self.parent.complaints() + last.complaints()

    def report(self):
        show_table(f"Soak test of {SECONDS} s: second minute → last minute, medians",
                   ["process", "life", "private memory", "resident memory", "descriptors"],
                   [self.parent.cells(), self.lives[-1].cells()],
                   [f"Seed {SEED}. {self.chaos.count} faults, {self.reloads} reloads, "
                    f"{len(self.killed)} killed checkers, {self.pulse.checks} checks; the longest "
                    f"time without a check, reloads left out: {self.pulse.longest:.1f} s."])


def prepare(root, stack):
    nodes = make_nodes(root)
    for node in nodes:
        stack.callback(node.stop)
        node.start()
    server = make_server(root, nodes)
    server.expect("")
    stack.callback(server.stop)
    server.start()
    users = Process([sys.executable, load.__file__, str(server.port), str(RATE),
                     "/openspecimen/rest/ng/echo"], os.path.join(root, "load.log"))
    stack.callback(users.stop)
    wait_until(lambda: all(member["checks"] for member in server.members().values()), 30,
               "the first check of every member")
    return Soak(server, nodes)


def main():
    print(f"{SECONDS} s, seed {SEED} (SOAK_SEED={SEED} repeats its faults)", flush=True)
    os.makedirs(BUILD, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="soak-", dir=BUILD) as root, \
            contextlib.ExitStack() as stack:
        os.chmod(root, 0o755)
        soak = prepare(root, stack)
        soak.run()
        soak.report()
        complaints = soak.complaints()
    for line in complaints:
        print(line)
    print("failed" if complaints else "passed")
    sys.exit(bool(complaints))


if __name__ == "__main__":
    main()
