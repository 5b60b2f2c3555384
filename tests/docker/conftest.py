# SPDX-License-Identifier: Apache-2.0
import contextlib
import os

import pytest

import figures
from docker_site import write_secret, write_topology
from engine import (BALANCER, PROMETHEUS, SECRET, STANDIN, Balancer, Standin, build,
                    compose_command, docker, why_no_image, why_not)


def pytest_terminal_summary(terminalreporter):
    for line in figures.lines:
        terminalreporter.write_line(line)


@pytest.fixture(scope="session")
def engine():
    reason = why_not()
    if reason:
        pytest.skip(reason)


@pytest.fixture(scope="session")
def images(engine):
    build(STANDIN, "--target", "standin")
    build(BALANCER)


@pytest.fixture(scope="session")
def prometheus_image(engine):
    """PROMETHEUS_IMAGE, prom/prometheus, or Debian's in its place."""
    image = os.environ.get("PROMETHEUS_IMAGE", "prom/prometheus")
    if why_no_image(image) is None:
        return image
    build(PROMETHEUS, file="tests/docker/prometheus.dockerfile")
    return PROMETHEUS


@pytest.fixture(scope="session")
def compose(engine):
    """The words that compose is called by."""
    words = compose_command()
    if words is None:
        pytest.skip("there is neither docker compose nor docker-compose")
    return words


@pytest.fixture(scope="session")
def secret_file(tmp_path_factory):
    return write_secret(tmp_path_factory.mktemp("secret") / "ajp", SECRET)


@pytest.fixture(scope="session")
def network(images):
    name = f"osb-test-{os.getpid()}"
    docker("network", "create", name)
    yield name
    docker("network", "rm", name)


@pytest.fixture(scope="session")
def node_pair(network, secret_file):
    """Two nodes for all tests of a run; use `nodes`, which hands them out in good health."""
    with contextlib.ExitStack() as stack:
        pair = []
        for name in ("os1", "os2"):
            pair.append(Standin(name, network, secret_file))
            stack.callback(pair[-1].remove)
        yield pair


@pytest.fixture
def nodes(node_pair):
    for node in node_pair:
        if not node.running:
            node.start()
        node.control(db="ok", delay="0", deployed="on")
    return node_pair


@pytest.fixture
def site(tmp_path):
    """A directory with a topology of both nodes."""
    path = tmp_path / "site"
    path.mkdir()
    path.chmod(0o755)
    write_topology(path)
    return path


@pytest.fixture
def balancer(nodes, network, site, secret_file):
    """Makes balancers of a test's own, and removes them at its end."""
    with contextlib.ExitStack() as stack:
        def make(*options, **more):
            one = Balancer(network, site, secret_file, *options, **more)
            stack.callback(one.remove)
            return one
        yield make
