"""The characters of many texts as one array, each with its class: what is counted of them is counted at once."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
from numpy.typing import NDArray

OTHER, LOWER, UPPER, DIGIT, SPACE, COMMA, STOP, ASKING, QUOTE, COLON, MARK, UNCASED = range(12)
CLASSES = 12
_SIGNS = {
    COMMA: ",，、،;；",
    STOP: ".。।…．",
    ASKING: "?!？！؟",
    QUOTE: "\"“”„«»「」『』‘’'",
    COLON: ":：",
    MARK: "|©®™@#/\\•·►▶»›→←↑↓✓★☆+*_=<>~^[]{}",
}
# Code points of the basic plane have tables; the few beyond it are asked one by one.
_PLANE = 0x10000
_BREAK = "\n"  # between the texts: white, so that a text's first character begins a word


def code_points(text: str) -> NDArray[np.uint32]:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


def which(test: Callable[[str], bool], text: str, points: NDArray[np.uint32]) -> NDArray[np.bool_]:
    """Of each character of a text, whether the test of single ones holds; ``points``: its code points."""
    found = _plane(test).take(points, mode="clip")
    beyond = np.flatnonzero(points >= _PLANE)
    found[beyond] = [test(text[at]) for at in beyond.tolist()]
    return found


@dataclass(frozen=True)
class Characters:
    """``joined``: the texts, with a break behind each; ``starts`` and ``ends`` of each text there; ``kinds``: the class
    of each character."""

    joined: str
    points: NDArray[np.uint32]
    kinds: NDArray[np.uint8]
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]

    @classmethod
    def of(cls, texts: Sequence[str]) -> Characters:
        joined = _BREAK.join((*texts, ""))
        points = code_points(joined)
        ends = np.cumsum(np.fromiter(map(len, texts), np.int64, len(texts)) + 1) - 1
        starts = np.concatenate(([0], ends[:-1] + 1))
        return cls(joined, points, _kinds().take(points, mode="clip"), starts, ends)

    @cached_property
    def rows(self) -> NDArray[np.int64]:
        """The number of the text of each character."""
        return np.repeat(np.arange(len(self.starts)), self.ends - self.starts + 1)

    def counts(self) -> NDArray[np.int64]:
        """Of each text the characters of each class."""
        size = len(self.starts)
        found = np.bincount(self.rows * CLASSES + self.kinds, minlength=size * CLASSES)
        counts = found.reshape(size, CLASSES)
        counts[:, OTHER] -= 1  # the break behind it
        return counts

    def capital_words(self) -> NDArray[np.int64]:
        """Of each text the words, set off by white space, that begin with a capital."""
        white = which(str.isspace, self.joined, self.points)
        begins = ~white & np.concatenate(([True], white[:-1]))
        capital = which(str.isupper, self.joined, self.points)
        return np.bincount(self.rows[begins & capital], minlength=len(self.starts))

    def with_any(self, marks: Sequence[str]) -> NDArray[np.bool_]:
        """Which of the texts hold one of the marks."""
        places = []
        for mark in marks:
            at = self.joined.find(mark)
            while at >= 0:
                places.append(at)
                at = self.joined.find(mark, at + 1)
        found = np.zeros(len(self.starts), np.bool_)
        found[self.rows[places]] = True
        return found

    def with_early(self, kind: int, within: int) -> NDArray[np.bool_]:
        """Which of the texts have a character of this class among their first so many."""
        at = np.flatnonzero(self.kinds == kind)
        row = self.rows[at]
        found = np.zeros(len(self.starts), np.bool_)
        found[row[at - self.starts[row] < within]] = True
        return found


@cache
def _kinds() -> NDArray[np.uint8]:
    """The class of each code point of the basic plane; the last stands for all beyond it."""
    table = np.zeros(_PLANE, np.uint8)
    for point in range(_PLANE - 1):
        category = unicodedata.category(chr(point))
        if category == "Ll":
            table[point] = LOWER
        elif category in ("Lu", "Lt"):
            table[point] = UPPER
        elif category[0] == "L" or category[0] == "M":
            table[point] = UNCASED
        elif category == "Nd":
            table[point] = DIGIT
        elif category[0] == "Z":
            table[point] = SPACE
    for kind, signs in _SIGNS.items():
        for sign in signs:
            table[ord(sign)] = kind
    return table


@cache
def _plane(test: Callable[[str], bool]) -> NDArray[np.bool_]:
    """Of each code point of the basic plane, whether the test holds."""
    return np.fromiter((test(chr(point)) for point in range(_PLANE)), np.bool_, _PLANE)
