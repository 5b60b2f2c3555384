# SPDX-License-Identifier: Apache-2.0
"""The oldest httpd: below it the build is refused, from there on it goes through, and a module that
was built for a later httpd than the one that runs isn't taken."""

import pathlib
import shutil
import subprocess

import pytest

from harness.httpd import BUILD, ROOT, patch_level

FLOOR = 98  # 2.4.47's MODULE_MAGIC_NUMBER_MINOR, or its first one that will do
SOURCES = sorted(pathlib.Path(ROOT, "mod_os_balancer").glob("*.c"))
OBJECTS = [f"obj/mod_os_balancer/{source.stem}.o" for source in SOURCES]


@pytest.fixture
def make(tmp_path):
    """Makes PARTS of the module in a folder of the test's own, with HEAD before each source."""
    def run(head, parts):
        (tmp_path / "head.h").write_text(head)
        return subprocess.run(
            ["make", "-s", "-k", "-j2", f"BUILD={tmp_path}", f"CPPFLAGS=-include {tmp_path}/head.h",
             *(f"{tmp_path}/{part}" for part in parts)],
            cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    return run


def magic(minor):
    """Has httpd's headers call themselves by another number."""
    return ("#include <ap_mmn.h>\n#undef MODULE_MAGIC_NUMBER_MINOR\n"
            f"#define MODULE_MAGIC_NUMBER_MINOR {minor}\n")


def test_below_the_floor_the_first_error_says_what_is_needed(make):
    done = make(magic(FLOOR - 1), OBJECTS[:1])
    errors = [line for line in done.stderr.splitlines() if "error:" in line]
    assert done.returncode != 0
    assert "mod_os_balancer needs httpd 2.4.47 or later" in errors[0], errors[0]


def test_at_the_floor_the_module_compiles_without_a_warning(make):
    done = make(magic(FLOOR), OBJECTS)
    assert len(OBJECTS) > 20
    assert (done.returncode, done.stderr) == (0, "")


def test_an_httpd_older_than_the_module_wants_is_told_at_its_start(make, httpd, tmp_path):
    shutil.copytree(pathlib.Path(BUILD, "obj/mod_os_balancer"), tmp_path / "obj/mod_os_balancer")
    for library in ("libcore.a", "libprobe.a"):
        shutil.copy2(pathlib.Path(BUILD, library), tmp_path)
    (tmp_path / "obj/mod_os_balancer/config_check.o").unlink()
    later = '#include "floor.h"\n#undef OSB_OLDEST_TO_RUN\n#define OSB_OLDEST_TO_RUN 999\n'
    assert make(later, ["mod_os_balancer.so"]).returncode == 0

    server = httpd(flavour=tmp_path)
    server.configure("")
    code, output = server.configtest()
    assert code != 0
    assert f"os_balancer: built for httpd 2.4.999 or later; this is 2.4.{patch_level()}" in output
