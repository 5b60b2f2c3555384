# SPDX-License-Identifier: Apache-2.0
import contextlib

import pytest

from harness.change import Change
from harness.httpd import Httpd
from harness.site import Site
from harness.standin import Standin
from harness.tomcat import Tomcat


@pytest.fixture
def after_servers():
    """Takes what is to be stopped when every server is: a node that ended before its balancer
    would make transitions that no test asked for."""
    with contextlib.ExitStack() as stack:
        yield stack


@pytest.fixture
def httpd(tmp_path, after_servers):
    """Makes servers of a test's own, and stops them at its end."""
    made = []

    def make(**options):
        server = Httpd(tmp_path / f"httpd{len(made)}", **options)
        made.append(server)
        return server

    yield make
    for server in made:
        server.stop()


@pytest.fixture
def site(tmp_path, after_servers):
    """Makes sites of a test's own, and stops them at its end."""
    made = []

    def make(nodes, **options):
        one = Site(tmp_path / f"site{len(made)}", nodes, **options)
        made.append(one)
        return one

    yield make
    for one in made:
        one.stop()


@pytest.fixture
def standins(tmp_path, after_servers):
    """Two C stand-ins, started."""
    nodes = [Standin(tmp_path / f"standin{number}", node=f"os{number}") for number in (1, 2)]
    for node in nodes:
        after_servers.callback(node.stop)
        node.start()
    return nodes


@pytest.fixture(scope="session")
def tomcat_pair(tmp_path_factory):
    """Two Tomcats for all tests of a run; use `tomcats`, which hands them out in good health."""
    nodes = [Tomcat(tmp_path_factory.mktemp("tomcat"), node=f"os{number}") for number in (1, 2)]
    try:
        for node in nodes:
            node.start()
        yield nodes
    finally:
        for node in nodes:
            node.stop()


@pytest.fixture
def tomcats(tomcat_pair):
    """Two real Tomcats in good health."""
    for node in tomcat_pair:
        node.heal()
    return tomcat_pair


@pytest.fixture
def scene(tmp_path):
    """Makes sites that are about to be changed, before no real httpd."""
    made = []

    def make(**options):
        made.append(Change(tmp_path, **options))
        return made[-1]

    yield make
    for one in made:
        one.reloads.close()
