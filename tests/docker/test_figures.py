# SPDX-License-Identifier: Apache-2.0
"""How large the images are, and how soon a balancer serves. The run ends with these figures."""

import statistics
import time

from engine import BALANCER, BASE, STANDIN, docker
from figures import tell
from harness.wait import wait_until

ECHO = "/openspecimen/rest/ng/echo"
STARTS = 10


def megabytes(image):
    return int(docker("image", "inspect", "-f", "{{.Size}}", image)) / 1e6


def test_the_images_are_small(images):
    base, balancer, standin = (megabytes(image) for image in (BASE, BALANCER, STANDIN))
    tell(f"image: {balancer:.0f} MB, of which {BASE} has {base:.0f}; "
         f"of the stand-in {standin:.0f} MB")
    assert balancer - base < 180
    assert standin - base < 5


def serves(one):
    try:
        return one.request(ECHO).status == 200
    except OSError:
        return False


def test_it_serves_soon_after_its_start(balancer, nodes):
    """Of docker run's own time, half a second or so, nothing is taken away."""
    times = []
    for _ in range(STARTS):
        began = time.monotonic()
        one = balancer()
        wait_until(lambda: serves(one), 20, "the first answer of a node")
        times.append(time.monotonic() - began)
        one.remove()
    tell(f"from docker run to a node's first answer: {statistics.median(times):.2f} s, "
         f"at worst {max(times):.2f} s, of {STARTS}")
    assert max(times) < 10
