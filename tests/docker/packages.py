# SPDX-License-Identifier: Apache-2.0
"""Packages as make makes them of this tree."""

import os
import re
import shutil

import pytest

from engine import run
from harness.httpd import ROOT


def missing(*tools):
    """Skips the test where one of TOOLS is missing."""
    for tool in tools:
        if shutil.which(tool) is None:
            pytest.skip(f"{tool} isn't installed; tests/deps.sh docker installs it")


def version():
    with open(os.path.join(ROOT, "mod_os_balancer/core/vocabulary.h"), encoding="utf-8") as file:
        return re.search(r'OSB_VERSION "(.*)"', file.read()).group(1)


def make(*words):
    return run("make", "-s", "-C", ROOT, *words, limit=1200)
