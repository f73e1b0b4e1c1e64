"""The time that a figure is of: "several years ago", "now", "last year", "in 2018"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from services.extractor import lexicon
from services.extractor.figures.conventions import (
    BEHIND_TIME,
    DAYS,
    MONTHS,
    PERIODS,
    SIMPLE_TIMES,
    STATES,
    TIME_LEADS,
    TIME_UNITS,
    TOTALS,
    UNITS,
)
from services.extractor.figures.numerals import numeral
from services.extractor.figures.words import Word, word_at
from services.extractor.verbs import FORMS
from shared.contracts.parts import When

FURTHEST = 8  # words behind the figure
_LAST_DAY = 31
_SHORT_MONTHS = frozenset(
    {"jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec"}
)
_CLAUSE = 8  # words before the figure
_YEAR = re.compile(r"(?:1[5-9]|20)\d\d")
_ENDS = frozenset((",", ";", ".", ":", "when", "who", "which"))


def is_year(word: Word) -> bool:
    return word.is_number and _YEAR.fullmatch(word.low) is not None


def is_date(words: Sequence[Word], at: int) -> bool:
    """Whether the number there is the day of a month."""
    before, behind = word_at(words, at - 1), word_at(words, at + 1)
    short = behind in _SHORT_MONTHS or (before == "." and word_at(words, at - 2) in _SHORT_MONTHS)
    if short and words[at].low.isdigit() and int(words[at].low) <= _LAST_DAY:
        return True  # "Dec. 15", "15 Dec."
    return any(
        words[i].low in MONTHS and words[i].is_capital for i in (at - 1, at + 1) if 0 <= i < len(words)
    )


def is_ago(words: Sequence[Word], end: int) -> bool:
    """Whether what ends there, an amount of time, only says when: "three days ago"."""
    return end < len(words) and words[end].low in BEHIND_TIME


def when_behind(text: str, words: Sequence[Word], start: int, at: int, until: int) -> When | None:
    """The first time in ``words[at:until]``, this side of a comma and of a verb, for the figure that begins at
    ``start``."""
    for place in range(at, min(until, at + FURTHEST, len(words))):
        if words[place].low in _ENDS:
            return None
        if (end := _time(words, place, until)) > place:
            if not lasts(words, start, place, words[place:end]):
                return None
            first, stop = words[place].start, words[end - 1].end
            year = next((word.low for word in words[place:end] if is_year(word)), None)
            # A month with its year is left open: only a plain year has the precision that "from" and "to" say.
            plain = year if end - place == 2 else None
            return When(text=text[first:stop], span=(first, stop), from_=plain, to=plain)
    return None


def lasts(words: Sequence[Word], start: int, behind: int, time: Sequence[Word]) -> bool:
    """Whether the figure at ``start`` is of the time, ``behind`` which words it stands, and no event is: "held £39 on
    Monday", "sold 300 cars in May", but not "sent six letters in May". Years and longer are what figures are of."""
    if (number := numeral(words, start)) is not None and number.ordinal:
        return True  # "its third test in May": which one it is
    lows = {word.low for word in time}
    told = any(word.low in lexicon.AUXILIARIES for word in words[start + 1 : behind])
    if told and not lows & SIMPLE_TIMES:  # "two boilers had burst last year"
        return False
    if not lows & (DAYS | MONTHS):
        return True
    is_day = bool(lows & DAYS) or any(word.is_number and not is_year(word) for word in time)
    if any(_is_verb(word) for word in words[start + 1 : behind]):
        return False
    for word in reversed(words[max(0, start - _CLAUSE) : start]):
        if word.low in _ENDS:
            break
        if word.low in STATES or (not is_day and word.low in TOTALS):
            return True
        if _is_verb(word):
            return False
    return not is_day


def _is_verb(word: Word) -> bool:
    return not word.is_capital and (
        word.low in lexicon.COMMON_VERBS
        or word.low in lexicon.AUXILIARIES - {"to"}
        or (word.low in FORMS and FORMS[word.low].form == "past")
        or (len(word.low) > 4 and word.low.endswith("ed"))
    )


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
