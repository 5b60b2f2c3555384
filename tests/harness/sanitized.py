# SPDX-License-Identifier: Apache-2.0
"""The module built under AddressSanitizer and UndefinedBehaviorSanitizer, in a real httpd."""

import os
import subprocess


def _library():
    path = subprocess.run(["gcc", "-print-file-name=libasan.so"], check=True,
                          capture_output=True, text=True).stdout.strip()
    assert os.path.isabs(path), "gcc has no AddressSanitizer"
    return path


def sanitized():
    """What makes an Httpd one with that module."""
    return {"flavour": "asan", "env": {
        "LD_PRELOAD": _library(),
        "ASAN_OPTIONS": "detect_leaks=0:detect_odr_violation=0:handle_segv=0"}}


def assert_nothing_found(server):
    for words in ("AddressSanitizer", "runtime error"):
        assert words not in server.log() and words not in server.stderr()
