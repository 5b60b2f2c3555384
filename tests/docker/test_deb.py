# SPDX-License-Identifier: Apache-2.0
"""The Debian packages, from `make deb` to their purge, in a fresh Debian with its own httpd."""

import glob
import os
import re
import shutil

import pytest

import debian
from engine import attempt, run
from harness.httpd import ROOT
from harness.load import Load
from harness.wait import wait_until
from packages import make, missing, version

MODULE, OSGEN = "libapache2-mod-os-balancer", "osgen"
OS1, OS2 = (f"ajp://os{n}.internal.openspecimen.org/openspecimen" for n in (1, 2))
SITE = "/etc/apache2/sites-available/openspecimen.conf"
STATE = "/var/lib/os_balancer"
ECHO = "/openspecimen/rest/ng/echo"

# By the names that the shortest topology has.
HOSTS = """\
127.0.0.1 admin.internal.openspecimen.org localhost
127.0.0.2 os1.internal.openspecimen.org
127.0.0.3 os2.internal.openspecimen.org
"""


def dependencies():
    """The modules that come with ours."""
    path = os.path.join(ROOT, "docker/packaging/debian/os_balancer.load")
    with open(path, encoding="utf-8") as file:
        return re.search(r"^# Depends: (.*)$", file.read(), re.M).group(1).split()


class Release:
    """What `make deb` makes of RELEASE, in FOLDER."""

    def __init__(self, folder, release):
        make("deb", f"BUILD={folder}", f"RELEASE={release}")
        self.folder = f"{folder}/deb"
        self.version = f"{version()}-{release}"
        self.packages = [self.package(name) for name in (MODULE, OSGEN)]

    def package(self, name):
        found, = glob.glob(f"{self.folder}/{name}_{self.version}_*.deb")
        return found


@pytest.fixture(scope="session")
def builder(tmp_path_factory):
    missing("dpkg-buildpackage", "dh_apache2", "fakeroot")
    return lambda release: Release(tmp_path_factory.mktemp(f"release{release}"), release)


@pytest.fixture(scope="session")
def first(builder):
    return builder(1)


@pytest.fixture(scope="session")
def second(builder):
    return builder(2)


@pytest.fixture(scope="session")
def fresh(tmp_path_factory):
    reason = debian.why_not()
    root = tmp_path_factory.mktemp("debian") / "root"
    reason = reason or debian.make(root)
    if reason:
        pytest.skip(reason)
    yield root
    shutil.rmtree(root)


@pytest.fixture
def host(fresh, tmp_path):
    """A Debian of a test's own in which httpd runs."""
    root = tmp_path / "root"
    run("cp", "-a", fresh, root)
    with debian.Debian(str(root)) as one:
        one.write("/etc/hosts", HOSTS)
        one.run("service", "apache2", "start")
        yield one
    shutil.rmtree(root)


@pytest.fixture
def nodes(host, tmp_path):
    pair = [debian.Inner(host, tmp_path / node, node, f"127.0.0.{number}")
            for number, node in ((2, "os1"), (3, "os2"))]
    for node in pair:
        node.start()
    yield pair
    for node in pair:
        node.stop()


def httpd_of(host):
    return host.read("/run/apache2/apache2.pid").strip()


def put_site(host):
    """As the README has it, with the shortest of the examples."""
    host.run("osgen", "render", "-o", SITE, "/usr/share/doc/osgen/examples/shortest.yaml")
    host.run("a2ensite", "-q", "openspecimen")
    host.run("apachectl", "graceful")


def wait_until_up(host):
    for url in (OS1, OS2):
        host.wait_for_state(url, "up", 20)


def answers(host):
    """Whether the status page does."""
    try:
        return host.request("/balancer-status").status == 200
    except OSError:
        return False


def serve(host):
    put_site(host)
    wait_until(lambda: answers(host), 20, "the status page")
    wait_until_up(host)


def served_by(host):
    got = [host.request(ECHO) for _ in range(6)]
    assert {answer.status for answer in got} == {200}
    return {answer.json["node"] for answer in got}


def test_lintian_finds_nothing(first):
    missing("lintian")
    changes, = glob.glob(f"{first.folder}/*.changes")
    # It is no upload to Debian's archive.
    done = attempt("lintian", "--allow-root", "--fail-on", "error,warning", "--suppress-tags",
                   "initial-upload-closes-no-bugs", changes, limit=600)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_the_same_sources_make_the_same_packages(first, builder):
    again = builder(1)
    for one, other in zip(first.packages, again.packages, strict=True):
        with open(one, "rb") as left, open(other, "rb") as right:
            assert left.read() == right.read(), one


