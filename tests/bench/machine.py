# SPDX-License-Identifier: Apache-2.0
"""On what a table was made, in one line."""

import os
import platform
import re
import shutil
import subprocess

from harness.httpd import binary


def _model():
    with open("/proc/cpuinfo", encoding="utf-8") as info:
        found = re.search(r"^model name\s*: (.*)$", info.read(), re.M)
    return re.sub(r"\s+", " ", found.group(1)) if found else platform.machine()


# What else is taken part in, if it is installed.
OTHERS = (("HAProxy", "haproxy", r"version ([\d.]+)"), ("nginx", "nginx", r"nginx/([\d.]+)"))


def find(program):
    """Where a server program lies, or None: not every user has all places in PATH."""
    return shutil.which(program, path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")


def _version(path, pattern):
    done = subprocess.run([path, "-v"], check=True, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True)
    return re.search(pattern, done.stdout).group(1)


def describe():
    httpd = _version(binary(), r"Apache/([\d.]+)")
    others = [f"{name} {_version(find(program), pattern)}"
              for name, program, pattern in OTHERS if find(program)]
    return ", ".join([f"Machine: {_model()}, {os.cpu_count()} cores, Linux {platform.release()}; "
                      f"httpd {httpd} (event MPM)", *others])
