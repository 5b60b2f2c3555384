# SPDX-License-Identifier: Apache-2.0
"""Runs every unit test in every build: by gcc, by gcc under the sanitizers, by clang."""

import pathlib
import re
import subprocess

import pytest

ROOT = pathlib.Path(__file__).parents[2]
BUILDS = ["build", "build/asan", "build/clang"]
UNITS = sorted(path.stem for path in ROOT.glob("tests/unit/test_*.c"))


def test_there_are_units():
    assert UNITS


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("build", BUILDS)
def test_unit(build, unit):
    program = ROOT / build / "unit" / unit
    assert program.exists(), f"{program} isn't built: make check-build"
    run = subprocess.run([program], cwd=ROOT, timeout=120, text=True, errors="replace",
                         stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    assert run.returncode == 0, run.stdout
    assert re.search(r"\[  PASSED  \] [1-9][0-9]* test", run.stdout), run.stdout
