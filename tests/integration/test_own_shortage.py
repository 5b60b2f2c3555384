# SPDX-License-Identifier: Apache-2.0
"""What this host lacks is no member's fault: states stay as they are, and the log says so, once."""

import contextlib
import os
import resource
import subprocess

import pytest

from harness.balancer import common_directory, conf, journal, told
from harness.tls import Keystore
from harness.wait import stays, wait_until

HEALTH = "interval=300ms timeout=300ms fast=100ms rise=1 fall=1"
WANT = r"^\[error\].* can't be checked, for want of something on this host; .*: "


def start(server, nodes, urls, settings=""):
    """URLS: what stands for the nodes' own."""
    text = conf(nodes, f"{HEALTH} {settings}")
    for node, url in zip(nodes, urls):
        text = text.replace(node.url, url)
    server.configure(text)
    server.start()


def wait_for_one_complaint(server, words):
    """Waits for the complaint, and then while each member would be checked five times."""
    wait_until(lambda: told(server, WANT + words), 5, "the complaint")
    stays(lambda: len(told(server, WANT)) == 1, 1.5, "one complaint")


def set_most_descriptors(pid, most):
    """As the process's own user: root may not everywhere."""
    with open(f"/proc/{pid}/status", encoding="ascii") as status:
        user, group = (int(line.split()[1]) for line in status if line[:4] in ("Uid:", "Gid:"))
    subprocess.run(["prlimit", f"--pid={pid}", f"--nofile={most}:"], check=True, user=user,
                   group=group)


@contextlib.contextmanager
def no_new_descriptors(pid):
    """The process keeps what it has open."""
    set_most_descriptors(pid, 3)
    try:
        yield
    finally:
        set_most_descriptors(pid, resource.getrlimit(resource.RLIMIT_NOFILE)[0])


@pytest.mark.parametrize("scheme", ["ajp", "http"])
def test_a_want_of_descriptors_changes_no_state_and_is_told_once(httpd, standins, scheme):
    """Of an AJP member that is well the checks have a connection; of one that is out each has its
    own. Nobody asks httpd meanwhile: it would have none for a visitor either."""
    urls = [node.url if scheme == "ajp" else node.http_url for node in standins]
    server = httpd()
    server.expect("for want of something", f"{urls[1]}: up -> not-deployed: ")
    start(server, standins, urls)
    for url in urls:
        server.wait_for_state(url, "up", 10)
    standins[1].undeploy()
    server.wait_for_state(urls[1], "not-deployed", 5)
    before = server.members()
    with no_new_descriptors(server.status()["checker"]["pid"]):
        wait_for_one_complaint(server, "Too many open files$")
    wait_until(lambda: all(server.members()[url]["checks"] >= before[url]["checks"] + 3
                           for url in urls), 5, "more checks")
    for url, member in server.members().items():
        assert (member["state"], member["since"]) == (before[url]["state"], before[url]["since"])
    assert server.members()[urls[0]]["checks_failed"] == 0
    assert len(journal(server)) == 3, "both came up, one went out, and nothing else"
    standins[1].deploy()
    server.wait_for_state(urls[1], "up", 5)
    assert len(told(server, WANT)) == 1


@pytest.mark.skipif(os.getuid() != 0, reason="httpd's user is the test's own, who reads the file")
def test_authorities_that_httpds_own_user_can_not_read_leave_members_unverified(
        httpd, standins, after_servers):
    """Root reads them when httpd starts. As soon as the user may too, the checks find something
    out: that these ports speak no TLS."""
    urls = [node.http_url.replace("http:", "https:") for node in standins]
    directory = after_servers.enter_context(common_directory())
    authority = Keystore(directory, names=()).authority
    os.chmod(authority, 0o600)
    server = httpd()
    server.expect("for want of something", "unverified -> unreachable: ")
    start(server, standins, urls, f"tls_ca={authority}")
    wait_for_one_complaint(server, f".*{authority}")
    assert {member["state"] for member in server.members().values()} == {"unverified"}
    assert journal(server) == []
    os.chmod(authority, 0o644)
    for url in urls:
        server.wait_for_state(url, "unreachable", 5)
