"""What can be measured of a block's text alone: its characters by class, its words, its form, its repetitions.

All blocks of a page are measured at once, over one array of code points: 200 blocks cost about a millisecond.
Counts and ratios of counts only, no logarithms: their values are the same on every machine.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

_OTHER, _LOWER, _UPPER, _DIGIT, _SPACE, _COMMA, _STOP, _ASKING, _QUOTE, _COLON, _MARK, _UNCASED = range(12)
_CLASSES = 12
_SIGNS = {
    _COMMA: ",，、،;；",
    _STOP: ".。।…．",
    _ASKING: "?!？！؟",
    _QUOTE: "\"“”„«»「」『』‘’'",
    _COLON: ":：",
    _MARK: "|©®™@#/\\•·►▶»›→←↑↓✓★☆+*_=<>~^[]{}",
}
_TABLE_SIZE = 0x10000
_WORDS = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_STOP_WORDS = (
    "the a an of to and in is was were are be been that this it its for on with as by at from or but "
    "not he she they his her their we our you your i my me him them who which what when where how if "
    "than then so there has have had will would can could may might should do did does said says "
    "into about over after before because also more der die das und ist nicht mit von zu den dem ein "
    "eine auf für im des sich auch es er sie wir le la les de du et en un une est que qui dans pour "
    "pas sur au par plus il elle ce se el los las del y una por con para no su lo al como más o os "
    "da em um uma não com mais e di che per non è si della sono"
)
_STOPS = frozenset(_STOP_WORDS.split())
_DATE = re.compile(
    r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? \d{1,2}\b|\b\d{1,2}(?:st|nd|rd|th)? "
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)|\b(?:19|20)\d\d[-/.]\d\d?\b|\b\d\d?[:.]\d\d ?[ap]m\b"
    r"|\d (?:minute|hour|day|week|month|year)s? ago\b|\d min(?:ute)? read\b",
    re.I,
)
_ADDRESSES = ("://", "www.", ".com", ".org", ".net", ".co.", "@")
_START_DATE = 160  # characters in which a date makes a line a label
_OPENS_LABEL = re.compile(
    r"(?:by|photo|image|credit|source|via|tags?|filed|posted|published|updated|written|share|read|related|see|also"
    r"|more|sign|subscribe|follow|copyright|©|advertisement|comments?|leave|next|previous|written)\b",
    re.I,
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


def table(columns: Sequence[NDArray[np.generic]]) -> Floats:
    """The columns side by side, one behind the other in memory: trees ask for columns."""
    out = np.empty((len(columns), len(columns[0])), np.float32)
    for i, column in enumerate(columns):
        out[i] = column
    return out.T


def split_words(texts: Sequence[str]) -> list[list[str]]:
    """The words of each text, in lower case."""
    return [_WORDS.findall(text.lower()) for text in texts]


def measure_texts(texts: Sequence[str], words: Sequence[list[str]], titles: Sequence[str] = ()) -> Floats:
    """A row a text, a column each of :data:`NAMES`. ``words``: of :func:`split_words`. ``titles`` are those that
    the page states, if any."""
    rows = len(texts)
    if not rows:
        return np.zeros((0, len(NAMES)), np.float32)
    chars = np.fromiter(map(len, texts), np.int64, rows)
    classes = _class_counts(texts, chars)
    length = np.maximum(chars, 1)
    lowered = [text.lower() for text in texts]
    counted = np.fromiter(map(len, words), np.int64, rows)
    several = np.maximum(counted, 1)
    stopped = np.fromiter((sum(map(_STOPS.__contains__, found)) for found in words), np.int64, rows)
    longest = np.fromiter((max(map(len, found), default=0) for found in words), np.int64, rows)
    sentences = np.maximum(1, classes[:, _STOP] + classes[:, _ASKING])
    capitals = np.fromiter(
        (sum(1 for word in text.split() if word[0].isupper()) for text in texts), np.int64, rows
    )
    columns: list[NDArray[np.generic]] = [
        chars,
        counted,
        (chars - classes[:, _SPACE]) / several,
        classes[:, _UPPER] / length,
        classes[:, _DIGIT] / length,
        classes[:, _COMMA],
        classes[:, _STOP],
        classes[:, _ASKING],
        classes[:, _QUOTE],
        classes[:, _COLON],
        classes[:, _MARK],
        classes[:, _UNCASED] / length,
        classes[:, _OTHER] / length,
        stopped / several,
        capitals / several,
        longest,
        sentences,
        chars / sentences,
        *_edges(texts),
        *_forms(texts, classes[:, _DIGIT].tolist()),
        *_copies(lowered),
        *_titled(words, titles),
        *_rarity(words, several),
    ]
    return table(columns)


def _class_counts(texts: Sequence[str], chars: NDArray[np.int64]) -> NDArray[np.int64]:
    points = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), np.uint32)
    kinds = _table()[np.minimum(points, _TABLE_SIZE - 1)]
    row = np.repeat(np.arange(len(texts)), chars)
    found = np.bincount(row * _CLASSES + kinds, minlength=len(texts) * _CLASSES)
    return found.reshape(len(texts), _CLASSES)


@cache
def _table() -> NDArray[np.uint8]:
    """The class of each code point of the basic plane; the last stands for all beyond it."""
    table = np.zeros(_TABLE_SIZE, np.uint8)
    for point in range(_TABLE_SIZE - 1):
        category = unicodedata.category(chr(point))
        if category == "Ll":
            table[point] = _LOWER
        elif category in ("Lu", "Lt"):
            table[point] = _UPPER
        elif category[0] == "L" or category[0] == "M":
            table[point] = _UNCASED
        elif category == "Nd":
            table[point] = _DIGIT
        elif category[0] == "Z":
            table[point] = _SPACE
    for kind, signs in _SIGNS.items():
        for sign in signs:
            table[ord(sign)] = kind
    return table


def _edges(texts: Sequence[str]) -> list[NDArray[np.generic]]:
    """The classes of the first and the last character; a closing quotation mark or bracket looks one further."""
    ends = "".join(text[0] + text[-1] + text[-2:][0] for text in texts)
    points = np.frombuffer(ends.encode("utf-32-le", "surrogatepass"), np.uint32).reshape(-1, 3)
    first, last, before = _table()[np.minimum(points, _TABLE_SIZE - 1)].T
    quoted = (last == _QUOTE) | np.isin(points[:, 1], (ord(")"), ord("]")))
    full = np.isin(last, (_STOP, _ASKING)) | (quoted & np.isin(before, (_STOP, _ASKING, _COMMA)))
    return [
        full,
        last == _COLON,
        quoted,
        np.isin(last, (_LOWER, _UPPER)),
        *(first == kind for kind in (_UPPER, _LOWER, _DIGIT, _QUOTE, _MARK)),
    ]


def _forms(texts: Sequence[str], digits: Sequence[int]) -> list[NDArray[np.generic]]:
    return [
        np.array(
            [
                dig > 0 and _DATE.search(text, 0, _START_DATE) is not None
                for text, dig in zip(texts, digits, strict=True)
            ]
        ),
        np.array([any(mark in text for mark in _ADDRESSES) for text in texts]),
        np.array([_OPENS_LABEL.match(text.lstrip(" -–—•*[(|")) is not None for text in texts]),
    ]


def _copies(lowered: Sequence[str]) -> list[NDArray[np.generic]]:
    """How often the text stands on the page, whether above, and how often its first words do."""
    whole = Counter(lowered)
    starts = Counter(text[:24] for text in lowered)
    seen: set[str] = set()
    above = []
    for text in lowered:
        above.append(text in seen)
        seen.add(text)
    return [
        np.array([whole[text] for text in lowered]),
        np.array(above),
        np.array([starts[text[:24]] for text in lowered]),
    ]


def _titled(words: Sequence[list[str]], titles: Sequence[str]) -> list[NDArray[np.generic]]:
    """The share of the block's words that stand in a title, and of the title's words that stand in the block."""
    titled = [set(_WORDS.findall(title.lower())) for title in titles]
    wanted = set().union(*titled)
    within = [sum(map(wanted.__contains__, found)) / max(1, len(found)) for found in words]
    least = [title for title in titled if title]
    of = [
        max((len(title.intersection(found)) / len(title) for title in least), default=0.0) if inside else 0.0
        for found, inside in zip(words, within, strict=True)
    ]
    return [np.array(within), np.array(of)]


def _rarity(words: Sequence[list[str]], several: NDArray[np.int64]) -> list[NDArray[np.generic]]:
    """The shares of different words, and of words that no other block of the page has."""
    sets = [set(found) for found in words]
    blocks_with = Counter(word for found in sets for word in found)
    unique = np.fromiter(map(len, sets), np.int64, len(sets))
    hapax = np.array([sum(1 for word in found if blocks_with[word] == 1) for found in sets])
    return [unique / several, hapax / several]
