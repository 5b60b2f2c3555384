# SPDX-License-Identifier: Apache-2.0
"""What `make bench` runs: its benchmarks, or those that are named. `make bench-faults` names
faults, `make bench-proxy` proxy and `make bench-render` render; these tell by their exit code whether
this module or osgen was as good as it has to be."""

import os
import sys
import tempfile

from harness.httpd import BUILD

from . import handover, members, notice, proxy, render
from .faults import suite
from .machine import describe

BENCHMARKS = {"members": members.run, "notice": notice.run, "handover": handover.run,
              "faults": suite.run, "proxy": proxy.run, "render": render.bench}
PRESET = ("members", "notice", "handover")


def main():
    names = sys.argv[1:] or PRESET
    unknown = [name for name in names if name not in BENCHMARKS]
    if unknown:
        sys.exit(f"no benchmark is named {' '.join(unknown)}: {', '.join(BENCHMARKS)}")
    print(describe(), flush=True)
    os.makedirs(BUILD, exist_ok=True)
    good = True
    for name in names:
        with tempfile.TemporaryDirectory(prefix=f"bench-{name}-", dir=BUILD) as root:
            good = BENCHMARKS[name](root) is not False and good
    sys.exit(not good)


if __name__ == "__main__":
    main()
