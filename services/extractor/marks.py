"""Find what stands in quotation marks, in one pass over each paragraph.

Only marks are looked at here, not words: whether a stretch in marks is a quotation, a title or a scare
quote is decided later, by what stands around it. Every step moves forward, so a page of a million
quotation marks costs a million steps.
"""

import re
from typing import NamedTuple

OPENERS = "“„«"
CLOSERS = "”»"
EITHER = '"‟＂'
_MARK = re.compile('[“„«”»"‟＂]')
_BEFORE_OPENING = frozenset("([{—–-‑/…‘'’“\"")
_AFTER_CLOSING = frozenset(".,;:?!)]}—–-…’'/”\"“")


class Quotation(NamedTuple):
    """A stretch in double marks; offsets include the marks, end exclusive.

    `closed` is False where the paragraph ends before the mark does. `continues` is True where the next
    paragraph opens with a mark again, which is how a quotation of several paragraphs is written.
    """

    start: int
    end: int
    closed: bool
    continues: bool


class Paragraph(NamedTuple):
    """A paragraph's extent in the text and what stands in quotation marks within it."""

    start: int
    end: int
    quotations: tuple[Quotation, ...]


def paragraphs(text: str) -> list[Paragraph]:
    """Cut the text at line breaks and find the quotations of each paragraph, in text order."""
    extents = [(m.start(), m.end()) for m in re.finditer(r"[^\n]+", text) if not m[0].isspace()]
    opens_with_mark = [_opens_with_mark(text, start, end) for start, end in extents] + [False]
    return [
        Paragraph(start, end, tuple(_pair(text, start, end, opens_with_mark[i + 1])))
        for i, (start, end) in enumerate(extents)
    ]


def _opens_with_mark(text: str, start: int, end: int) -> bool:
    while start < end and text[start].isspace():
        start += 1
    return start < end and text[start] in OPENERS + EITHER


def _role(text: str, at: int, start: int, end: int) -> tuple[bool, bool]:
    """Whether the mark at `at` may open and whether it may close, by its shape and its neighbours."""
    before = text[at - 1] if at > start else " "
    after = text[at + 1] if at + 1 < end else " "
    free_before = before.isspace() or before in _BEFORE_OPENING
    free_after = after.isspace() or after in _AFTER_CLOSING
    mark = text[at]
    may_open = free_before and not after.isspace() and after not in ",;:)]}"
    may_close = not before.isspace() and at > start
    if mark in OPENERS and not (free_after and may_close and not free_before):
        return True, False
    if mark in CLOSERS and not (may_open and before.isspace() and not free_after):
        return False, at > start
    if before.isspace() and after.isspace():
        return False, at > start
    if may_open and may_close:
        # Between a dash or a bracket and a letter: opens unless a quotation is open that it can close.
        return True, True
    return may_open, may_close


def _pair(text: str, start: int, end: int, next_opens: bool) -> list[Quotation]:
    found: list[Quotation] = []
    opened: int | None = None
    for match in _MARK.finditer(text, start, end):
        at = match.start()
        may_open, may_close = _role(text, at, start, end)
        if opened is None:
            if may_open:
                opened = at
        elif may_close and at > opened + 1:
            found.append(Quotation(opened, at + 1, True, False))
            opened = None
        elif may_open and text[at] in OPENERS:
            # A second opening mark: the first one was never closed, so it marks nothing.
            opened = at
    if opened is not None:
        stop = end
        while stop > opened and text[stop - 1].isspace():
            stop -= 1
        if stop > opened + 1:
            found.append(Quotation(opened, stop, False, next_opens))
    return found
