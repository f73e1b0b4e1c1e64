"""Numerals that are no figures: years, dates, times of the day, ages, numbers in names, pronouns."""

from __future__ import annotations

from collections.abc import Sequence

from services.extractor import lexicon
from services.extractor.figures.conventions import ABOUT, AT_LEAST, AT_MOST, CURRENCIES, NOT_BEFORE_ONE, UNITS
from services.extractor.figures.counted import stands
from services.extractor.figures.elsewhere import is_age
from services.extractor.figures.numerals import Numeral
from services.extractor.figures.when import is_date, is_year
from services.extractor.figures.words import Word, touch, word_at
from services.extractor.verbs import FORMS

# Capital at the beginning of a sentence only; any other capitalised word before digits makes a name of both.
_BEFORE_FIGURES = (
    CURRENCIES.keys()
    | lexicon.DETERMINERS
    | lexicon.PREPOSITIONS
    | lexicon.SUBORDINATORS
    | {word for phrases in (ABOUT, AT_LEAST, AT_MOST) for phrase in phrases for word in phrase}
)
# Behind any other word "one day" is some day.
_BEFORE_ONE_DAY = frozenset(
    {"about", "after", "by", "for", "in", "just", "least", "of", "only", "than", "to", "within"}
)
_DOES = frozenset(word for word, verb in FORMS.items() if verb.form in {"past", "third"}) | {"right"}
_HOURS = frozenset({"am", "pm", "a.m.", "p.m.", "o'clock"})
_KINDS = frozenset({"type", "phase", "grade", "version", "chapter"})


def is_no_figure(words: Sequence[Word], one: Numeral) -> bool:
    """Whether the numeral counts nothing."""
    quarter = word_at(words, one.start - 1) == "the" and word_at(words, one.end) == "quarter"
    if one.ordinal and (one.low == 1 or quarter):
        return True  # "first" counts nothing, and "the third quarter" is a time
    if words[one.start].is_number:
        return (
            _in_name(words, one)
            or _of_clock(words, one)
            or _of_calendar(words, one)
            or is_age(words, one.start)
        )
    return words[one.start].low == "one" and one.end == one.start + 1 and _is_pronoun(words, one)


def currency_before(words: Sequence[Word], at: int) -> bool:
    """Whether a currency's sign stands right before: "$5"."""
    return touch(words, at - 1) and not words[at - 1].low[-1].isalpha() and words[at - 1].low in CURRENCIES


def _in_name(words: Sequence[Word], one: Numeral) -> bool:
    """ "the A90", "the ID.3", "Boeing 737", "type 2 diabetes", but not "the U.S. 40 percent"."""
    at = one.start
    before = words[at - 1] if at > 0 else None
    if before is None:
        return False
    if before.low == "." and touch(words, at - 1) and touch(words, at - 2):
        return words[at - 2].is_capital
    named = before.is_capital and not before.low.endswith(".") and before.low not in _BEFORE_FIGURES
    return named or before.low in _KINDS or (before.is_capital and touch(words, at - 1))


def _of_clock(words: Sequence[Word], one: Numeral) -> bool:
    """ "10:30", "8 p.m.", "5 o'clock"; and the parts of a ratio or a fraction with a stroke."""
    at, behind = one.start, word_at(words, one.end)
    if (behind in {":", "/"} and touch(words, one.end - 1)) or behind in _HOURS:
        return True
    if word_at(words, at - 1) in {":", "/"} and touch(words, at - 1):
        return True
    return behind in {"a", "p"} and word_at(words, one.end + 1) == "."


def _of_calendar(words: Sequence[Word], one: Numeral) -> bool:
    at, end = one.start, one.end
    year = is_year(words[at]) and end == at + 1 and word_at(words, end) not in UNITS
    return is_date(words, at) or (year and not currency_before(words, at))


def _is_pronoun(words: Sequence[Word], one: Numeral) -> bool:
    """ "no one", "one of them", "one called it", but not "one confirmed case"; "one day" is some day."""
    before, behind = word_at(words, one.start - 1), word_at(words, one.end)
    if behind == "day" and word_at(words, one.end + 1) != "of":
        return before not in _BEFORE_ONE_DAY
    alone = one.end + 1 >= len(words) or not stands(words, one.end + 1)
    return before in NOT_BEFORE_ONE or behind in {"another", "of"} or (behind in _DOES and alone)
