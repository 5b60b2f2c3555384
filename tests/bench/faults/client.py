# SPDX-License-Identifier: Apache-2.0
"""Users: so many requests a second, each on a connection of its own, begun when it is due whether
the ones before are answered or not. A process by itself, so that it keeps time whatever the
benchmark does:

    client.py PORT RATE START SECONDS TAIL POSTS FILE

It begins at START of the monotonic clock and ends after SECONDS, or earlier at SIGTERM; then it
waits for the answers that are missing, TAIL seconds at most, and writes FILE. Each POSTS-th request
signs in by POST, none if that is 0; the others are GETs."""

import asyncio
import itertools
import json
import os
import resource
import signal
import sys

HOST = "127.0.0.1"
# It needs the database, as nearly everything does that users see.
PATH = "/openspecimen/rest/ng/config-settings/locale"
SIGN_IN = json.dumps({"loginName": "lab", "password": "Login@123", "domainName": "openspecimen"})
GET = "GET {path} HTTP/1.1\r\nHost: localhost\r\nX-User: {number}\r\nConnection: close\r\n\r\n"
POST = ("POST /openspecimen/rest/ng/sessions HTTP/1.1\r\nHost: localhost\r\nX-User: {number}\r\n"
        "Content-Type: application/json\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
        "{body}")


def status_of(answer):
    """0 unless the answer came to its end."""
    head, _, body = answer.partition(b"\r\n\r\n")
    fields = head.lower().split(b"\r\n")
    if b"transfer-encoding: chunked" in fields:
        whole = body.endswith(b"0\r\n\r\n")
    else:
        lengths = [int(field[15:]) for field in fields if field.startswith(b"content-length:")]
        whole = len(body) == lengths[0] if lengths else bool(head)
    return int(head.split()[1]) if whole else 0


class Request(asyncio.Protocol):
    def __init__(self, text, end):
        """END is called with the status."""
        self.text = text
        self.end = end
        self.answer = b""

    def connection_made(self, transport):
        transport.write(self.text)

    def data_received(self, data):
        self.answer += data

    def connection_lost(self, error):
        self.end(status_of(self.answer))


class Client:
    def __init__(self, port, rate, start, posts):
        self.port = port
        self.rate = rate
        self.start = start
        self.posts = posts
        self.loop = asyncio.get_running_loop()
        self.late = 0.0    # s by which a request was begun after it was due, at most
        self.pending = {}  # number -> its task
        self.answers = []  # number, method, due, seconds, status
        self.stopping = False

    def due(self, number):
        return number / self.rate

    def is_post(self, number):
        return self.posts > 0 and number % self.posts == self.posts - 1

    def text(self, number):
        if self.is_post(number):
            return POST.format(number=number, length=len(SIGN_IN), body=SIGN_IN).encode()
        return GET.format(path=PATH, number=number).encode()

    def end(self, number, status):
        if self.pending.pop(number, None) is None:
            return
        passed = self.loop.time() - self.start - self.due(number)
        method = "POST" if self.is_post(number) else "GET"
        self.answers.append((number, method, self.due(number), passed, status))

    async def ask(self, number):
        try:
            await self.loop.create_connection(
                lambda: Request(self.text(number), lambda status: self.end(number, status)),
                HOST, self.port)
        except OSError:
            self.end(number, 0)

    async def begin_all(self, seconds):
        for number in itertools.count():
            if self.stopping or self.due(number) >= seconds:
                return
            await asyncio.sleep(self.start + self.due(number) - self.loop.time())
            self.late = max(self.late, self.loop.time() - self.start - self.due(number))
            self.pending[number] = self.loop.create_task(self.ask(number))

    async def wait_for_rest(self, tail):
        """Whoever isn't answered then has no status."""
        end = self.loop.time() + tail
        while self.pending and self.loop.time() < end:
            await asyncio.sleep(0.01)
        for number in list(self.pending):
            self.end(number, None)


def cpu_seconds():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def hurry():
    """To keep time it goes before what it measures, where it may."""
    try:
        os.nice(-10)
    except PermissionError:
        pass


async def run(port, rate, start, seconds, tail, posts, path):
    client = Client(port, rate, start, posts)
    client.loop.add_signal_handler(signal.SIGTERM, setattr, client, "stopping", True)
    await client.begin_all(seconds)
    cpu = cpu_seconds() / (client.loop.time() - start)
    await client.wait_for_rest(tail)
    with open(path, "w", encoding="ascii") as out:
        json.dump({"cpu": cpu, "late": client.late, "answers": sorted(client.answers)}, out)


if __name__ == "__main__":
    hurry()
    PORT, RATE, START, SECONDS, TAIL, POSTS, FILE = sys.argv[1:]
    asyncio.run(run(int(PORT), float(RATE), float(START), float(SECONDS), float(TAIL), int(POSTS),
                    FILE))
