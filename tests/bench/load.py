# SPDX-License-Identifier: Apache-2.0
"""Users: so many GETs a second, each on a connection of its own, whether the ones before are
answered or not. A process by itself, so that it keeps time whatever the benchmark does:

    load.py PORT RATE [PATH]

Until SIGTERM; then it writes how many answers there were of each status, 0 for none."""

import asyncio
import collections
import signal
import sys

# It needs the database, as nearly everything does that users see.
PATH = "/openspecimen/rest/ng/config-settings/locale"
LIMIT = 10  # seconds for one answer
ENOUGH = 1 << 20  # bytes of one: some nodes send for ever


async def _ask(port, path):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n"
                     "Connection: close\r\n\r\n".encode())
        line = await reader.readline()
        length = 0
        while length < ENOUGH and (piece := await reader.read(65536)):
            length += len(piece)
        return int(line.split()[1])
    finally:
        writer.close()


async def _ask_in_time(port, path, answers):
    try:
        answers[await asyncio.wait_for(_ask(port, path), LIMIT)] += 1
    except (OSError, asyncio.TimeoutError, ValueError, IndexError):
        answers[0] += 1


async def run(port, rate, path=PATH):
    loop, answers, under_way = asyncio.get_running_loop(), collections.Counter(), set()
    stopping = asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, stopping.set)
    due = loop.time()
    while not stopping.is_set():
        task = loop.create_task(_ask_in_time(port, path, answers))
        under_way.add(task)
        task.add_done_callback(under_way.discard)
        due += 1 / rate
        await asyncio.sleep(max(0, due - loop.time()))
    for task in under_way:
        task.cancel()
    print(dict(answers), flush=True)


if __name__ == "__main__":
    asyncio.run(run(int(sys.argv[1]), float(sys.argv[2]), *sys.argv[3:]))
