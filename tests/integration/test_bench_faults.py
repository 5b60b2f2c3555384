# SPDX-License-Identifier: Apache-2.0
"""What `make bench-faults` counts and draws: that a wrong answer isn't taken for a right one."""

import xml.etree.ElementTree

import pytest

from bench.faults.chart import Panel, draw
from bench.faults.client import status_of
from bench.faults.figures import Bar, count
from bench.faults.users import Answer

CHUNKED = b"HTTP/1.1 200 \r\nTransfer-Encoding: chunked\r\n\r\n"
LENGTH = b"HTTP/1.1 500 \r\ncontent-length: 3\r\n\r\n"


@pytest.mark.parametrize("answer, status", [
    (CHUNKED + b"2\r\n{}\r\n0\r\n\r\n", 200), (CHUNKED + b"2\r\n{}\r\n", 0), (CHUNKED, 0),
    (LENGTH + b"abc", 500), (LENGTH + b"ab", 0), (b"HTTP/1.1 503 \r\n\r\n", 503), (b"", 0)])
def test_an_answer_that_was_cut_off_is_none(answer, status):
    assert status_of(answer) == status


GOOD = Answer(0, "GET", 0.0, 0.01, 200)
SLOW = Answer(1, "GET", 0.1, 1.01, 200)
LATE = Answer(2, "GET", 0.2, 5.01, 200)
WRONG = Answer(3, "GET", 0.3, 0.01, 404)
SILENT = Answer(4, "GET", 0.4, 30.0, None)


def test_each_answer_is_counted_for_what_it_is():
    assert str(count([GOOD])) == "0 / 0, 0.01 s"
    assert str(count([GOOD, SLOW])) == "0 / 1, 1.01 s"
    assert str(count([GOOD, SLOW, LATE, WRONG])) == "2 / 2, 5.01 s"
    assert str(count([GOOD, SILENT, WRONG])) == "2 / 1, over 30.00 s"


def test_a_bar_is_missed_by_what_is_over_it():
    assert Bar(slow=1, worst=1.5).missed(count([GOOD, SLOW])) == []
    assert Bar(slow=0, worst=1.0).missed(count([GOOD, SLOW])) == ["slow 1, at most 0",
                                                                 "worst 1.01, at most 1.0"]
    assert Bar().missed(count([SILENT])) == ["failed 1, at most 0"]


def test_a_picture_is_well_formed_whatever_the_names_and_has_every_request():
    hostile = '<script>&"]]>'
    picture = draw(hostile, [Panel(hostile, hostile, [GOOD, SLOW, LATE, WRONG, SILENT],
                                   [(0.0, 0.2, hostile)])])
    root = xml.etree.ElementTree.fromstring(picture)
    texts = [element.text for element in root.findall(".//{*}text")]
    assert texts.count(hostile) == 4
    marks = {path.get("class"): path.get("d").count("M")
             for path in root.findall("{*}g/{*}path")}
    assert (marks["quick"], marks["slow"], marks["failed"]) == (1, 1, 3)
