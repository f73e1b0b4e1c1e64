"""The rows that both forms show: the title, then each paragraph with the claims that begin in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from claimstream.marked.facts import Explained
from claimstream.marked.marks import Mark, Segment, marks, segments
from shared.contracts.events import ExtractedClaim

_PARAGRAPH = re.compile(r"[^\n]+")
Found = tuple[ExtractedClaim, str]


class Row(NamedTuple):
    """One paragraph, or the title: `segments` of `text`, and the claims that begin there with their layers."""

    text: str
    titled: bool
    segments: tuple[Segment, ...]
    claims: tuple[Found, ...]


def rows(explained: Explained) -> Iterator[Row]:
    """Every claim stands in one row; a mark that goes over several paragraphs is in each of them."""
    found = list(zip(explained.claims, explained.layers, strict=True))
    if explained.title:
        titled = tuple(one for one in found if one[0].content.in_ == "title")
        cut = segments(marks(explained.claims, "title"), (0, len(explained.title)))
        yield Row(explained.title, True, tuple(cut), titled)
    claims = sorted(
        (one for one in found if one[0].content.in_ == "text"),
        key=lambda one: -one[0].content.spans[0][0],
    )
    marked = marks(explained.claims, "text")[::-1]
    open_: list[Mark] = []
    for paragraph in _PARAGRAPH.finditer(explained.text):
        while marked and marked[-1].start < paragraph.end():
            open_.append(marked.pop())
        open_ = [mark for mark in open_ if mark.end > paragraph.start()]
        here = []
        while claims and claims[-1][0].content.spans[0][0] < paragraph.end():
            here.append(claims.pop())
        yield Row(explained.text, False, tuple(segments(open_, paragraph.span())), tuple(here))
