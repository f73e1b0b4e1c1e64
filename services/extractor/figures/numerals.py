"""Numerals: digits, spelled out, vague ("a few dozen"), in the plural ("tens of thousands"), ordinals, fractions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from services.extractor import lexicon
from services.extractor.figures.conventions import (
    FRACTIONS,
    MULTIPLIERS,
    ONES,
    ORDINALS,
    PLURALS,
    SUFFIXES,
    VAGUE,
)
from services.extractor.figures.words import Word, word_at

Value = int | float
_GROUPED = re.compile(r"[,\u00a0\u202f](?=\d{3}(?!\d))")
_ORDINAL_ENDINGS = frozenset(("st", "nd", "rd", "th"))
_DIGITS_OF_FRACTION = 3
_MOST_IN_SO_MANY = 100  # "one in 2019" is none
_OF_WHICH = frozenset(
    {"of", "the", "all", "its", "their", "his", "her", "our", "your", "my", "those", "these"}
)
_BEFORE_HALF = frozenset(
    {
        "about",
        "be",
        "by",
        "is",
        "nearly",
        "almost",
        "only",
        "over",
        "than",
        "to",
        "was",
        "were",
        "are",
        "least",
    }
)
# Behind these words' places stands no noun that "a third" would order.
_NO_NOUN = (
    lexicon.PREPOSITIONS
    | lexicon.AUXILIARIES
    | lexicon.SUBORDINATORS
    | {".", ",", ";", ":", "less", "more", "fewer", "said", "say"}
)
# The words with which one begins, beside digits and what is spelled with a hyphen: no other word is looked at twice.
_FIRST = ONES.keys() | PLURALS.keys() | ORDINALS.keys() | {"a", "an", "half", "several"}


@dataclass(frozen=True, slots=True)
class Numeral:
    """A numeral in ``words[start:end]``; a bound is None where the words set none."""

    start: int
    end: int
    low: Value | None
    high: Value | None
    vague: bool = False
    ordinal: bool = False
    fraction: bool = False


def numeral(words: Sequence[Word], at: int) -> Numeral | None:
    """The longest numeral that begins with ``words[at]``, or None."""
    word = words[at]
    if not (word.is_number or word.low in _FIRST or "-" in word.low):
        return None
    for read in (_in_so_many, _digits, _fraction, _vague, _plural, _half, _ordinal, _spelled):
        if (found := read(words, at)) is not None:
            return found
    return None


def _multiplied(words: Sequence[Word], at: int, value: Value) -> tuple[int, Value]:
    while (factor := MULTIPLIERS.get(word_at(words, at))) is not None:
        value, at = value * factor, at + 1
    return at, value


def _tidy(value: Value) -> Value:
    """A float that is whole as an integer; products of decimals lose their rounding noise."""
    value = round(value, 6) if isinstance(value, float) else value
    return int(value) if value == int(value) else value


def _digits(words: Sequence[Word], at: int) -> Numeral | None:
    word = words[at]
    if not word.is_number:
        return None
    plain = _GROUPED.sub("", word.low).replace(",", ".")
    value: Value = float(plain) if "." in plain else int(plain)
    end = at + 1
    follows = word_at(words, end)
    touches = end < len(words) and words[end].start == word.end
    if touches and follows in _ORDINAL_ENDINGS:
        return Numeral(at, end + 1, value, value, ordinal=True)
    if touches and follows in SUFFIXES:
        value, end = value * SUFFIXES[follows], end + 1
    end, value = _multiplied(words, end, value)
    return Numeral(at, end, _tidy(value), _tidy(value))


def _small(word: str) -> int | None:
    """One word below a hundred: "seven", "forty", "twenty-three"."""
    if word in ONES:
        return ONES[word]
    tens, dash, ones = word.partition("-")
    if dash and ONES.get(tens, 0) >= 20 and 0 < ONES.get(ones, 0) < 10:
        return ONES[tens] + ONES[ones]
    return None


def _spelled(words: Sequence[Word], at: int) -> Numeral | None:
    first = word_at(words, at)
    end, total, group, is_open = at, 0, 0, False
    if first in {"a", "an"} and word_at(words, at + 1) in MULTIPLIERS:
        end, group, is_open = at + 1, 1, True
    while end < len(words):
        word = words[end].low
        if (small := _small(word)) is not None and (not is_open or group % 100 == 0):
            group, end, is_open = group + small, end + 1, True
        elif is_open and word in MULTIPLIERS:
            factor, end = MULTIPLIERS[word], end + 1
            if factor <= 100:
                group *= factor
            else:
                total, group = total + group * factor, 0
        elif is_open and word == "and" and group % 100 == 0 and _small(word_at(words, end + 1)) is not None:
            if words[end - 1].low not in MULTIPLIERS or words[end - 1].low == "dozen":
                break
            end += 1
        else:
            break
    if not is_open:
        return None
    value: Value = total + group
    if tuple(word.low for word in words[end : end + 3]) in {("and", "a", "half"), ("and", "a", "quarter")}:
        value, end = value + 1 / FRACTIONS[words[end + 2].low], end + 3
        end, value = _multiplied(words, end, value)
    return Numeral(at, end, _tidy(value), _tidy(value))


def _vague(words: Sequence[Word], at: int) -> Numeral | None:
    begin = at + 1 if word_at(words, at) == "a" else at
    bounds = VAGUE.get(word_at(words, begin))
    if bounds is None or (word_at(words, begin) != "several" and begin == at):
        return None
    end, factor = begin + 1, 1
    while word_at(words, end) in MULTIPLIERS or (
        word_at(words, end) == "of" and word_at(words, end + 1) in MULTIPLIERS
    ):
        end += word_at(words, end) == "of"
        factor, end = factor * MULTIPLIERS[words[end].low], end + 1
    return Numeral(at, end, bounds[0] * factor, bounds[1] * factor, vague=True)


def _plural(words: Sequence[Word], at: int) -> Numeral | None:
    if (base := PLURALS.get(word_at(words, at))) is None or word_at(words, at + 1) != "of":
        return None
    end = at + 1
    while word_at(words, end) == "of" and word_at(words, end + 1) in PLURALS:
        base, end = base * PLURALS[words[end + 1].low], end + 2
    return Numeral(at, end, 2 * base, None, vague=True)


def _half(words: Sequence[Word], at: int) -> Numeral | None:
    if word_at(words, at) != "half" or word_at(words, at + 1) not in {"a", "an"}:
        return None
    if (factor := MULTIPLIERS.get(word_at(words, at + 2))) is None:
        return None
    return Numeral(at, at + 3, factor // 2, factor // 2)


def _fraction(words: Sequence[Word], at: int) -> Numeral | None:
    if word_at(words, at) == "half" and _is_half(words, at):
        return Numeral(at, at + 1, 0.5, 0.5, fraction=True)
    part = FRACTIONS.get(word_at(words, at + 1), 0) > 2 and not word_at(words, at + 1).endswith("s")
    if word_at(words, at) == "a" and part and (at + 2 >= len(words) or word_at(words, at + 2) in _NO_NOUN):
        value = round(1 / FRACTIONS[word_at(words, at + 1)], _DIGITS_OF_FRACTION)
        return Numeral(at, at + 2, value, value, fraction=True)
    above, dash, below = word_at(words, at).partition("-")
    end = at + 1
    plain = not dash and above in ONES and word_at(words, end) in FRACTIONS
    if plain and (above != "one" or end + 1 >= len(words) or word_at(words, end + 1) in _NO_NOUN):
        below, end = word_at(words, end), end + 1
    if above not in ONES or below not in FRACTIONS:
        return None
    value = round(ONES[above] / FRACTIONS[below], _DIGITS_OF_FRACTION)
    return Numeral(at, end, value, value, fraction=True)


def _is_half(words: Sequence[Word], at: int) -> bool:
    """ "half of them", "half the town", "it could be half"; not "half a million", "the first half", "half-time"."""
    before, behind = word_at(words, at - 1), word_at(words, at + 1)
    if behind in _OF_WHICH:
        return True
    return before in _BEFORE_HALF and (at + 1 >= len(words) or behind in _NO_NOUN)


def _in_so_many(words: Sequence[Word], at: int) -> Numeral | None:
    """ "one in five", "three out of ten"."""
    one = _whole(words[at])
    joint = at + 1 + (word_at(words, at + 1) == "out")
    if one is None or word_at(words, joint) != ("of" if joint > at + 1 else "in") or joint + 1 >= len(words):
        return None
    all_ = _whole(words[joint + 1])
    if all_ is None or not 0 < one < all_ <= _MOST_IN_SO_MANY or not all_ > 1:
        return None
    value = round(one / all_, _DIGITS_OF_FRACTION)
    return Numeral(at, joint + 2, value, value, fraction=True)


def _whole(word: Word) -> int | None:
    """One word that is a whole number, in digits or below a hundred."""
    return int(word.low) if word.is_number and word.low.isdigit() else _small(word.low)


def _ordinal(words: Sequence[Word], at: int) -> Numeral | None:
    tens, dash, ones = word_at(words, at).partition("-")
    value = ORDINALS.get(word_at(words, at))
    if dash and ONES.get(tens, 0) >= 20 and 0 < ORDINALS.get(ones, 0) < 10:
        value = ONES[tens] + ORDINALS[ones]  # "twenty-first"
    if value is None or words[at].is_capital:
        return None
    return Numeral(at, at + 1, value, value, ordinal=True)
