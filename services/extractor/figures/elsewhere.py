"""What a figure counts where that does not stand behind it: "winds of 20 metres", "put the damage at $80 million",
"£14m on plans", "four jets since March, down from 22"."""

from __future__ import annotations

from collections.abc import Sequence

from services.extractor import lexicon
from services.extractor.figures.conventions import (
    ABOUT,
    AT_LEAST,
    AT_MOST,
    CURRENCIES,
    NO_NOUNS,
    PERIODS,
    SPENDING,
    STANDING,
    UNITS,
)
from services.extractor.figures.counted import Phrase, noun_phrase, past_determiners, stands
from services.extractor.figures.words import Word, led_by, word_at

_LENGTHS = frozenset({"feet", "kilometers", "kilometres", "km", "meters", "metres", "miles"})
_LONGEST = 7  # words of what is put at an amount
_HEDGES = {*ABOUT, *AT_LEAST, *AT_MOST, ("between",), ("just",), ("only",)}
_AVERAGES = [
    ("an", "average", "of"),
    ("a", "total", "of"),
    ("a", "record"),
    ("a", "mere"),
    ("an", "estimated"),
]
_COMPARED = [
    *(("down", "from"), ("up", "from"), ("compared", "with"), ("compared", "to")),
    *(("rather", "than"), ("instead", "of"), ("against",), ("versus",), ("not",)),
]


def hedged(words: Sequence[Word], start: int) -> int:
    """Where the words begin that weaken or bound the figure at ``start``: "about", "at least"."""
    while (length := led_by(words, start, _HEDGES)) > 0:
        start -= length
    return start


def past_average(words: Sequence[Word], start: int) -> int:
    """Back over "an average of"."""
    return start - led_by(words, start, _AVERAGES)


def compared(words: Sequence[Word], start: int) -> bool:
    """Whether the figure is only what another one is held against: "down from 22"."""
    return led_by(words, start, _COMPARED) > 0


def counted_before(words: Sequence[Word], start: int, unit: str | None) -> Phrase | None:
    """ "winds of [between] 15 and 20 metres a second", "put the number of dead at 52"."""
    at = hedged(words, start)
    before = word_at(words, at - 1)
    if before == "at":
        return _put_at(words, at - 1)
    if before == "of" and unit is not None and at > 1 and stands(words, at - 2):
        return None if words[at - 2].low in NO_NOUNS else (at - 2, at - 1)
    return None


def spent_on(words: Sequence[Word], start: int, end: int, unit: str | None) -> Phrase | None:
    """ "had spent £14m on plans"."""
    spent = any(word.low in SPENDING for word in words[max(0, start - 4) : start])
    if not spent or unit not in CURRENCIES.values() or word_at(words, end) != "on":
        return None
    at = past_determiners(words, end + 1)
    stop = noun_phrase(words, at, singular=True)
    return (at, stop) if stop > at else None


def speed(words: Sequence[Word], at: int) -> str | None:
    """The unit of "metres a second", where these three words are it."""
    if at + 2 >= len(words) or words[at].low not in _LENGTHS or words[at + 1].low not in {"a", "an", "per"}:
        return None
    per = words[at + 2].low
    return f"{UNITS[words[at].low]} per {per}" if per in {"second", "hour"} else None


def shared(words: Sequence[Word], end: int) -> int:
    """Where the number begins in "1,500 of the bank's 6,000 jobs"; 0 where there is none."""
    if word_at(words, end) != "of":
        return 0
    for at in range(end + 1, min(end + 6, len(words))):
        if words[at].is_number:
            return at if at > end + 1 and _owns(words[at - 1].low) else 0
    return 0


_OLDEST = 110  # years


def is_age(words: Sequence[Word], at: int) -> bool:
    """ "those under 30", "people over 60", "aged 9", "Ida Holm, 21, …": how old somebody is."""
    before = word_at(words, at - 1)
    if before == "," and at > 1 and words[at].low.isdigit() and int(words[at].low) <= _OLDEST:
        first = at - 2
        while first > 0 and (words[first - 1].is_capital or words[first - 1].low in lexicon.DETERMINERS):
            first -= 1
        placed = word_at(words, first - 1) in lexicon.PREPOSITIONS or words[first].low in lexicon.PREPOSITIONS
        named = words[at - 2].is_capital and words[at - 2].low not in PERIODS and not placed
        return (
            named and word_at(words, at + 1) in {"", ",", "."} and word_at(words, at + 2) not in {"and", "or"}
        )
    if before == "aged":
        return True
    older = before in {"under", "over", "above", "below"}
    return older and (
        word_at(words, at - 2) in {"those", "people", "anyone", "men", "women", "children", "adults"}
    )


def those(words: Sequence[Word], at: int) -> Phrase | None:
    """ "two thirds of [those under 30]", "a quarter of [them]", "half of [that]"."""
    alone = at + 1 >= len(words) or not words[at + 1].low[0].isalnum()
    if word_at(words, at) == "them" or (alone and word_at(words, at) == "that"):
        return at, at + 1
    if word_at(words, at) != "those":
        return None
    stop = at + 1
    while stop < len(words) and words[stop].low in lexicon.PREPOSITIONS and stop + 1 < len(words):
        stop += 2
    return (at, stop) if stop > at + 1 else None


def _owns(word: str) -> bool:
    return word in lexicon.POSSESSIVES or word.endswith(("'s", "’s", "s'", "s’"))


def _put_at(words: Sequence[Word], at: int) -> Phrase | None:
    begin = past_determiners(words, 0)
    if not 0 < at - begin <= _LONGEST:
        return None
    if any(words[k].low in STANDING or words[k].low.endswith("ed") for k in range(begin, at)):
        return None
    if not all(stands(words, k) or words[k].low in {"of", "the", "'"} for k in range(begin, at)):
        return None
    if (
        words[begin].low in {"number", "total", "count"}
        and word_at(words, begin + 1) == "of"
        and begin + 2 < at
    ):
        begin = past_determiners(words, begin + 2)
    return (begin, at) if begin < at else None
