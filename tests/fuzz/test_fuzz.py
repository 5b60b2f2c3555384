# SPDX-License-Identifier: Apache-2.0
"""Replays the corpus of every fuzz target, file by file, in every build, and then under the sanitizers
what comes of it when bytes are changed at random, for FUZZ_TEST_SECONDS each. FUZZ_SEED gives the
bytes of a run that failed."""

import os
import pathlib
import random
import subprocess
import time

import pytest

ROOT = pathlib.Path(__file__).parents[2]
BUILDS = ["build", "build/asan", "build/clang"]
SECONDS = float(os.environ.get("FUZZ_TEST_SECONDS", 10))
SEED = int(os.environ.get("FUZZ_SEED", random.randrange(10 ** 9)))
TOGETHER = 200
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


def changed(dice, pieces):
    """A file of the corpus with bytes added, lost, changed, or taken from another one; or bytes alone."""
    if dice.random() < 0.1:
        return dice.randbytes(dice.randrange(200))
    data = bytearray(dice.choice(pieces))
    for _ in range(dice.randint(1, 8)):
        at, end = sorted(dice.randrange(len(data) + 1) for _ in range(2))
        other = dice.choice(pieces)
        begin = dice.randrange(len(other) + 1)
        data[at:dice.choice((at, at + 1, end))] = dice.choice((
            b"", dice.randbytes(dice.randint(1, 4)), other[begin:begin + dice.randint(1, 40)],
            bytes([dice.choice(b" \t\n:-[]{}*&!#\"'\\\0\xff")])))
    return bytes(data)


@pytest.mark.parametrize("target", TARGETS)
def test_random_bytes_do_no_harm(target, tmp_path):
    program = ROOT / "build/asan/fuzz" / f"fuzz_{target}"
    assert program.exists(), f"{program} isn't built: make check-build"
    pieces = [path.read_bytes() for path in corpus(target)]
    dice, rounds, end = random.Random(SEED), 0, time.monotonic() + SECONDS
    while rounds == 0 or time.monotonic() < end:
        for number in range(TOGETHER):
            (tmp_path / str(number)).write_bytes(changed(dice, pieces))
        run = subprocess.run([program, *map(str, range(TOGETHER))], cwd=tmp_path, timeout=120,
                             text=True, errors="replace", stdout=subprocess.PIPE,
                             stderr=subprocess.STDOUT)
        assert run.returncode == 0, f"FUZZ_SEED={SEED}, {run.stdout}"
        assert len(run.stdout.splitlines()) == TOGETHER, run.stdout
        rounds += 1
