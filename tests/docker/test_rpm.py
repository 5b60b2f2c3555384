# SPDX-License-Identifier: Apache-2.0
"""The RPMs of `make rpm`: what is in them, and that they want what is on RHEL and Fedora. Where they are
built on another system, httpd's modules are where that one has them."""

import glob
import os
import shutil

import pytest

from engine import attempt, run
from harness.httpd import ROOT, apxs
from packages import make, missing, version


@pytest.fixture(scope="session")
def packages(tmp_path_factory):
    """Name -> path of each."""
    missing("rpmbuild")
    folder = tmp_path_factory.mktemp("rpm")
    # What building needs may be there by other names than RPM's.
    make("rpm", f"BUILD={folder}", "RPMBUILD=rpmbuild --nodeps")
    found = glob.glob(f"{folder}/rpm/RPMS/*/*.rpm")
    return {query(path, "%{NAME}"): path for path in found}


def query(path, form):
    return run("rpm", "-qp", "--queryformat", form, path)


def listing(path):
    """Path -> mode, owner and flags."""
    lines = query(path, "[%{FILENAMES} %{FILEMODES:perms} %{FILEUSERNAME} %{FILEFLAGS:fflags}\n]")
    rows = [line.split(" ") for line in lines.splitlines()]
    return {row[0]: tuple(row[1:]) for row in rows}


def test_the_module_is_where_httpd_of_rhel_and_fedora_finds_it(packages):
    files = listing(packages["mod_os_balancer"])
    shown = {path: row for path, row in files.items()
             if not path.startswith(("/usr/share/", "/usr/lib/.build-id"))}
    assert shown == {
        "/etc/httpd/conf.modules.d/99-os-balancer.conf": ("-rw-r--r--", "root", "cn"),
        "/etc/httpd/conf.d/os_balancer.conf": ("-rw-r--r--", "root", "cn"),
        f"{apxs('LIBEXECDIR')}/mod_os_balancer.so": ("-rwxr-xr-x", "root", ""),
        "/var/lib/os_balancer": ("drwx------", "apache", ""),
        "/var/lib/os_balancer/state": ("-rw-------", "apache", "g")}
    assert {"httpd >= 2.4.47", "httpd-filesystem"} <= set(
        run("rpm", "-qp", "--requires", packages["mod_os_balancer"]).splitlines())


def test_osgen_has_its_pages_its_schema_and_the_examples(packages):
    files = listing(packages["osgen"])
    assert {"/usr/bin/osgen", "/usr/share/osgen/topology.schema.json",
            "/usr/share/bash-completion/completions/osgen",
            "/usr/share/zsh/site-functions/_osgen"} <= set(files)
    for page in ("man1/osgen.1", "man5/osgen-topology.5"):
        assert [path for path in files if path.startswith(f"/usr/share/man/{page}")]
    examples = {path.split("/conf/")[1] for path in files if "/conf/" in path}
    assert examples == set(os.listdir(os.path.join(ROOT, "conf")))


def test_they_have_the_version_of_the_source(packages):
    for name in ("mod_os_balancer", "osgen"):
        assert query(packages[name], "%{VERSION}-%{RELEASE}").startswith(f"{version()}-1")


def test_what_httpd_reads_is_the_reference_with_only_the_state_file_in_force(packages, tmp_path):
    run("sh", "-c", 'rpm2cpio "$1" | cpio -idm --quiet -D "$2"', "sh", packages["mod_os_balancer"],
        tmp_path)
    conf = (tmp_path / "etc/httpd/conf.d/os_balancer.conf").read_text().splitlines()
    with open(os.path.join(ROOT, "conf/reference.conf"), encoding="utf-8") as file:
        reference = file.read().splitlines()
    assert [line.replace("#", "") for line in conf] == [line.replace("#", "") for line in reference]
    in_force = [line for line in conf if line.strip() and not line.lstrip().startswith("#")]
    assert in_force == ['OSBalancerStateFile "/var/lib/os_balancer/state"']
    module = (tmp_path / "etc/httpd/conf.modules.d/99-os-balancer.conf").read_text()
    assert module == "LoadModule os_balancer_module modules/mod_os_balancer.so\n"


def test_rpmlint_finds_nothing(packages):
    missing("rpmlint")
    done = attempt("rpmlint", "-c", os.path.join(ROOT, "tests/docker/rpmlint.toml"),
                   *packages.values())
    assert " 0 errors, 0 warnings" in done.stdout, done.stdout + done.stderr


def test_without_rpmbuild_it_says_so_in_one_line(tmp_path):
    """A PATH with make, a shell and what they need, and nothing else."""
    for tool in ("make", "sh", "sed", "date", "tar", "gzip", "mkdir", "git", "dirname", "find", "env",
                 "cat", "gcc", "nproc"):
        found = shutil.which(tool)
        if found:
            (tmp_path / tool).symlink_to(found)
    done = attempt("env", f"PATH={tmp_path}", "make", "-s", "-C", ROOT, "rpm",
                   f"BUILD={tmp_path}/build")
    assert done.returncode == 2
    assert "this needs rpmbuild: dnf install rpm-build" in done.stderr.splitlines()
