# SPDX-License-Identifier: Apache-2.0
"""What processes use, as the kernel tells."""

import glob
import os
import time

TICKS = os.sysconf("SC_CLK_TCK")


def cpu_seconds(pid):
    """User and system time of a process, threads that have ended included."""
    with open(f"/proc/{pid}/stat", encoding="utf-8") as stat:
        fields = stat.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def _memory_kb(pid, *names):
    kb = 0
    with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as rollup:
        for line in rollup:
            if line.startswith(names):
                kb += int(line.split()[1])
    return kb


def private_kb(pid):
    """Memory that nobody else has, in kB: what the kernel shares after a fork doesn't count."""
    return _memory_kb(pid, "Private_Clean:", "Private_Dirty:")


def anonymous_kb(pid):
    """Memory that is no file's, in kB. What children still share with their parent counts in each
    of them, so that the difference of two of them doesn't depend on who wrote to it."""
    return _memory_kb(pid, "Anonymous:")


def resident_kb(pid):
    return _memory_kb(pid, "Rss:")


def peak_kb(pid):
    """The most that was ever resident, in kB."""
    with open(f"/proc/{pid}/status", encoding="utf-8") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM:"))


def descriptors(pid):
    return len(os.listdir(f"/proc/{pid}/fd"))


def _running_ns(pid):
    """Time that the threads which a process has now were running, finer than ticks."""
    total = 0
    for path in glob.glob(f"/proc/{pid}/task/*/schedstat"):
        try:
            with open(path, encoding="ascii") as stat:
                total += int(stat.read().split()[0])
        except OSError:  # the thread has ended
            pass
    return total


def busiest(pids, span=2.0):
    """Which process worked most for SPAN seconds. In a server without users it is the one that
    checks."""
    before = {pid: _running_ns(pid) for pid in pids()}
    time.sleep(span)
    worked = {pid: _running_ns(pid) - before.get(pid, 0) for pid in pids()}
    return max(worked, key=worked.get)
