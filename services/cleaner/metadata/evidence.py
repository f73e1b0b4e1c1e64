"""How well a field is supported by what else the page says, and how often fields so supported were right.

The counts are of the 791 pages of wx-dev, whose title, author and day were written down by a language model and looked
over by people (``python -m quality.metadata`` prints the counts anew): for each origin, and for whether another origin
states the same (for a title: the page shows it), all others state something else, or none states anything. The
languages are of all 954 pages, looked through by a person; filler text, which is in none, is not among them. A field of
which nobody has marked what is right, or whose case was met on too few pages, has no confidence at all.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from services.cleaner.prose import folded_words

T = TypeVar("T")

CONFIRMED, ALONE, CONTRADICTED = "confirmed", "alone", "contradicted"
_MOST = 0.99  # no count of pages proves more
FEWEST_PAGES = 8  # of which one more or less moves the share by a tenth
_FEWEST_WORDS = 3  # less is a site's name, a section, a label

# (field, origin, support): (pages on which it was right, pages).
MEASURED: dict[tuple[str, str, str], tuple[int, int]] = {
    ("authors", "html", "alone"): (38, 48),
    ("authors", "html", "confirmed"): (21, 22),
    ("authors", "html", "contradicted"): (0, 1),
    ("authors", "json-ld", "alone"): (31, 41),
    ("authors", "json-ld", "confirmed"): (133, 136),
    ("authors", "json-ld", "contradicted"): (5, 7),
    ("authors", "link", "alone"): (12, 15),
    ("authors", "link", "confirmed"): (9, 9),
    ("authors", "link", "contradicted"): (0, 2),
    ("authors", "meta", "alone"): (74, 88),
    ("authors", "meta", "confirmed"): (51, 52),
    ("authors", "meta", "contradicted"): (6, 9),
    ("authors", "text", "alone"): (1, 2),
    ("published_at", "json-ld", "alone"): (54, 80),
    ("published_at", "json-ld", "confirmed"): (149, 156),
    ("published_at", "json-ld", "contradicted"): (0, 3),
    ("published_at", "meta", "alone"): (135, 144),
    ("published_at", "meta", "confirmed"): (46, 46),
    ("published_at", "meta", "contradicted"): (5, 11),
    ("published_at", "time", "alone"): (29, 39),
    ("published_at", "url", "alone"): (13, 13),
    ("title", "html", "alone"): (9, 10),
    ("title", "html", "confirmed"): (27, 27),
    ("title", "html", "contradicted"): (59, 83),
    ("title", "json-ld", "alone"): (1, 1),
    ("title", "json-ld", "confirmed"): (220, 227),
    ("title", "json-ld", "contradicted"): (5, 10),
    ("title", "meta", "confirmed"): (364, 369),
    ("title", "meta", "contradicted"): (34, 64),
    ("language", "detected", "alone"): (41, 41),
    ("language", "detected", "confirmed"): (889, 889),
    ("language", "detected", "contradicted"): (3, 3),
}


@dataclass(frozen=True, slots=True)
class Answer(Generic[T]):
    """A field's value, the markup that gave it, and what else the page says to it."""

    value: T
    origin: str
    support: str = ALONE

    def confidence(self, field: str) -> float | None:
        """How often such an answer was right; None where that is not known."""
        right, pages = MEASURED.get((field, self.origin, self.support), (0, 0))
        return min(_MOST, round(share(right, pages), 2)) if pages >= FEWEST_PAGES else None


def share(right: int, pages: int) -> float:
    """Drawn a little to the middle (rule of succession): few pages prove little."""
    return (right + 1) / (pages + 2)


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


def same_title(one: str, other: str) -> bool:
    """Equal words, or one has all of the other and something (a site's name) before or behind."""
    shorter, longer = sorted((folded_words(one), folded_words(other)), key=len)
    if len(shorter) < _FEWEST_WORDS:
        return shorter == longer
    return f" {' '.join(shorter)} " in f" {' '.join(longer)} "


def is_telling(title: str) -> bool:
    """Whether it is long enough for a headline."""
    return len(folded_words(title)) >= _FEWEST_WORDS


def same_people(one: Sequence[str], other: Sequence[str]) -> bool:
    return {folded_words(name) for name in one} == {folded_words(name) for name in other}
