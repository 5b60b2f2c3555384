# SPDX-License-Identifier: Apache-2.0
"""A thousand members in one balancer, each checked once a second."""

import os

import pytest

from harness import statefile
from harness.balancer import common_directory, conf
from harness.crowd import Crowd
from harness.wait import wait_until

COUNT = 1000


@pytest.fixture
def crowd(tmp_path, after_servers):
    one = Crowd(tmp_path / "crowd", COUNT)
    after_servers.callback(one.stop)
    one.start()
    return one


def test_a_thousand_members_are_checked_kept_and_known_after_a_reload(
        httpd, crowd, after_servers):
    path = os.path.join(after_servers.enter_context(common_directory()), "state")
    server = httpd()
    server.configure(conf(crowd.members, "interval=1s timeout=1s fall=10",
                          extra=f'OSBalancerStateFile "{path}"'))
    server.start()

    def all_are_up():
        return {member["state"] for member in server.members().values()} == {"up"}

    def all_are_checked_after(before):
        return all(member["checks"] >= before[url]["checks"] + 2
                   for url, member in server.members().items())

    wait_until(all_are_up, 10, "all to be up", pause=0.2)
    before = server.members()
    assert len(before) == COUNT
    wait_until(lambda: all_are_checked_after(before), 5, "two more checks of each", pause=0.2)
    wait_until(lambda: statefile.is_whole(path) and len(statefile.read(path).members) == COUNT, 5,
               "all in the file", pause=0.2)
    server.graceful()
    assert all_are_up()
    after = server.members()
    assert all(after[url]["since"] == before[url]["since"] for url in before)
    wait_until(lambda: all_are_checked_after(after), 5, "two more checks of each", pause=0.2)
    assert len(server.transitions()) == COUNT, "each came up, and nothing else"
