# SPDX-License-Identifier: Apache-2.0
"""What administrators do under load, and the fault that no balancer can help: for this module."""

import contextlib
import time
from collections import Counter
from dataclasses import dataclass
from typing import Callable

from harness.manager import Manager
from harness.wait import wait_until

from .. import settings
from .arrivals import Arrivals
from .chart import Panel
from .figures import BARS, Figures, client_text, count
from .scene import place, running
from .users import Users

POSTS = 5        # one request in so many is a POST
FOREVER = 600    # seconds: longer than any operation
PAUSE = 2.0      # seconds before and after
RELOADS = 5
EMPTY = 10       # looks in a row at a member without requests, until it is believed
LOOK = 0.1       # seconds between two looks
# Attempts at both members for each request, while they have no database: the budget of failover.
MOST_ATTEMPTS = 1.2


class Scene:
    """What an operation works on: the site, its nodes and users, and what happened when."""

    def __init__(self, site, nodes, users):
        self.site = site
        self.server = site.httpd
        self.nodes = nodes
        self.users = users
        self.bands = []

    @contextlib.contextmanager
    def band(self, words):
        begin = self.users.now
        yield
        self.bands.append((begin, self.users.now, words))

    def member(self, node):
        return self.server.members()[node.url]

    def wait_until_empty(self, node):
        looks = [0]

        def empty():
            looks[0] = 0 if self.member(node)["busy"] else looks[0] + 1
            return looks[0] >= EMPTY
        wait_until(empty, 60, f"{node.node} to have no requests", pause=0.1)


@dataclass(frozen=True)
class Result:
    figures: Figures
    panel: Panel
    told: str
    users: Users
    missed: list


def _sent_twice(arrivals):
    """How many requests with bodies reached the nodes more than once."""
    posts = Counter(one.user for log in arrivals for one in log.read() if one.method == "POST")
    return sum(times > 1 for times in posts.values())


def _restart(scene, node, manager):
    with scene.band(f"drain {node.node}"):
        manager.switch(node.url, N=True)
        scene.wait_until_empty(node)
    with scene.band("restart"):
        node.stop()
        node.start()
        scene.site.wait_for_state(node, "up", 30)
    manager.switch(node.url, N=False)


def _roll(scene):
    """Each node in turn: no new users, wait, stop, start, users again."""
    manager = Manager(scene.server)
    for node in scene.nodes:
        scene.users.sleep_until(scene.users.now + PAUSE)
        _restart(scene, node, manager)
    scene.users.sleep_until(scene.users.now + PAUSE)


def _reload(scene):
    """`httpd -k graceful`, a few times; member 2 is dead."""
    for _ in range(RELOADS):
        scene.users.sleep_until(scene.users.now + PAUSE)
        with scene.band("graceful"):
            scene.server.graceful()
    scene.users.sleep_until(scene.users.now + PAUSE)


def _kill_second(site, nodes):
    nodes[1].kill()
    site.wait_for_state(nodes[1], "unreachable", 30)


def _keeps_places(balancer):
    """The first one to be found out may go out until the other is found out too."""
    serving = [member["serves"] for member in balancer["members"]]
    return all(serving) if balancer["shared_cause"] else any(serving)


def _watch(scene, until):
    """After how many seconds the cause is known, or None, and whether members keep their places."""
    begin, known, kept = scene.users.now, None, True
    while scene.users.now < until:
        balancer = scene.server.status()["balancers"][0]
        if known is None and balancer["shared_cause"]:
            known = scene.users.now - begin
        kept = kept and _keeps_places(balancer)
        time.sleep(LOOK)
    return known, kept


def _break_databases(scene):
    """Both nodes lose their database, and get it back."""
    scene.users.sleep_until(settings.BREAK)
    with scene.band("no database"):
        for node in scene.nodes:
            node.control(db="refused")
        watched = _watch(scene, settings.HEAL)
        for node in scene.nodes:
            node.control(db="ok")
    scene.users.sleep_until(settings.END)
    return watched


def _judge_all(scene, arrivals, _):
    twice = _sent_twice(arrivals)
    posts = sum(answer.method == "POST" for answer in scene.users.answers)
    return (count(scene.users.answers), f"{posts} POSTs, {twice} of them sent twice",
            [f"{twice} POSTs were sent twice"] if twice else [])


def _judge_databases(scene, arrivals, watched):
    """A 500 is no failure while there is no database: it is what the application says."""
    begin, end, _ = scene.bands[0]
    known, kept = watched

    def failed(answer):
        met_it = answer.due < end and answer.due + answer.seconds > begin
        return answer.failed and not (answer.status == 500 and met_it)

    during = [one for one in scene.users.answers if begin <= one.due < end]
    users = {str(one.number) for one in during}
    asked = sum(one.user in users for log in arrivals for one in log.read())
    attempts = asked / len(during)
    told = (f"{sum(one.status == 500 for one in during)} of {len(during)} users were told; nodes "
            f"were asked {attempts:.2f} times for each; members "
            + ("kept their places" if kept else "lost their places") + "; the cause was "
            + (f"known after {known:.1f} s" if known is not None else "never known"))
    missed = [] if kept and known is not None else ["members lost their places"]
    if attempts > MOST_ATTEMPTS:
        missed.append(f"attempts {attempts:.2f}, at most {MOST_ATTEMPTS}")
    return count(scene.users.answers, failed), told, missed


@dataclass(frozen=True)
class Operation:
    name: str
    # With a scene, while users are at work.
    work: Callable
    # With the scene, what reached the nodes, and what `work` returned: the figures, a sentence and
    # what was missed.
    judge: Callable = _judge_all
    # With the site and the nodes, before users come.
    prepare: Callable = lambda site, nodes: None
    posts: int = POSTS


OPERATIONS = {
    "rolling": Operation("rolling restart of both nodes", _roll),
    "graceful": Operation(f"`httpd -k graceful`, {RELOADS} times, member 2 dead", _reload,
                          prepare=_kill_second),
    "databases": Operation("both nodes without their database", _break_databases,
                           _judge_databases, posts=0),
}


def run(key, system, name, nodes):
    operation = OPERATIONS[name]
    directory = place(name, key)
    with running(system, directory, nodes) as balancer:
        operation.prepare(balancer.site, nodes)
        arrivals = [Arrivals(node) for node in nodes]
        users = Users(directory, balancer.port, FOREVER, operation.posts)
        scene = Scene(balancer.site, nodes, users)
        try:
            returned = operation.work(scene)
            users.finish(early=True)
            balancer.keep_evidence()
        finally:
            users.stop()
        figures, told, missed = operation.judge(scene, arrivals, returned)
    missed = BARS[key, name].missed(figures) + missed
    print(f"  {name}, {system.name}: {figures}; {told}; {client_text(users)}", flush=True)
    return Result(figures, Panel(system.name, str(figures), users.answers, scene.bands), told,
                  users, missed)
