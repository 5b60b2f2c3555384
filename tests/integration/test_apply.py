# SPDX-License-Identifier: Apache-2.0
"""osgen apply and try on a real httpd: what comes into force, what is taken back, and what users
notice of it. test_try_steps.py has each step."""

import os
import signal
import socket
import subprocess

import pytest

from harness.change import wait_for_end
from harness.httpd import binary
from harness.load import Load
from harness.ports import free_port
from harness.process import Process
from harness.site import OSGEN, write_secret
from harness.standin import Standin
from harness.wait import wait_until

HEALTH = "{interval: 300ms, fast: 100ms, timeout: 300ms}"

# As Debian's apache2ctl, for an httpd with a configuration of its own. Where the file in place
# has the address 127.0.0.9, httpd is given a port that somebody else has, which -t doesn't notice.
CONTROL = """\
#!/bin/sh
httpd='{httpd} -f {conf}'
: >{deadly}
if [ "$1" != configtest ] && grep -q 127.0.0.9 {file}; then echo 'Listen 127.0.0.1:{port}' >{deadly}; fi
case $1 in
configtest) exec $httpd -t ;;
-*) exec $httpd "$@" ;;
*) exec $httpd -k "$1" ;;
esac
"""


class Scene:
    """A site that was rendered and runs, and osgen to change it."""

    def __init__(self, one, taken):
        self.site = one
        self.control = os.path.join(one.root, "apachectl")
        self.deadly = os.path.join(one.root, "deadly.conf")
        with open(self.deadly, "w", encoding="utf-8"):
            pass
        one.start(extra=f'Include "{self.deadly}"\n')
        with open(self.control, "w", encoding="utf-8") as out:
            out.write(CONTROL.format(httpd=binary(), conf=one.httpd.conf, file=one.conf,
                                     deadly=self.deadly, port=taken))
            os.fchmod(out.fileno(), 0o755)
        one.wait_until_up()
        self.old = self.held()

    def held(self):
        with open(self.site.conf, encoding="utf-8") as file:
            return file.read()

    def words(self, command, *more):
        return [OSGEN, command, "-o", self.site.conf, "--control", self.control, *more,
                self.site.topology]

    def change(self, command="apply", *more, code=0):
        run = subprocess.run(self.words(command, *more), stdin=subprocess.DEVNULL, text=True,
                             capture_output=True, timeout=120)
        assert run.returncode == code, run.stderr + self.site.httpd.log()
        return run.stderr

    def begin(self, command="try", *more):
        return Process(self.words(command, *more), os.path.join(self.site.root, "osgen.log"))

    def check_old(self):
        assert self.held() == self.old
        assert sorted(name for name in os.listdir(self.site.root) if "vhost" in name) == \
            [os.path.basename(self.site.conf)]

    def reloads(self):
        return self.site.httpd.log().count("resuming normal operations") - 1


@pytest.fixture
def running(site, standins, after_servers):
    """A running site with two nodes."""
    taken = free_port()

    def make(**options):
        return Scene(site(standins, health=HEALTH, **options), taken)
    make.taken = taken
    return make


@pytest.fixture
def third(tmp_path, after_servers):
    node = Standin(tmp_path / "standin3", node="os3")
    after_servers.callback(node.stop)
    node.start()
    return node


def test_a_change_is_in_force_when_apply_ends_and_nobody_notices(running, third):
    one = running()
    since = one.site.member(one.site.nodes[0])["since"]
    one.site.nodes = [one.site.nodes[0], third]
    one.site.write_topology()
    with Load(one.site) as load:
        wait_until(lambda: len(load.answers) > 50, 20, "the first requests")
        said = one.change()
        served = len(load.answers)
        wait_until(lambda: len(load.answers) > served + 50, 20, "more requests")
    assert "    os1 is up\n" in said and said.count(" is up\n") == 2
    assert {status for status, _ in load.answers} == {200}
    assert set(one.site.httpd.members()) == {node.url for node in one.site.nodes}
    assert one.site.member(one.site.nodes[0])["since"] == since, "its health state was kept"
    assert one.reloads() == 1


def test_what_httpd_refuses_is_taken_back_in_its_own_words(running):
    one = running()
    one.site.health = "{interval: 1s, tls_ca: /no/such/file.pem}"
    one.site.write_topology()
    said = one.change(code=1)
    assert "configtest failed:\n" in said and "/no/such/file.pem" in said
    one.check_old()
    assert one.reloads() == 0
    assert one.site.served_by() == {"os1", "os2"}


def test_a_reload_that_ends_httpd_is_taken_back_and_httpd_started(running, after_servers):
    one = running()
    one.site.httpd.expect("Unable to open logs", "no listening sockets", "AH00098: pid file")
    after_servers.callback(one.site.httpd.stop_daemon)
    one.site.admin = "127.0.0.1', '127.0.0.9"
    one.site.write_topology()
    with socket.create_server(("127.0.0.1", running.taken)):
        process = one.begin("apply")
        # This takes its corpse away too, which httpd -k start would take for a running httpd.
        wait_until(lambda: not one.site.httpd.running, 30, "httpd's end")
        code, said = wait_for_end(process, 60)
    assert code == 1, said + one.site.httpd.log()
    assert "osgen: httpd doesn't answer: " in said
    assert "osgen: httpd didn't answer, and was started\n" in said
    assert said.endswith("osgen: httpd has reloaded it\n")
    one.check_old()
    one.site.wait_until_up()
    assert one.site.served_by() == {"os1", "os2"}


