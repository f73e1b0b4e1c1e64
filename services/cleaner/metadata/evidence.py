"""How well a field is supported by what else the page says, and how often fields so supported were right.

The counts are of 791 marked pages (``quality/cleaner/metadata.py`` prints them anew): for each origin, and for whether
another origin states the same, states something else, or none states anything. A field of which nobody has marked what
is right, or whose case was met on too few pages, has no confidence at all.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")

CONFIRMED, ALONE, CONTRADICTED = "confirmed", "alone", "contradicted"
_WORD = re.compile(r"\w+")
_FEWEST_PAGES = 8  # of which one more or less moves the share by a tenth
_FEWEST_WORDS = 3  # less is a site's name, a section, a label

# (field, origin, support): (pages on which it was right, pages).
MEASURED: dict[tuple[str, str, str], tuple[int, int]] = {}


@dataclass(frozen=True, slots=True)
class Answer(Generic[T]):
    """A field's value, the markup that gave it, and what else the page says to it."""

    value: T
    origin: str
    support: str = ALONE

    def confidence(self, field: str) -> float | None:
        """How often such an answer was right: the share, drawn a little to the middle (rule of succession), since few
        pages prove little."""
        right, pages = MEASURED.get((field, self.origin, self.support), (0, 0))
        return round((right + 1) / (pages + 2), 2) if pages >= _FEWEST_PAGES else None


def best(stated: Sequence[tuple[T, str]], same: Callable[[T, T], bool]) -> Answer[T] | None:
    """The first of (value, origin), an origin each, supported by the others or not."""
    if not stated:
        return None
    value, origin = stated[0]
    return Answer(value, origin, support(value, [other for other, _ in stated[1:]], same))


def support(value: T, others: Sequence[T], same: Callable[[T, T], bool]) -> str:
    """What the other origins say to what the best one says."""
    if not others:
        return ALONE
    return CONFIRMED if any(same(value, other) for other in others) else CONTRADICTED


def words_of(text: str) -> tuple[str, ...]:
    """What of a line is compared: its words, without case and marks."""
    return tuple(_WORD.findall(text.casefold()))


def same_title(one: str, other: str) -> bool:
    """Equal words, or one has all of the other and something (a site's name) before or behind."""
    shorter, longer = sorted((words_of(one), words_of(other)), key=len)
    if len(shorter) < _FEWEST_WORDS:
        return shorter == longer
    return f" {' '.join(shorter)} " in f" {' '.join(longer)} "


def is_telling(title: str) -> bool:
    """Whether it is long enough for a headline."""
    return len(words_of(title)) >= _FEWEST_WORDS


def same_people(one: Sequence[str], other: Sequence[str]) -> bool:
    return {words_of(name) for name in one} == {words_of(name) for name in other}
