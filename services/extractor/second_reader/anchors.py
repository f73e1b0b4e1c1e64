"""Where the words of an answer stand. What stands nowhere, or more than once, stands nowhere."""

from __future__ import annotations

from services.extractor.second_reader.passage import Passage
from services.extractor.tagged import Spans
from shared.contracts.parts import Span


class NotUsable(Exception):
    """An answer's words cannot be taken. ``code``: `not-found`, `ambiguous`, or `misplaced` where they are no part of
    this claim."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def anchored(passage: Passage, words: str) -> Span:
    """The one place of these words in the passage, as offsets of the article's text.

    They must be whole words and stand there to the letter, in one paragraph. Raises :class:`NotUsable`.
    """
    text, base = passage
    words = words.strip()
    if not any(letter.isalnum() for letter in words) or "\n" in words:
        raise NotUsable("not-found")
    places: list[int] = []
    at = text.find(words)
    while at >= 0 and len(places) < 2:
        if _whole(text, at) and _whole(text, at + len(words)):
            places.append(at)
        at = text.find(words, at + 1)
    if len(places) != 1:
        raise NotUsable("ambiguous" if places else "not-found")
    return base + places[0], base + places[0] + len(words)


def _whole(text: str, edge: int) -> bool:
    """Whether no word goes on across that place."""
    return not (0 < edge < len(text) and text[edge - 1].isalnum() and text[edge].isalnum())


def with_old_edges(passage: Passage, new: Spans, old: Spans) -> Spans:
    """The new spans, with an old edge where only marks and spaces are between the two: a model copies words and leaves
    out the quotation marks, and a quotation without them would be none."""
    start, end = new[0][0], new[-1][1]
    if _only_marks(passage, start, old[0][0]):
        start = old[0][0]
    if _only_marks(passage, end, old[-1][1]):
        end = old[-1][1]
    if len(new) == 1:
        return ((start, end),)
    return ((start, new[0][1]), *new[1:-1], (new[-1][0], end))


def _only_marks(passage: Passage, one: int, other: int) -> bool:
    text, base = passage
    between = text[min(one, other) - base : max(one, other) - base]
    return not any(letter.isalnum() for letter in between)
