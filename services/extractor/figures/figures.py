"""The figures of a content: pure, in the order of the text, and rather none than a wrong one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from services.extractor import lexicon
from services.extractor.figures.bounds import bounded
from services.extractor.figures.conventions import (
    ADVERBS,
    CURRENCIES,
    MULTIPLIERS,
    TIME_SPANS,
    TIME_UNITS,
    UNITS,
)
from services.extractor.figures.counted import noun_phrase, past_determiners, past_of
from services.extractor.figures.elsewhere import (
    compared,
    counted_before,
    past_average,
    shared,
    speed,
    spent_on,
    those,
)
from services.extractor.figures.measured import changed, measured
from services.extractor.figures.no_figure import currency_before, is_no_figure
from services.extractor.figures.numerals import Numeral, Value, numeral
from services.extractor.figures.when import is_ago, when_behind
from services.extractor.figures.words import Word, touch, word_at, words_of
from shared.contracts.parts import Figure, Span, When

_DASHES = frozenset(("-", "–", "—"))
_TAILS = frozenset({"more", "so", "fewer", "less"})


class _Read(NamedTuple):
    """A figure in ``words[start:end]``; ``rest`` is where the next may begin."""

    start: int
    end: int
    rest: int
    low: Value | None
    high: Value | None
    unit: str | None
    approximate: bool
    of: tuple[int, int] | None


def figures(text: str, spans: Sequence[Span]) -> tuple[Figure, ...]:
    """The figures in these spans of a text. Offsets are code points of ``text``.

    Left out: years and dates, times of the day, numbers in names ("Boeing 737"), pronouns ("no one"), and amounts
    of time that only say when ("three days ago", "the past several months").
    """
    return tuple(figure for start, end in spans for figure in _of_span(text, words_of(text, start, end)))


def _of_span(text: str, words: list[Word]) -> list[Figure]:
    found: list[_Read] = []
    at = 0
    while at < len(words):
        read = _read(words, at, found[-1] if found else None)
        if isinstance(read, int):
            at = read
        else:
            found.append(read)
            at = read.rest
    ends = [*(read.start for read in found[1:]), len(words)][: len(found)]
    return [_figure(text, words, read, until) for read, until in zip(found, ends, strict=True)]


def _figure(text: str, words: list[Word], read: _Read, until: int) -> Figure:
    span = words[read.start].start, words[read.end - 1].end
    when: When | None = when_behind(text, words, read.start, read.end, until)
    return Figure(
        text=text[span[0] : span[1]],
        span=span,
        low=read.low,
        high=read.high,
        unit=read.unit,
        of=None if read.of is None else text[words[read.of[0]].start : words[read.of[1] - 1].end],
        approximate=read.approximate,
        when=when,
    )


def _read(words: list[Word], at: int, last: _Read | None) -> _Read | int:
    """The figure that begins at ``at``, or where to look next."""
    first = numeral(words, at)
    if first is None:
        return at + 1
    if is_no_figure(words, first):
        return first.end
    start = at - 1 if currency_before(words, at) else at
    low, high, end = first.low, first.high, first.end
    if (second := _range(words, start, first)) is not None:
        low, high, end = _scaled(words, first, second), second.high, second.end
    unit, end = _unit(words, start, end, first)
    if unit in TIME_UNITS and word_at(words, start - 1) == "within":
        return end
    if unit in TIME_UNITS and (is_ago(words, end) or word_at(words, start - 1) in TIME_SPANS):
        return end
    low, high, approximate = bounded(words, start, low, high, unit)
    tail = (
        word_at(words, end + 1) if word_at(words, end) == "or" else ""
    )  # "a dozen or more", "a hundred or so"
    low, high = None if tail in {"fewer", "less"} else low, None if tail == "more" else high
    behind = end + 2 * (tail in _TAILS)
    of = _counted(words, start, behind, first, unit, last)
    if _needs_noun(words, first, unit) and of is None:
        return end
    rest = max(end, of[1]) if of is not None and of[0] == behind else behind
    return _Read(start, end, rest, low, high, unit, approximate or first.vague or tail == "so", of)


def _needs_noun(words: list[Word], one: Numeral, unit: str | None) -> bool:
    """Without something counted these are more often no figures: ordinals, "one", "Group of 20"."""
    if one.ordinal or (unit is None and words[one.start].low == "one" and one.end == one.start + 1):
        return True
    named = word_at(words, one.start - 1) == "of" and one.start > 1 and words[one.start - 2].is_capital
    return unit is None and named


def _is_time(words: list[Word], at: int) -> bool:
    """Whether a time begins there, which is nothing counted: "from 40 last year"."""
    return word_at(words, at) in lexicon.TIME_LEADS or (at < len(words) and numeral(words, at) is not None)


def _is_joined(words: list[Word], end: int) -> bool:
    """Whether the measure stands before what it measures: "a 15-minute walk", but no age."""
    return end > 1 and words[end - 2].low in _DASHES and words[end - 1].low in UNITS


def _range(words: list[Word], start: int, first: Numeral) -> Numeral | None:
    joint = word_at(words, first.end)
    between = word_at(words, start - 1) == "between"
    if not (
        (joint == "and" and between)
        or (joint in {"to", "or"} and word_at(words, start - 1) != "from")
        or joint in _DASHES
    ):
        return None
    at = first.end + 1
    at += at < len(words) and currency_before(words, at + 1)
    second = numeral(words, at) if at < len(words) else None
    if (
        second is None
        or second.ordinal
        or first.fraction != second.fraction
        or first.low is None
        or second.high is None
    ):
        return None
    return second if first.low < second.high else None


def _scaled(words: list[Word], first: Numeral, second: Numeral) -> Value | None:
    """ "between four and five million": the multiplier is that of both."""
    factor = MULTIPLIERS.get(word_at(words, second.end - 1))
    if (
        factor is None
        or first.low is None
        or word_at(words, first.end - 1) in MULTIPLIERS
        or first.low >= factor
    ):
        return first.low
    return first.low * factor


def _unit(words: list[Word], start: int, end: int, one: Numeral) -> tuple[str | None, int]:
    if one.ordinal:
        return "ordinal", end
    if one.fraction:
        return "fraction", end
    if words[start].low in CURRENCIES:
        return CURRENCIES[words[start].low], end
    follows = word_at(words, end)
    if (per := speed(words, end)) is not None:
        return per, end + 3
    if follows in _DASHES and touch(words, end - 1):
        measured = word_at(words, end + 1).partition("-")[0]
        return (UNITS[measured], end + 2) if measured in UNITS else (None, end)
    if follows == "percentage" and word_at(words, end + 1) in {"point", "points"}:
        return "percentage point", end + 2
    if follows == "per" and word_at(words, end + 1) == "cent":
        return "percent", end + 2
    if follows in CURRENCIES:
        return CURRENCIES[follows], end + 1
    return (UNITS[follows], end + 1) if follows in UNITS else (None, end)


def _counted(
    words: list[Word], start: int, end: int, one: Numeral, unit: str | None, last: _Read | None
) -> tuple[int, int] | None:
    before = start - 1
    while word_at(words, before) in ADVERBS:
        before -= 1
    before = past_average(words, before + 1) - 1
    own = noun_phrase(words, end) if unit is None and not _is_time(words, end) else end
    led = own == end and word_at(words, before) in {"from", "by"}
    if led and (phrase := changed(words, before)) is not None:
        return phrase
    at = end
    if word_at(words, end) == "of":
        if (group := those(words, end + 1)) is not None:
            return group
        at = past_of(words, end)
        at = shared(words, end) or at
        if (inner := numeral(words, at) if at < len(words) else None) is not None:
            at = inner.end
    elif (phrase := counted_before(words, start, unit) or spent_on(words, start, end, unit)) is not None:
        return phrase
    elif unit in CURRENCIES.values() and word_at(words, end) in {"in", "worth"}:
        at = end + 1 if word_at(words, end) == "in" else past_of(words, end + 1)
        if at < len(words) and (words[at].is_capital or words[at].low in lexicon.DETERMINERS):
            return None
    elif unit == "fraction":
        at = past_determiners(words, end)
    elif unit not in (None, "ordinal") and not _is_joined(words, end):
        at = len(words)
    mass = unit is not None and (unit != "fraction" or at > end)
    if at < len(words) and (stop := noun_phrase(words, at, singular=mass or one.low == one.high == 1)) > at:
        return at, stop
    if (phrase := measured(words, start)) is not None:
        return phrase
    if last is None:
        return None
    begun = words[max(0, past_average(words, last.start) - 3) : last.start]
    changed_to = word_at(words, before) == "to" and any(word.low == "from" for word in begun)
    return last.of if changed_to or (unit == last.unit and compared(words, start)) else None
