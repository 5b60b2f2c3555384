# SPDX-License-Identifier: Apache-2.0
"""Member 2 breaks under load and heals."""

from dataclasses import dataclass
from typing import Callable, Optional

from harness.tomcat import Tomcat

from .. import settings
from .arrivals import Arrivals
from .chart import Panel
from .figures import BARS, Figures, client_text, count
from .scene import place, running
from .users import Users

SLOWER = 3000  # ms


@dataclass(frozen=True)
class Fault:
    name: str
    cause: Callable  # of a node
    heal: Callable


FAULTS = {
    "kill": Fault("SIGKILL, started again", Tomcat.kill, Tomcat.start),
    "hang": Fault("SIGSTOP, SIGCONT", Tomcat.hang, Tomcat.resume),
    "undeploy": Fault("Tomcat's stock 404", Tomcat.undeploy, Tomcat.deploy),
    "dbdown": Fault("500, COMMON_DB_CONN_ERROR", lambda node: node.control(db="refused"),
                    lambda node: node.control(db="ok")),
    "slow": Fault(f"{SLOWER / 1000:g} s more for each request",
                  lambda node: node.control(delay=SLOWER), lambda node: node.control(delay=0)),
}


@dataclass(frozen=True)
class Result:
    figures: Figures
    panel: Panel
    # Seconds from the node's being healed to its first user; None: none came.
    back: Optional[float]
    users: Users
    missed: list


def _break_and_heal(users, fault, node):
    """Returns the times of both, as users reckon; a start counts when it is over."""
    users.sleep_until(settings.BREAK)
    broke = users.now
    fault.cause(node)
    users.sleep_until(settings.HEAL)
    fault.heal(node)
    return broke, users.now


def _load(balancer, directory, nodes, fault):
    users = Users(directory, balancer.port, settings.END)
    arrivals = [Arrivals(node) for node in nodes]
    try:
        broke, healed = _break_and_heal(users, fault, nodes[1])
        users.finish()
        balancer.keep_evidence()
    finally:
        users.stop()
    return users, arrivals, broke, healed


def _back(users, arrivals, healed):
    """When the first of the users came who asked after that and got what they asked for. Those who
    had waited for the node don't count."""
    first = healed * settings.RATE
    begins = [one.begin for one in arrivals.read() if one.status == 200 and int(one.user) >= first]
    return min(begins) - users.start - healed if begins else None


def run(key, system, name, nodes):
    directory = place(name, key)
    with running(system, directory, nodes) as balancer:
        users, arrivals, broke, healed = _load(balancer, directory, nodes, FAULTS[name])
    figures = count(users.answers)
    back = _back(users, arrivals[1], healed)
    given = sum(len(one.read()) for one in arrivals)
    missed = BARS[key, name].missed(figures) if (key, name) in BARS else []
    print(f"  {name}, {system.name}: {figures}; back: {back_text(back)}; nodes were asked {given} "
          f"times; {client_text(users)}", flush=True)
    panel = Panel(system.name, str(figures), users.answers, [(broke, healed, "")])
    return Result(figures, panel, back, users, missed)


def back_text(back):
    return "–" if back is None else f"{max(0, back):.1f} s"
