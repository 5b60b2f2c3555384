# SPDX-License-Identifier: Apache-2.0
"""What processes hold, sampled over their lives, and whether it grew."""

import statistics
from dataclasses import dataclass

from bench.usage import descriptors, private_kb, resident_kb

MOST_GROWTH = 1.10       # of memory
MOST_GROWTH_KB = 1024    # and so much on top
MOST_DESCRIPTORS = 10    # more of them


@dataclass(frozen=True)
class Sample:
    at: float        # on the monotonic clock
    private: int     # kB
    resident: int    # kB
    descriptors: int


class Life:
    """The samples of one process."""

    def __init__(self, role, pid):
        self.role = role
        self.pid = pid
        self.samples = []

    def sample(self, now):
        try:
            self.samples.append(Sample(now, private_kb(self.pid), resident_kb(self.pid),
                                       descriptors(self.pid)))
        except (FileNotFoundError, ProcessLookupError):  # it ended just now
            pass

    def __str__(self):
        if not self.samples:
            return f"{self.role} {self.pid}"
        latest = self.samples[-1]
        return (f"{self.role} {self.pid}: {latest.private} kB private, {latest.resident} kB "
                f"resident, {latest.descriptors} descriptors")

    @property
    def span(self):
        return self.samples[-1].at - self.samples[0].at if self.samples else 0

    def _ends(self):
        """The samples of a minute at its beginning and of its last minute; of a short life, so many
        quarters. It begins when the process has warmed up, which takes a minute too: until then
        each of a child's threads makes its pools when it gets its first request."""
        window = min(60, self.span / 4)
        first, last = self.samples[0].at + window, self.samples[-1].at - window
        return ([sample for sample in self.samples if first <= sample.at <= first + window],
                [sample for sample in self.samples if sample.at >= last])

    def medians(self, what):
        """At the beginning and at the end, of the field WHAT."""
        return tuple(statistics.median(getattr(sample, what) for sample in samples)
                     for samples in self._ends())

    def complaints(self):
        found = []
        # A page of the parent becomes private when the last child that shared it ends.
        for what in ("resident",) if self.role == "parent" else ("private", "resident"):
            before, after = self.medians(what)
            if after > before * MOST_GROWTH + MOST_GROWTH_KB:
                found.append(f"{self.role} {self.pid}: {what} memory grew from {before:.0f} to "
                             f"{after:.0f} kB")
        before, after = self.medians("descriptors")
        if after > before + MOST_DESCRIPTORS:
            found.append(f"{self.role} {self.pid}: descriptors grew from {before:.0f} to "
                         f"{after:.0f}")
        return found

    def cells(self):
        cells = [self.role, f"{self.span:.0f} s"]
        for what, unit in (("private", " kB"), ("resident", " kB"), ("descriptors", "")):
            before, after = self.medians(what)
            cells.append(f"{before:.0f} → {after:.0f}{unit}")
        return cells