def test_an_httpd_that_is_stopped_is_started(running, after_servers):
    """What apply starts lives longer than apply, and writes to where apply has it write."""
    one = running()
    after_servers.callback(one.site.httpd.stop_daemon)
    one.site.httpd.stop()
    for _ in range(10):
        one.change()
        assert one.site.served_by() == {"os1", "os2"}
        one.site.httpd.stop_daemon()


def test_a_file_that_httpd_does_not_include_is_taken_back(running):
    """Though the status page shows just its members already."""
    one = running()
    one.site.balance = "  timeout: 30s"
    one.site.write_topology()
    other = os.path.join(one.site.root, "other.conf")
    words = one.words("apply")
    words[words.index(one.site.conf)] = other
    run = subprocess.run(words, stdin=subprocess.DEVNULL, text=True, capture_output=True, timeout=60)
    assert run.returncode == 1, run.stderr
    assert f"osgen: httpd doesn't include {other}: its configuration lacks an Include of it\n" \
        in run.stderr
    assert not os.path.exists(other)
    one.check_old()
    assert one.reloads() == 0


def test_a_secret_that_the_nodes_refuse_is_taken_back(running):
    one = running()
    one.site.httpd.expect("up -> forbidden")
    one.site.write_topology()
    for name in ("os1", "os2"):
        write_secret(os.path.join(one.site.root, f"{name}.secret"), "not-theirs")
    said = one.change(code=1)
    assert "os1 is forbidden" in said and "osgen: no instance can serve\n" in said
    assert "not-theirs" not in said
    one.check_old()
    one.site.wait_until_up()


def test_a_first_site_comes_into_force(httpd, standins, tmp_path):
    server = httpd()
    topology, conf = tmp_path / "topology.yaml", tmp_path / "site.conf"
    server.configure(f'IncludeOptional "{conf}*"')
    server.start()
    control = tmp_path / "httpd"
    control.write_text(f"#!/bin/sh\nexec {binary()} -f {server.conf} \"$@\"\n")
    control.chmod(0o755)
    nodes = "".join(f"  - {{name: {node.node}, url: '{node.url}', secret: {node.secret}}}\n"
                    for node in standins)
    topology.write_text(f"site: {{name: os.example.org, listen: '127.0.0.1:{server.port}'}}\n"
                        f"instances:\n{nodes}")
    topology.chmod(0o600)
    run = subprocess.run([OSGEN, "apply", "-o", conf, "--control", control, topology], text=True,
                         capture_output=True, timeout=60)
    assert run.returncode == 0, run.stderr
    assert f"{control} -k graceful\n" in run.stderr, "it is called as httpd itself"
    assert {member["state"] for member in server.members().values()} == {"up"}
    assert conf.stat().st_mode & 0o7777 == 0o640


# ---- try ------------------------------------------------------------------------------------------


def offer(one, node, *more):
    """Begins a try of a site with NODE alone, and waits until it asks."""
    one.site.nodes = [node]
    one.site.write_topology()
    process = one.begin("try", *more)
    wait_until(lambda: "[5/5]" in process.output() or not process.running, 60, "the question")
    assert process.running, process.output()
    assert set(one.site.httpd.members()) == {node.url}, "it is in force while somebody is asked"
    return process


def test_a_change_that_is_confirmed_stays(running, third):
    one = running()
    process = offer(one, third)
    subprocess.run([OSGEN, "try", "--confirm", "-o", one.site.conf], check=True, timeout=60,
                   capture_output=True)
    assert wait_for_end(process)[0] == 0, process.output()
    assert set(one.site.httpd.members()) == {third.url}
    assert one.reloads() == 1


def members_are_back(one, nodes):
    return set(one.site.httpd.members()) == {node.url for node in nodes}


def test_a_change_that_nobody_confirms_goes(running, third):
    one = running()
    nodes = one.site.nodes
    process = offer(one, third, "--timeout", "500ms")
    assert wait_for_end(process)[0] == 1, process.output()
    one.check_old()
    wait_until(lambda: members_are_back(one, nodes), 10, "the members from before")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP],
                         ids=lambda number: number.name)
def test_a_signal_takes_a_change_back(running, third, number):
    one = running()
    nodes = one.site.nodes
    process = offer(one, third)
    process.signal(number)
    assert wait_for_end(process)[0] == 1, process.output()
    one.check_old()
    wait_until(lambda: members_are_back(one, nodes), 10, "the members from before")


def test_after_a_kill_the_next_run_starts_from_the_old_site(running, third):
    """And here it ends there, since what it is to apply is the site from before."""
    one = running()
    nodes = one.site.nodes
    offer(one, third).kill()
    assert set(one.site.httpd.members()) == {third.url}
    one.site.nodes = nodes
    one.site.write_topology()
    said = one.change("try")
    assert "was cut off before anybody had confirmed its change" in said
    one.check_old()
    assert members_are_back(one, nodes)
