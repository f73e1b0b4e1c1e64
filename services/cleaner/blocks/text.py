"""What can be measured of a block's text alone: its characters by class, its words, its form, its repetitions.

All blocks of a page are measured at once, over one array of code points: 200 blocks cost about a millisecond.
Counts and ratios of counts only, no logarithms: their values are the same on every machine.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from services.cleaner.blocks.characters import (
    ASKING,
    COLON,
    COMMA,
    DIGIT,
    LOWER,
    MARK,
    OTHER,
    QUOTE,
    SPACE,
    STOP,
    UNCASED,
    UPPER,
    Characters,
)
from services.cleaner.blocks.columns import Floats, table
from services.cleaner.blocks.words import Words, split_words

_STOP_WORDS = (
    "the a an of to and in is was were are be been that this it its for on with as by at from or but "
    "not he she they his her their we our you your i my me him them who which what when where how if "
    "than then so there has have had will would can could may might should do did does said says "
    "into about over after before because also more der die das und ist nicht mit von zu den dem ein "
    "eine auf für im des sich auch es er sie wir le la les de du et en un une est que qui dans pour "
    "pas sur au par plus il elle ce se el los las del y una por con para no su lo al como más o os "
    "da em um uma não com mais e di che per non è si della sono"
)
STOPS = frozenset(_STOP_WORDS.split())
_MONTH = "(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
# In small letters. Two patterns, as those that begin with a digit are found ten times faster without the months.
_DATES = (
    re.compile(
        rf"\d(?:(?<!\w.)(?:\d?(?:st|nd|rd|th)? {_MONTH}|(?:(?<=1)9|(?<=2)0)\d\d[-/.]\d\d?\b|\d?[:.]\d\d ?[ap]m\b)"
        r"| (?:(?:minute|hour|day|week|month|year)s? ago|min(?:ute)? read)\b)"
    ),
    re.compile(rf"\b{_MONTH}[a-z]*\.? \d{{1,2}}\b"),
)
_ADDRESSES = ("://", "www.", ".com", ".org", ".net", ".co.", "@")
_START_DATE = 160  # characters in which a date makes a line a label
_OPENS_LABEL = re.compile(
    r"(?:by|photo|image|credit|source|via|tags?|filed|posted|published|updated|written|share|read|related|see|also"
    r"|more|sign|subscribe|follow|copyright|©|advertisement|comments?|leave|next|previous|written)\b"
)

NAMES: tuple[str, ...] = (
    *(
        "chars",
        "words",
        "word length",
        "upper",
        "digits",
        "commas",
        "stops",
        "asking",
        "quotes",
        "colons",
        "marks",
    ),
    *("uncased", "other", "stop words", "capital words", "longest word", "sentences", "chars a sentence"),
    *(
        "ends sentence",
        "ends colon",
        "ends quote",
        "ends cased",
        "starts upper",
        "starts lower",
        "starts digit",
    ),
    *("starts quote", "starts mark", "date", "link", "label", "copies", "copy before", "copies of start"),
    *("in title", "of title", "unique words", "hapax"),
)


def measure_texts(texts: Sequence[str], words: Words, titles: Sequence[str] = ()) -> Floats:
    """A row a text, a column each of :data:`NAMES`. ``words``: of :func:`~services.cleaner.blocks.words.split_words`.
    ``titles`` are those that the page states, if any."""
    rows = len(texts)
    if not rows:
        return np.zeros((0, len(NAMES)), np.float32)
    characters = Characters.of(texts)
    chars = characters.ends - characters.starts
    classes = characters.counts()
    length = np.maximum(chars, 1)
    lowered = [text.lower() for text in texts]
    several = np.maximum(words.counts, 1)
    sentences = np.maximum(1, classes[:, STOP] + classes[:, ASKING])
    columns: list[NDArray[np.generic]] = [
        chars,
        words.counts,
        (chars - classes[:, SPACE]) / several,
        classes[:, UPPER] / length,
        classes[:, DIGIT] / length,
        classes[:, COMMA],
        classes[:, STOP],
        classes[:, ASKING],
        classes[:, QUOTE],
        classes[:, COLON],
        classes[:, MARK],
        classes[:, UNCASED] / length,
        classes[:, OTHER] / length,
        words.count(words.marked(STOPS)) / several,
        characters.capital_words() / several,
        words.longest(),
        sentences,
        chars / sentences,
        *_edges(characters),
        *_forms(lowered, characters),
        *_copies(lowered),
        *_titled(words, titles),
        *_rarity(words, several),
    ]
    return table(columns)


def _edges(characters: Characters) -> list[NDArray[np.generic]]:
    """The classes of the first and the last character; a closing quotation mark or bracket looks one further."""
    kinds, end = characters.kinds, characters.ends - 1
    first, last, before = kinds[characters.starts], kinds[end], kinds[np.maximum(end - 1, characters.starts)]
    closing = characters.points[end]
    quoted = (last == QUOTE) | (closing == ord(")")) | (closing == ord("]"))
    ends, ended = (last == STOP) | (last == ASKING), (before == STOP) | (before == ASKING)
    return [
        ends | (quoted & (ended | (before == COMMA))),
        last == COLON,
        quoted,
        (last == LOWER) | (last == UPPER),
        *(first == kind for kind in (UPPER, LOWER, DIGIT, QUOTE, MARK)),
    ]


def _forms(lowered: Sequence[str], characters: Characters) -> list[NDArray[np.generic]]:
    dated = characters.with_early(DIGIT, _START_DATE)
    dated[dated] = [_has_date(lowered[at]) for at in np.flatnonzero(dated).tolist()]
    return [
        dated,
        characters.with_any(_ADDRESSES),
        np.array([_OPENS_LABEL.match(text.lstrip(" -–—•*[(|")) is not None for text in lowered]),
    ]


def _has_date(lowered: str) -> bool:
    return any(date.search(lowered, 0, _START_DATE) for date in _DATES)


def _copies(lowered: Sequence[str]) -> list[NDArray[np.generic]]:
    """How often the text stands on the page, whether above, and how often its first words do."""
    whole, starts = numbered(lowered), numbered([text[:24] for text in lowered])
    known = np.concatenate(([-1], np.maximum.accumulate(whole)[:-1]))
    return [np.bincount(whole)[whole], whole <= known, np.bincount(starts)[starts]]


def numbered(texts: Sequence[str]) -> NDArray[np.intp]:
    """Equal ones have equal numbers, which grow with each new one."""
    known: dict[str, int] = {}
    return np.array([known.setdefault(text, len(known)) for text in texts], np.intp)


def _titled(words: Words, titles: Sequence[str]) -> list[NDArray[np.generic]]:
    """The share of the block's words that stand in a title, and of the title's words that stand in the block."""
    found = split_words(titles)
    each = np.split(found.numbers, np.cumsum(found.counts)[:-1])
    titled = [frozenset(map(found.known.__getitem__, numbers.tolist())) for numbers in each if len(numbers)]
    within = words.count(words.marked(frozenset().union(*titled))) / np.maximum(words.counts, 1)
    of = np.zeros(len(within))
    for title in set(titled):
        of = np.maximum(of, words.count_once(words.marked(title)) / len(title))
    return [within, of]


def _rarity(words: Words, several: NDArray[np.int64]) -> list[NDArray[np.generic]]:
    """The shares of different words, and of words that no other block of the page has."""
    row, word = words.pairs
    once = np.bincount(word, minlength=len(words.known)) == 1
    unique = np.bincount(row, minlength=len(several))
    return [unique / several, words.count_once(once) / several]
