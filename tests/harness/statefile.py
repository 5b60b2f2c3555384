# SPDX-License-Identifier: Apache-2.0
"""The state file as a test reads it, without the code under test."""

import json
import os
from dataclasses import dataclass

NAME, VERSION = "os_balancer-state", 1


@dataclass
class Saved:
    notified: int
    members: list
    events: list


def checksum(data):
    """FNV-1a, 64 bits."""
    value = 0xcbf29ce484222325
    for byte in data:
        value = (value ^ byte) * 0x100000001b3 & 0xffffffffffffffff
    return value


def seal(rest, version=VERSION):
    """A whole file of which all but the first line is REST."""
    return b"%s %d %d %016x\n" % (NAME.encode(), version, len(rest), checksum(rest)) + rest


def parse(data):
    """What a file says; fails if it isn't whole."""
    first, rest = data.split(b"\n", 1)
    assert first + b"\n" == seal(rest)[:len(first) + 1]
    summary, *lines = [json.loads(line) for line in rest.splitlines()]
    assert len(lines) == summary["members"] + summary["events"]
    return Saved(summary["notified"], lines[:summary["members"]], lines[summary["members"]:])


def read(path):
    with open(path, "rb") as file:
        return parse(file.read())


def is_whole(path):
    """Whether there is a file, and a whole one."""
    try:
        # What isn't a file, as a pipe, may never let itself be read.
        return os.path.isfile(path) and bool(read(path))
    except (OSError, ValueError, KeyError, AssertionError):
        return False


def events(path):
    """What the file has of the journal; nothing while there is no file."""
    return read(path).events if os.path.exists(path) else []


def version_of(path):
    """Tells one written file from the next, though both may have one inode."""
    info = os.stat(path)
    return info.st_ino, info.st_mtime_ns
