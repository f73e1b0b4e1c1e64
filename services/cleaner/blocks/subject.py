"""What a line has to do with the others: words that it shares with those around it, and the headline that it follows.

The paragraphs of one article go on about the same things, a list of teasers does not. A headline's words come again
in the prose below it, and what it stands above is the article; this finds it where no tree says which line it is.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from services.cleaner.blocks.context import around, since, window_means
from services.cleaner.blocks.text import STOPS
from services.cleaner.blocks.words import Words

_FAR = 999  # lines: the word does not come again
_ABOVE = 12  # lines in which a thing that was spoken of is still the subject
_BELOW = 25  # lines below a headline in which its words come again
_REACHES = (3, 8)
_STEPS = (-2, -1, 1, 2)
# A word that stands in more lines than these says nothing of any: "share", "comments", a site's name.
_MOST_LINES, _MOST_OF_PAGE = 8, 5
_OFTEN, _MOST_OFTEN = 5, 8  # lines with a word, beyond which more say no more
_HEADLINE_WORDS = (2, 20)  # without those that bind
_HEADLINE_SHARE = 0.6
_LONGEST_WAY = (-99, 199)  # lines from the headline

NAMES: tuple[str, ...] = (
    *("content words", "topical", "in prose", "in largest", "topic of largest"),
    *("words below", "headline words", "since headline"),
    *("headline strength", "of headline", "since a headline"),
    *(f"cohesion ±{reach}" for reach in _REACHES),
    *(f"topical {step:+}" for step in _STEPS),
)


@dataclass(frozen=True, slots=True)
class _Shared:
    """The words of the lines that bind nothing: (line, word), each once, word by word and line by line."""

    line: NDArray[np.intp]
    word: NDArray[np.intp]
    counts: NDArray[np.int64]

    def share(self, marked: NDArray[np.generic]) -> NDArray[np.float64]:
        """Of each line's words how many are marked, or what the marks are on average."""
        sums = np.bincount(self.line, weights=marked, minlength=len(self.counts))
        return sums / np.maximum(self.counts, 1)

    def lines_with(self, among: NDArray[np.bool_]) -> NDArray[np.int64]:
        """For each word here, in how many other lines ``among`` these it stands."""
        here = among[self.line].astype(np.int64)
        found = np.bincount(self.word, weights=here, minlength=1).astype(np.int64)
        return found[self.word] - here


def measure_subject(
    words: Words, prose: NDArray[np.bool_], largest: NDArray[np.bool_]
) -> list[NDArray[np.generic]]:
    """A column each of :data:`NAMES`. ``prose``: the lines that are sentences; ``largest``: those of the longest run
    of these."""
    rows = len(prose)
    shared = _shared(words, rows)
    line, word = shared.line, shared.word
    again = word[1:] == word[:-1]
    way = np.where(again, line[1:] - line[:-1], _FAR)
    ends = np.full(min(1, len(line)), _FAR)
    above, below = np.concatenate((ends, way)), np.concatenate((way, ends))
    in_prose, in_largest = shared.lines_with(prose), shared.lines_with(largest & prose)
    topical = shared.share(np.minimum(in_prose, _MOST_OFTEN) / _MOST_OFTEN)
    told = (below <= _BELOW) & np.append(prose[line[1:]], ends == 0)
    counts = shared.counts.astype(np.float64)
    return [
        counts,
        topical,
        shared.share(in_prose > 0),
        shared.share(in_largest > 0),
        shared.share(np.minimum(in_largest, _OFTEN) / _OFTEN),
        *_headline(shared, told, prose),
        *window_means(shared.share(above <= _ABOVE) * counts, counts, _REACHES),
        *around([topical], _STEPS),
    ]


def _shared(words: Words, rows: int) -> _Shared:
    line, word = words.pairs
    often = np.bincount(word, minlength=len(words.known)) > max(_MOST_LINES, rows // _MOST_OF_PAGE)
    kept = ~(often | words.marked(STOPS))[word]
    line, word = line[kept], word[kept]
    order = np.argsort(word, kind="stable")
    return _Shared(line[order], word[order], np.bincount(line, minlength=rows))


def _headline(
    shared: _Shared, told: NDArray[np.bool_], prose: NDArray[np.bool_]
) -> list[NDArray[np.generic]]:
    """``told``: of each word, whether it comes again in prose not far below. The likeliest headline is the short line
    with the most such words, and the largest share of them."""
    rows = len(prose)
    share = shared.share(told)
    few, many = _HEADLINE_WORDS
    short = (shared.counts >= few) & (shared.counts <= many) & ~prose
    found = np.bincount(shared.line, weights=told, minlength=rows) * short
    strength = found * share
    headline = int(np.argmax(strength))
    of = np.zeros(int(shared.word.max(initial=0)) + 1, np.bool_)
    of[shared.word[shared.line == headline]] = True
    likely = (strength >= few) & (share >= _HEADLINE_SHARE)
    return [
        share,
        found,
        np.clip(np.arange(rows) - headline, *_LONGEST_WAY),
        np.full(rows, strength[headline]),
        shared.share(of[shared.word]),
        np.minimum(since(likely, _FAR), -_LONGEST_WAY[0]),
    ]
