# SPDX-License-Identifier: Apache-2.0
"""A user who asks all the time, each time on a new connection, from the namespace in which this file is
run as a program; and how the test that started it looks at what came."""

import json
import socket
import sys
import time

LIMIT = 0.1  # how long the user waits for an answer
PAUSE = 0.01  # between two questions


def ask(address, port, host, path):
    """The header X-Balancer of the answer, if that is a good one."""
    with socket.create_connection((address, port), timeout=LIMIT) as connection:
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
        answer = b""
        while True:
            piece = connection.recv(65536)
            if not piece:
                break
            answer += piece
    head = answer.split(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")
    if head[0].split(" ")[1] != "200":
        return None
    return next(line.split(": ")[1] for line in head if line.lower().startswith("x-balancer: "))


def main(address, port, host, path):
    while True:
        try:
            who = ask(address, int(port), host, path)
        except (OSError, IndexError):
            who = None
        print(json.dumps([time.monotonic(), who]), flush=True)
        time.sleep(PAUSE)


class Calls:
    """What such a program wrote to the file LOG: when, and who answered well."""

    def __init__(self, log):
        self.log = log

    def all(self):
        with open(self.log, encoding="utf-8") as lines:
            return [json.loads(line) for line in lines if line.endswith("\n")]

    def last(self):
        """Who answered the latest question: None, if nobody did."""
        calls = self.all()
        return calls[-1][1] if calls else None

    def outage(self, since, who):
        """The seconds from SINCE until WHO answered; None while nobody did. Of those before SINCE one
        may be on its way still."""
        return next((when - since for when, name in self.all() if when > since and name == who), None)

    def failures(self, since):
        return sum(name is None for when, name in self.all() if when > since)


if __name__ == "__main__":
    main(*sys.argv[1:])
