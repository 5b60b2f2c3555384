# SPDX-License-Identifier: Apache-2.0
"""On what a table was made, in one line."""

import os
import platform
import re
import subprocess

from harness.httpd import binary


def _model():
    with open("/proc/cpuinfo", encoding="utf-8") as info:
        found = re.search(r"^model name\s*: (.*)$", info.read(), re.M)
    return re.sub(r"\s+", " ", found.group(1)) if found else platform.machine()


def _version(argv, pattern):
    output = subprocess.run(argv, check=True, capture_output=True, text=True).stdout
    return re.search(pattern, output).group(1)


def describe():
    httpd = _version([binary(), "-v"], r"Apache/([\d.]+)")
    haproxy = _version(["haproxy", "-v"], r"version ([\d.]+)")
    return (f"Machine: {_model()}, {os.cpu_count()} cores, Linux {platform.release()}; "
            f"httpd {httpd} (event MPM), HAProxy {haproxy}")