def test_they_hold_what_they_should(first):
    def listing(package):
        lines = run("dpkg-deb", "-c", package).splitlines()
        return {line.split()[5][1:]: line.split()[:2] for line in lines if not line.endswith("/")}
    module, osgen = (listing(package) for package in first.packages)
    assert {path for path in module if not path.startswith("/usr/share/")} == {
        "/usr/lib/apache2/modules/mod_os_balancer.so",
        "/etc/apache2/mods-available/os_balancer.load",
        "/etc/apache2/mods-available/os_balancer.conf"}
    assert {"/usr/bin/osgen", "/usr/share/man/man1/osgen.1.gz",
            "/usr/share/man/man5/osgen-topology.5.gz",
            "/usr/share/bash-completion/completions/osgen",
            "/usr/share/zsh/vendor-completions/_osgen", "/usr/share/osgen/topology.schema.json",
            *(f"/usr/share/doc/osgen/examples/{name}"
              for name in os.listdir(os.path.join(ROOT, "conf")))} <= set(osgen)


def test_it_is_installed_and_serves_a_site(first, host, nodes):
    before = httpd_of(host)
    host.install(*first.packages)
    assert host.run("osgen", "--version") == f"osgen {version()}"
    assert "enabled" in host.run("a2query", "-m", "os_balancer")
    # By hand, with what it depends on
    host.run("a2dismod", "-q", "-f", "os_balancer", "proxy", "proxy_ajp", "proxy_balancer")
    host.run("a2enmod", "-q", "os_balancer")
    serve(host)
    assert served_by(host) == {"os1", "os2"}
    assert httpd_of(host) == before
    told = host.request("/openspecimen/rest/ng/echo", host="another.name.example")
    assert told.status == 404
    nodes[0].control(deployed="off")
    host.wait_for_state(OS1, "not-deployed", 10)
    assert served_by(host) == {"os2"}


def test_each_module_that_a_rendered_site_names_comes_with_it(first, host):
    host.install(*first.packages)
    put_site(host)
    wanted = re.search(r"a2enmod (.*)", host.read(SITE)).group(1).split()
    assert len(wanted) >= 8
    for module in [*wanted, "os_balancer"]:
        assert "enabled" in host.run("a2query", "-m", module)


def test_the_state_is_httpds_own_and_outlives_a_stop(first, host, nodes):
    host.install(*first.packages)
    assert host.run("stat", "-c", "%U:%G %a", STATE) == "www-data:www-data 700"
    serve(host)
    nodes[0].control(deployed="off")
    host.wait_for_state(OS1, "not-deployed", 10)
    wait_until(lambda: "not-deployed" in host.read(f"{STATE}/state"), 10, "the state file")
    host.run("service", "apache2", "stop")
    assert host.run("stat", "-c", "%U:%G %a", f"{STATE}/state") == "www-data:www-data 600"
    host.run("service", "apache2", "start")
    wait_until(lambda: answers(host), 20, "the status page")
    assert host.members()[OS1]["state"] == "not-deployed"


def test_an_upgrade_forgets_nothing_and_loses_no_request(first, second, host, nodes):
    host.install(*first.packages)
    serve(host)
    nodes[0].control(deployed="off")
    host.wait_for_state(OS1, "not-deployed", 10)
    before, number = httpd_of(host), host.status()["journal"][0]["number"]
    child = host.status()["checker"]["pid"]
    with Load(host, threads=2, pause=0.01) as load:
        host.install(*second.packages)
        wait_until(lambda: host.status()["checker"]["pid"] != child, 20, "the reload")
        seen = len(load.answers)
        wait_until(lambda: len(load.answers) > seen + 20, 10, "requests after it")
    assert load.answered(200) == len(load.answers)
    assert host.run("dpkg-query", "-W", "-f", "${Version}", MODULE) == second.version
    assert httpd_of(host) == before, "httpd was restarted, not reloaded"
    assert host.members()[OS1]["state"] == "not-deployed"
    assert host.status()["journal"][0]["number"] == number


def test_an_upgrade_leaves_alone_what_its_owner_changed(first, second, host):
    host.install(*first.packages)
    conf = "/etc/apache2/mods-available/os_balancer.conf"
    mine = host.read(conf).replace("OSBalancerStateFile", "#OSBalancerStateFile")
    host.write(conf, mine)
    host.run("a2dismod", "-q", "os_balancer")
    host.install(*second.packages)
    assert host.read(conf) == mine
    assert attempt(*host.enter, "chroot", host.root, "a2query", "-m",
                          "os_balancer").returncode != 0


def test_a_purge_leaves_nothing_behind(first, host, nodes):
    before = host.files()
    host.install(*first.packages)
    serve(host)
    wait_until(lambda: os.path.exists(f"{host.root}{STATE}/state"), 10, "the state file")
    host.run("a2dissite", "-q", "openspecimen")
    os.unlink(host.root + SITE)
    host.run("apt-get", "purge", "-q", "-y", MODULE, OSGEN)
    # Modules of httpd's own that came to be enabled with ours stay so, since others may want them by
    # now; and what a2enmod and a2dissite remember.
    kept = tuple(f"/etc/apache2/mods-enabled/{name}." for name in dependencies())
    assert [path for path in sorted(host.files() - before)
            if not path.startswith((*kept, "/var/lib/apache2/"))] == []
    assert "os_balancer" not in " ".join(host.files())
    assert before - host.files() == set()
    assert host.run("apachectl", "configtest") == ""
    wait_until(lambda: host.request("/", host="localhost").status == 200, 20, "httpd without us")
