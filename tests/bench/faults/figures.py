# SPDX-License-Identifier: Apache-2.0
"""What is counted of a run, and how good that has to be."""

from dataclasses import dataclass
from typing import Optional

from .users import Answer, Users


@dataclass(frozen=True)
class Figures:
    requests: int
    failed: int
    slow: int
    worst: Answer

    @property
    def worst_text(self):
        over = "over " if self.worst.status is None else ""
        return f"{over}{self.worst.seconds:.2f} s"

    def __str__(self):
        return f"{self.failed} / {self.slow}, {self.worst_text}"


def count(answers, failed=lambda answer: answer.failed):
    """FAILED: another notion of what went wrong than the usual one."""
    return Figures(len(answers), sum(map(failed, answers)), sum(one.slow for one in answers),
                   max(answers, key=lambda one: one.seconds))


@dataclass(frozen=True)
class Bar:
    """The most that there may be; None: anything."""
    slow: Optional[int] = None
    worst: Optional[float] = None
    failed: int = 0

    def missed(self, figures):
        """In words, each way in which the figures are worse."""
        found = [(name, getattr(figures, name), most) for name, most in
                 (("failed", self.failed), ("slow", self.slow)) if most is not None]
        if self.worst is not None:
            found.append(("worst", round(figures.worst.seconds, 2), self.worst))
        return [f"{name} {value}, at most {most}" for name, value, most in found if value > most]


# By system and what happens.
BARS = {
    **{("byrequests", name): Bar(slow=0) for name in ("kill", "undeploy", "dbdown")},
    ("byrequests", "hang"): Bar(slow=0, worst=1.5),
    ("byrequests", "slow"): Bar(),
    **{("least-time", name): Bar(slow=0) for name in ("kill", "undeploy", "dbdown")},
    ("least-time", "hang"): Bar(slow=1, worst=1.5),
    ("least-time", "slow"): Bar(slow=2),
    **{(system, name): Bar(slow=0) for system in ("byrequests", "least-time")
       for name in ("rolling", "databases")},
    # httpd's event MPM, without any module of ours too, starts new children up to a second after the
    # old ones take no more connections.
    **{(system, "graceful"): Bar() for system in ("byrequests", "least-time")},
}


def client_text(users: Users):
    return (f"the client took {users.cpu:.0%} of a core and was {users.late * 1000:.0f} ms late "
            "at most")
