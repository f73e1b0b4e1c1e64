"""What the second reader sees of an article: the paragraphs of one claim and the one before them."""

from __future__ import annotations

from typing import NamedTuple

from services.extractor.tagged import Spans

AROUND = 1_000  # characters on either side: the paragraph before and the rest of its own; news has 300 in one
MOST = 4_000  # with the claim itself; what is longer is no case for a second look, and would cost the most


class Passage(NamedTuple):
    """``text`` begins at ``start`` of the article's text."""

    text: str
    start: int


def passage(text: str, spans: Spans) -> Passage | None:
    """The passage around these spans, cut between words; None where they reach too far."""
    first, last = min(start for start, _ in spans), max(end for _, end in spans)
    start = _paragraph(text, first)
    start = _paragraph(text, start - 2) if start >= 2 else start
    if start < first - AROUND:
        start = _next_space(text, first - AROUND, first)
    end = text.find("\n\n", last)
    end = len(text) if end < 0 else end
    if end > last + AROUND:
        end = max(last, text.rfind(" ", last, last + AROUND))
    return Passage(text[start:end], start) if end - start <= MOST else None


def _paragraph(text: str, at: int) -> int:
    """Where the paragraph of that place begins."""
    found = text.rfind("\n\n", 0, at)
    return 0 if found < 0 else found + 2


def _next_space(text: str, start: int, until: int) -> int:
    found = text.find(" ", start, until)
    return until if found < 0 else found + 1
