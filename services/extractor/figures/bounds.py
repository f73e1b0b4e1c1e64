"""What the words before a figure make of it: a least, a most, or about as much."""

from __future__ import annotations

from collections.abc import Sequence

from services.extractor.figures.conventions import ABOUT, AT_LEAST, AT_MOST, TIME_UNITS
from services.extractor.figures.measured import exceeded
from services.extractor.figures.numerals import Value
from services.extractor.figures.words import Word, led_by, word_at


def bounded(
    words: Sequence[Word], start: int, low: Value | None, high: Value | None, unit: str | None
) -> tuple[Value | None, Value | None, bool]:
    """Low, high, and whether it is approximate: "more than", "up to", "about"."""
    if word_at(words, start - 1) in {"a", "an"}:
        start -= 1  # "at least a 10 per cent cut"
    least, most, about = (led_by(words, start, phrases) for phrases in (AT_LEAST, AT_MOST, ABOUT))
    if word_at(words, start - 1) == "over" and unit in TIME_UNITS:
        least = 0  # "over three days": during
    if about > max(least, most):
        return low, high, True
    if most > least:
        return None, high, False
    if (passed := exceeded(words, start)) is not None:
        return (low, None, False) if passed else (None, high, False)
    return (low, None, False) if least else (low, high, False)
