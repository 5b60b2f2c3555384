# SPDX-License-Identifier: Apache-2.0
"""Compiles the webapp of tests/tomcat against the Tomcat that is installed."""

import glob
import hashlib
import os
import shutil
import subprocess
import tempfile
import zipfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SOURCE = os.path.join(ROOT, "tests", "tomcat")
BUILD = os.path.join(ROOT, "build", "tomcat")

# Where distributions keep Tomcat 10; CATALINA_HOME goes before.
HOMES = ("/usr/share/tomcat10", "/usr/share/tomcat")


def catalina_home():
    for home in (os.environ.get("CATALINA_HOME"), *HOMES):
        if home and os.path.exists(os.path.join(home, "bin", "bootstrap.jar")):
            return home
    raise FileNotFoundError("no Tomcat: neither CATALINA_HOME nor " + " nor ".join(HOMES))


def java(program):
    """The path of java or javac: JAVA_HOME's, or else the first in PATH."""
    home = os.environ.get("JAVA_HOME")
    path = os.path.join(home, "bin", program) if home else shutil.which(program)
    if not path or not os.path.exists(path):
        raise FileNotFoundError(f"no {program} in JAVA_HOME or PATH")
    return path


def build():
    """The path of the jar, compiled if it isn't there yet. Its directory is named after what it was
    made from and is moved into place whole: a running Tomcat keeps its jar, and of two test runs
    that build at once one wins."""
    sources = sorted(glob.glob(os.path.join(SOURCE, "src", "**", "*.java"), recursive=True))
    place = os.path.join(BUILD, _fingerprint(sources))
    jar = os.path.join(place, "standin.jar")
    if not os.path.exists(jar):
        os.makedirs(BUILD, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=BUILD) as work:
            ready = os.path.join(work, "ready")
            os.mkdir(ready)
            _compile(sources, os.path.join(work, "classes"), os.path.join(ready, "standin.jar"))
            _move_into_place(ready, place)
    return jar


def _fingerprint(sources):
    digest = hashlib.sha256(catalina_home().encode())
    for source in sources:
        with open(source, "rb") as file:
            digest.update(file.read())
    return digest.hexdigest()[:12]


def _compile(sources, classes, jar):
    libraries = os.path.join(catalina_home(), "lib", "*")
    done = subprocess.run(
        [java("javac"), "--release", "17", "-encoding", "UTF-8", "-Xlint:all,-path,-classfile",
         "-Werror", "-proc:none", "-cp", libraries, "-d", classes, *sources],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError("javac failed:\n" + done.stdout)
    with zipfile.ZipFile(jar, "w") as out:
        for path in sorted(glob.glob(os.path.join(classes, "**", "*.class"), recursive=True)):
            out.write(path, os.path.relpath(path, classes))


def _move_into_place(ready, place):
    try:
        os.rename(ready, place)
    except OSError:
        if not os.path.isdir(place):
            raise
