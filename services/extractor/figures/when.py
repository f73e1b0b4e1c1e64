"""The time that a figure is of: "several years ago", "now", "last year", "in 2018"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from services.extractor.figures.conventions import (
    BEHIND_TIME,
    DAYS,
    MONTHS,
    PERIODS,
    SIMPLE_TIMES,
    TIME_LEADS,
    TIME_UNITS,
    UNITS,
)
from services.extractor.figures.numerals import numeral
from services.extractor.figures.words import Word
from shared.contracts.parts import When

FURTHEST = 8  # words behind the figure
_YEAR = re.compile(r"(?:1[5-9]|20)\d\d")
_ENDS = frozenset((",", ";", ".", ":", "when", "who", "which"))


def is_year(word: Word) -> bool:
    return word.is_number and _YEAR.fullmatch(word.low) is not None


def is_date(words: Sequence[Word], at: int) -> bool:
    """Whether the number there is the day of a month."""
    return any(
        words[i].low in MONTHS and words[i].is_capital for i in (at - 1, at + 1) if 0 <= i < len(words)
    )


def is_ago(words: Sequence[Word], end: int) -> bool:
    """Whether what ends there, an amount of time, only says when: "three days ago"."""
    return end < len(words) and words[end].low in BEHIND_TIME


def when_behind(text: str, words: Sequence[Word], at: int, until: int) -> When | None:
    """The first time in ``words[at:until]``, this side of a comma."""
    for place in range(at, min(until, at + FURTHEST, len(words))):
        if words[place].low in _ENDS:
            return None
        if (end := _time(words, place, until)) > place:
            start, stop = words[place].start, words[end - 1].end
            year = next((word.low for word in words[place:end] if is_year(word)), None)
            # A month with its year is left open: only a plain year has the precision that "from" and "to" say.
            plain = year if end - place == 2 else None
            return When(text=text[start:stop], span=(start, stop), from_=plain, to=plain)
    return None


def _time(words: Sequence[Word], at: int, until: int) -> int:
    low, left = words[at].low, until - at
    if (amount := numeral(words, at)) is not None and amount.end < until:
        unit = UNITS.get(words[amount.end].low)
        return amount.end + 2 if unit in TIME_UNITS and is_ago(words, amount.end + 1) else at
    if low in SIMPLE_TIMES:
        return at + 1
    if left < 2:
        return at
    behind = words[at + 1]
    if low in TIME_LEADS and behind.low in PERIODS:
        return at + 2
    if low == "in" and is_year(behind):
        return at + 2
    if low == "in" and behind.is_capital and behind.low in MONTHS:
        return at + 3 if left > 2 and is_year(words[at + 2]) else at + 2
    if low == "on" and behind.low in DAYS:
        return at + 2
    return at
