"""Hostile text costs a worker time in proportion to its size, never to its square.

Counted in executed lines of our own code, so that a busy machine cannot change the answer.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest

from services.extractor.handler import extract

TraceFunction = Callable[[FrameType, str, Any], Any]

SMALL, LARGE = 2_000, 8_000  # characters; long enough that sentences are cut by length in both
SLACK = 1.5  # a cost of n log n would reach 1.2 at these sizes, one of n² 4

HOSTILE = {
    "straight marks only": '"',
    "opening marks only": "“",
    "closing marks only": "”",
    "opened and never closed": "“a ",
    "empty quotations": "“” ",
    "single marks": "'‘’",
    "quotations without end of sentence": "“a,” said b, ",
    "cues without quotations": "said told says ",
    "one quotation, then cues": "he said that ",
    "commas": "a, ",
    "brackets": "(a) ",
    "open brackets": "( ",
    "abbreviations": "a.b.",
    "hyphens": "a-",
    "digits and commas": "1,,,",
    "paragraphs of unclosed quotations": "“a\n\n",
    "paragraphs of quotations": "“a.”\n\n",
    "colons": "he said: ",
    "relative clauses": "“a,” who said, ",
    "dashes": "“a” — he — said ",
    "capitals": "Ab ",
    "quoted as": "was quoted as ",
}


def lines(text: str) -> int:
    """How many lines of Python the extraction executes; each turn of a loop counts."""
    count = 0

    def counting(_frame: FrameType, event: str, _arg: object) -> TraceFunction:
        nonlocal count
        count += event == "line"
        return counting

    before = sys.gettrace()
    sys.settrace(counting)
    try:
        extract(text, language="en", title=None, publisher=None, site=None)
    finally:
        sys.settrace(before)
    return count


def filled(pattern: str, size: int) -> str:
    return (pattern * (size // len(pattern) + 1))[:size]


@pytest.mark.parametrize("pattern", HOSTILE.values(), ids=HOSTILE.keys())
@pytest.mark.parametrize(
    "around",
    [lambda text: text, lambda text: "Ida Lund said: " + text, lambda text: text + " Ida Lund said."],
    ids=["alone", "behind a cue", "before a cue"],
)
def test_four_times_the_text_costs_at_most_about_four_times_the_work(
    pattern: str, around: Callable[[str], str]
) -> None:
    small = lines(around(filled(pattern, SMALL)))
    large = lines(around(filled(pattern, LARGE)))
    assert large <= SLACK * small * LARGE / SMALL


@pytest.mark.parametrize("pattern", ["“", '"', "a-", "1,,,"])
def test_a_quarter_of_a_megabyte_of_one_mark_comes_back(pattern: str) -> None:
    """A regular expression that backtracks makes no calls, but with the square of this size it hangs."""
    extract(filled(pattern, 2**18), language="en", title=None, publisher=None, site=None)
