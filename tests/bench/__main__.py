# SPDX-License-Identifier: Apache-2.0
"""What `make bench` runs: all benchmarks, or those that are named."""

import os
import sys
import tempfile

from harness.httpd import BUILD

from . import handover, members, notice
from .machine import describe

BENCHMARKS = {"members": members.run, "notice": notice.run, "handover": handover.run}


def main():
    names = sys.argv[1:] or list(BENCHMARKS)
    unknown = [name for name in names if name not in BENCHMARKS]
    if unknown:
        sys.exit(f"no benchmark is named {' '.join(unknown)}: {', '.join(BENCHMARKS)}")
    print(describe(), flush=True)
    os.makedirs(BUILD, exist_ok=True)
    for name in names:
        with tempfile.TemporaryDirectory(prefix=f"bench-{name}-", dir=BUILD) as root:
            BENCHMARKS[name](root)


if __name__ == "__main__":
    main()
