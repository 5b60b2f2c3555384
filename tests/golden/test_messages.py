# SPDX-License-Identifier: Apache-2.0
"""Whatever osgen may say of its input, a change or itself is expected somewhere in a golden file or in
a test: no message that nobody has seen."""

import pathlib
import re

import pytest

ROOT = pathlib.Path(__file__).parents[2]
CALL = re.compile(r"\b(?:osg_error|osg_warning|osb_refuse|osg_say|osg_progress|osg_adopt_lose)\(")
STRING = r'"(?:[^"\\]|\\.)*"'
# A string as C has it, in pieces; the text between two of printf's conversions.
PIECES = re.compile(rf"{STRING}(?:\s+{STRING})*")
CONVERSION = re.compile(r"%[-+ #0]*[*\d]*(?:\.[*\d]*)?(?:hh|h|ll|l|j|z|t)?[a-zA-Z%]")
# What can't be brought about where tests run.
NEVER = {
    "libcurl can't be set up", "nothing can be asked: libcurl can't be set up",
    "signals can't be waited for:",
    # Debian's httpd is at one of the places where it is looked for.
    "neither apachectl, apache2ctl nor httpd is found; name one with --control PATH",
}


def expected():
    """All that tests expect, without how Python and C break it into pieces."""
    texts = []
    for path in sorted((ROOT / "tests").rglob("*")):
        if path == pathlib.Path(__file__) or not path.is_file() or "__pycache__" in path.parts:
            continue
        texts.append(path.read_text(errors="replace"))
    text = re.sub(r"[\"']\s+\\?\s*[bf]?[\"']", "", "\n".join(texts))
    return re.sub(r"\s+", " ", text.replace("\\'", "'").replace('\\"', '"'))


def arguments(text, begin):
    """What is between the parenthesis that ends at BEGIN and its other half."""
    depth = 1
    for token in re.finditer(rf"{STRING}|[()]", text[begin:]):
        depth += {"(": 1, ")": -1}.get(token[0], 0)
        if depth == 0:
            return text[begin:begin + token.start()]
    raise AssertionError("a call without an end")


def messages():
    """Of each message the longest part that is the same whenever it comes."""
    for path in sorted((ROOT / "osgen").rglob("*.c")):
        text = path.read_text()
        for call in CALL.finditer(text):
            for pieces in PIECES.findall(arguments(text, call.end())):
                whole = "".join(piece[1:-1] for piece in re.findall(STRING, pieces))
                parts = CONVERSION.split(whole.replace('\\"', '"').replace("\\n", " "))
                part = max((part.strip() for part in parts), key=len)
                if len(part) >= 12:
                    yield f"{path.relative_to(ROOT)}:{text.count(chr(10), 0, call.start()) + 1}", part


EXPECTED = expected()
MESSAGES = sorted(messages())


def test_there_are_messages():
    assert len(MESSAGES) > 200
    assert NEVER <= {part for _, part in MESSAGES}


@pytest.mark.parametrize("part", [pytest.param(part, id=place) for place, part in MESSAGES])
def test_a_message_is_expected_somewhere(part):
    found = part in EXPECTED
    assert found or part in NEVER, part
