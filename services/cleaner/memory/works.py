"""Another article, or the same one again? Only what stands in different articles can be a site's boilerplate.

The same article comes again as an update under another URL, as a copy in another section, as an agency's report on
the site of each local paper, as the next page of a live blog. Then the pages share most of their own paragraphs.
Paragraphs that speak for the page are left out of this: two notes of one sentence each do not become one article by
the appeal below them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from services.cleaner.memory.seen import BLOCK, INSIDE, PROSE, VOICE, Blocks

_SAME = 0.5  # of the shorter one's characters
_SAME_UNDER_ONE_TITLE = 0.2
_CONTENT_WORD = re.compile(r"[^\W_]{4,}")
# Of four letters and more, and in any headline.
_FUNCTION_WORDS = """
    about after again against also amid among another back been before being between both could does down during each
    ever every first from have here into just last like made make many more most much must near need never next only
    other over said says should since some still such take than that their them then there these they this those three
    through today under until upon very want week were what when where which while will with without would year your
"""
_SAYS_NOTHING = frozenset(_FUNCTION_WORDS.split())
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Remembered:
    """An article as it is remembered. ``work``: the id of the first article of which it is a copy or version; its own
    where there is none."""

    article_id: str
    work: str
    title: str
    blocks: Blocks


@dataclass(frozen=True, slots=True)
class Shelf:
    """The blocks of a site's articles, in one table: one search finds those of a page in all of them.

    ``rows``: whose each is, by its place among the ``articles``. ``own``: those that say what their article is, with
    ``totals``, their characters in each article.
    """

    articles: Sequence[Remembered]
    marks: Ints
    chars: Floats
    inside: Bools
    rows: Ints
    own: Bools
    totals: Floats

    @staticmethod
    def of(articles: Sequence[Remembered]) -> Shelf:
        size = len(articles)
        rows = np.repeat(np.arange(size), [len(article.blocks) for article in articles])
        if not len(rows):
            return Shelf(articles, rows, np.zeros(0), rows > 0, rows, rows > 0, np.zeros(size))
        # By their bytes: numpy joins tables a hundred times slower than columns.
        blocks = np.frombuffer(b"".join(article.blocks.tobytes() for article in articles), BLOCK)
        chars, kind = blocks["chars"].astype(np.float64), np.ascontiguousarray(blocks["kind"])
        inside, plain = (kind & INSIDE) > 0, _is_plain(kind)
        own = np.where((np.bincount(rows[plain], minlength=size) > 0)[rows], plain, inside)
        marks = np.ascontiguousarray(blocks["fingerprint"])
        totals: Floats = np.bincount(rows[own], chars[own], size).astype(np.float64)
        return Shelf(articles, marks, chars, inside, rows, own, totals)

    def find(self, blocks: Blocks) -> Found:
        """Where the blocks of one article stand in all of them."""
        inside = blocks[(blocks["kind"] & INSIDE) > 0]
        order = np.argsort(inside["fingerprint"])
        mine = np.ascontiguousarray(inside["fingerprint"][order])
        if not len(mine):
            return Found(self, mine, np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0))
        place = np.minimum(np.searchsorted(mine, self.marks), len(mine) - 1)
        at = np.flatnonzero(mine[place] == self.marks)
        weight = np.where(own_blocks(inside), inside["chars"], 0).astype(np.float64)[order]
        return Found(self, mine, at, place[at], weight)


@dataclass(frozen=True, slots=True)
class Found:
    """One article's blocks on the shelf: ``mine`` its fingerprints, sorted, ``weight`` the characters of those that
    say what it is; ``at`` the places on the shelf that have one of them, ``which`` of them each has."""

    shelf: Shelf
    mine: Ints
    at: Ints
    which: Ints
    weight: Floats

    def same_works(self, title: str) -> Bools:
        """Which of the articles are this one again: a copy, a version, a page of the same live blog."""
        shelf, size = self.shelf, len(self.shelf.articles)
        inside = shelf.inside[self.at]
        here = self._share(self.at[inside], self.which[inside])
        own = self.at[shelf.own[self.at]]
        both = np.bincount(shelf.rows[own], shelf.chars[own], size)
        there = np.divide(both, shelf.totals, out=np.zeros(size), where=shelf.totals > 0)
        title = title.casefold()
        one_title = [bool(title) and title == article.title.casefold() for article in shelf.articles]
        enough: Bools = np.maximum(here, there) >= np.where(one_title, _SAME_UNDER_ONE_TITLE, _SAME)
        return enough

    def carriers(self) -> Bools:
        """On which of the articles' pages most of this one stands, be it beside the article: a list of the latest has
        first paragraphs, and a short report has no more."""
        enough: Bools = self._share(self.at, self.which) >= _SAME
        return enough

    def _share(self, at: Ints, which: Ints) -> Floats:
        """How much of this article's own text, by characters, each of the others has there."""
        rows, size = self.shelf.rows[at], len(self.shelf.articles)
        total = float(self.weight.sum())
        return np.bincount(rows, self.weight[which], size) / total if total else np.zeros(size)


def own_blocks(blocks: Blocks) -> Bools:
    """Those that say what an article is: its sentences in nobody's voice but its own; all that are in it where there
    are none such."""
    own = _is_plain(blocks["kind"])
    return own if own.any() else (blocks["kind"] & INSIDE) > 0


def _is_plain(kind: NDArray[np.uint8]) -> Bools:
    plain: Bools = (kind & (INSIDE | PROSE | VOICE)) == (INSIDE | PROSE)
    return plain


def content_words(title: str) -> frozenset[str]:
    """What a headline is about: its words of four letters and more, but for those that stand in any."""
    return frozenset(_CONTENT_WORD.findall(title.casefold())) - _SAYS_NOTHING
