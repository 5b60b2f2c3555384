# SPDX-License-Identifier: Apache-2.0
"""Replays the corpus of every fuzz target, file by file, in every build."""

import pathlib
import subprocess

import pytest

ROOT = pathlib.Path(__file__).parents[2]
BUILDS = ["build", "build/asan", "build/clang"]
TARGETS = sorted(path.stem.removeprefix("fuzz_") for path in ROOT.glob("tests/fuzz/fuzz_*.c"))


def corpus(target):
    return sorted(path for path in (ROOT / "tests/fuzz/corpus" / target).glob("*") if path.is_file())


def test_there_are_fuzz_targets():
    assert TARGETS


@pytest.mark.parametrize("target", TARGETS)
def test_a_target_has_a_corpus(target):
    assert corpus(target), f"tests/fuzz/corpus/{target} has no file"


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("build", BUILDS)
def test_the_corpus_replays(build, target):
    program = ROOT / build / "fuzz" / f"fuzz_{target}"
    assert program.exists(), f"{program} isn't built: make check-build"
    files = [str(path.relative_to(ROOT)) for path in corpus(target)]
    run = subprocess.run([program, *files], cwd=ROOT, timeout=120, text=True, errors="replace",
                         stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    assert run.returncode == 0, run.stdout
    assert run.stdout.splitlines() == files, run.stdout
