# SPDX-License-Identifier: Apache-2.0
"""Waiting for a condition with a limit: the only way in which a test lets time pass."""

import time


def wait_until(condition, limit=10.0, what=None, pause=0.02):
    """Calls CONDITION until its result is true, and returns that result. Fails after LIMIT
    seconds, saying WHAT was waited for."""
    end = time.monotonic() + limit
    while True:
        result = condition()
        if result:
            return result
        if time.monotonic() > end:
            name = what or getattr(condition, "__doc__", None) or repr(condition)
            raise AssertionError(f"waited {limit:g} s in vain for: {name}")
        time.sleep(pause)


def stays(condition, span, what=None, pause=0.02):
    """Calls CONDITION for SPAN seconds; fails, saying WHAT should have lasted, when it isn't true.
    For what must not happen, of which there is nothing to wait for."""
    end = time.monotonic() + span
    while time.monotonic() < end:
        assert condition(), f"it did not last for {span:g} s: {what or condition.__name__}"
        time.sleep(pause)
