# SPDX-License-Identifier: Apache-2.0
"""A program for OSBalancerNotify that writes down how it is run."""

import json
import os
import sys
from dataclasses import dataclass

SOURCE = """\
#!{python} -I
import json, os, signal, subprocess, sys, time
here, begin, words = {here!r}, time.monotonic(), sys.stdin.read()
def note(**more):
    line = dict(argv=sys.argv[1:], words=words, begin=begin, end=time.monotonic(),
                pid=os.getpid(), parent=os.getppid(), **more)
    with open(os.path.join(here, "runs"), "a", encoding="utf-8") as out:
        out.write(json.dumps(line) + "\\n")
{body}
"""


@dataclass
class Run:
    argv: list
    # What stood on its standard input.
    words: str
    # On the clock of time.monotonic(), which all processes share.
    begin: float
    end: float
    pid: int
    parent: int
    # What the body noted beside.
    more: dict

    @property
    def event(self):
        return json.loads(self.words)["event"]


class Program:
    """Lies in DIRECTORY, where httpd's children can run and write. BODY is Python and calls note()
    when the run is to be written down, with anything more to note."""

    def __init__(self, directory, body="note()"):
        self.directory = directory
        self.path = os.path.join(directory, "notify")
        self.write(body)

    def write(self, body):
        """Another body, from the next run on."""
        new = self.path + ".new"
        with open(new, "w", encoding="utf-8") as out:
            out.write(SOURCE.format(python=sys.executable, here=self.directory, body=body))
            os.fchmod(out.fileno(), 0o755)
        os.rename(new, self.path)

    def runs(self):
        """The runs that were written down, in order of their ends."""
        try:
            with open(os.path.join(self.directory, "runs"), encoding="utf-8") as lines:
                notes = [json.loads(line) for line in lines if line.endswith("\n")]
        except FileNotFoundError:
            return []
        known = ("argv", "words", "begin", "end", "pid", "parent")
        return [Run(*(note.pop(key) for key in known), more=note) for note in notes]

    def numbers(self):
        """The numbers of the events that it was told of."""
        return [run.event["number"] for run in self.runs()]
