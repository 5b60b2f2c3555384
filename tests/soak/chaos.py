# SPDX-License-Identifier: Apache-2.0
"""Faults of every kind, switched on and off at random."""

HEALTHY = {"db": "ok", "lockdown": "off", "delay": 0, "busy": "off", "body": "ok", "status": 0,
           "deployed": "on", "phase": "up", "wire": "ok"}

SWITCHES = (
    *({"db": value} for value in ("refused", "hang", "sqlerror", "error")),
    *({"body": value} for value in ("html", "truncated", "huge", "slow")),
    *({"wire": value} for value in ("garbage", "half", "endless", "close")),
    *({"phase": value} for value in ("starting", "down")),
    {"deployed": "off"}, {"busy": "on"}, {"status": 503}, {"status": 302}, {"status": 401},
    {"delay": 300}, {"delay": 5000}, {"build": "v12.3"}, {"lockdown": "on"},
)

STOP, KILL = "stopped", "killed"
FAULTS = (*SWITCHES, STOP, STOP, KILL, KILL)


class Chaos:
    """CHANCE, a random.Random, decides."""

    def __init__(self, nodes, chance):
        self.nodes = nodes
        self.chance = chance
        self.broken = {}
        self.count = 0

    def step(self):
        """Breaks or heals one node."""
        node = self.chance.choice(self.nodes)
        if node in self.broken:
            self.heal(node)
        else:
            self.break_one(node, self.chance.choice(FAULTS))

    def break_one(self, node, fault):
        self.broken[node] = fault
        self.count += 1
        if fault == STOP:
            node.hang()
        elif fault == KILL:
            node.kill()
        else:
            node.control(**fault)

    def heal(self, node):
        fault = self.broken.pop(node)
        if fault == STOP:
            node.resume()
        elif fault == KILL:
            node.start()
        else:
            node.control(**HEALTHY, build=node.build)
