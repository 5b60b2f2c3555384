# SPDX-License-Identifier: Apache-2.0
"""A program on a terminal, and what is to be seen there."""

import fcntl
import os
import pty
import re
import struct
import subprocess
import termios

COLOUR = re.compile(r"\x1b\[[\d;]*m")
# Up so many rows, to the first column, and nothing below.
OVER = re.compile(r"\x1b\[(\d+)A\r\x1b\[J")


class Terminal:
    """Runs ARGV to its end on a terminal of ROWS and COLUMNS."""

    def __init__(self, argv, rows, columns, env=None, limit=60):
        self.columns = columns
        leader, follower = pty.openpty()
        fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        own = {key: value for key, value in os.environ.items() if key != "NO_COLOR"}
        process = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=follower,
                                   env={**own, "TERM": "xterm", **(env or {})})
        os.close(follower)
        # What was written, with line ends as the program wrote them.
        self.bytes = self._read(leader).replace("\r\n", "\n")
        self.code = process.wait(limit)
        # The lines on the screen, without colours, after each time that something was written over.
        self.screens = self._play()

    @staticmethod
    def _read(leader):
        parts = []
        try:
            while part := os.read(leader, 65536):
                parts.append(part)
        except OSError:
            pass  # the program has ended
        os.close(leader)
        return b"".join(parts).decode()

    def _wrapped(self, text):
        lines = []
        for line in COLOUR.sub("", text).split("\n")[:-1]:
            lines += [line[at:at + self.columns] for at in range(0, len(line), self.columns)] or [""]
        return lines

    def _play(self):
        pieces = OVER.split(self.bytes)
        lines = self._wrapped(pieces[0])
        screens = [lines]
        for up, text in zip(pieces[1::2], pieces[2::2]):
            assert int(up) <= len(lines), "the cursor goes above what was written"
            lines = lines[:len(lines) - int(up)] + self._wrapped(text)
            screens.append(lines)
        return screens
