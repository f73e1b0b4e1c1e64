"""Find what stands in quotation marks, in one pass over each paragraph.

Only marks are looked at here, not words: whether a stretch in marks is a quotation, a title or a scare
quote is decided later, by what stands around it. Every step moves forward, so a page of a million
quotation marks costs a million steps.
"""

import re
from typing import NamedTuple

from services.extractor.single_marks import is_single, pairs

OPENERS = "“„«"
CLOSERS = "”»"
EITHER = '"‟＂'
# What closes a quotation, by the mark that opens it.
CLOSED_BY = {"“": '”"', "„": "“”", "«": "»", "»": "«", '"': '"”', "‘": "’", "‚": "‘’"}
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
    single = is_single(text)
    openers = "‘" if single else OPENERS + EITHER
    opens_with_mark = [_opens_with_mark(text, start, end, openers) for start, end in extents] + [False]
    found: list[Paragraph] = []
    for i, (start, end) in enumerate(extents):
        before = found[-1].quotations[-1:] if found else ()
        continued = bool(before) and before[0].continues
        pair = _single if single else _pair
        found.append(Paragraph(start, end, pair(text, start, end, continued, opens_with_mark[i + 1])))
    return found


def doubles(text: str, start: int, end: int) -> tuple[Quotation, ...]:
    """The closed quotations in double marks within a stretch, such as a quotation in single ones."""
    return tuple(one for one in _pair(text, start, end, False, False) if one.closed)


def _single(text: str, start: int, end: int, continued: bool, next_opens: bool) -> tuple[Quotation, ...]:
    """The quotations of a paragraph in single marks, and those in double ones that stand in none of them."""
    found: list[Quotation] = []
    for first, stop in pairs(text, start, end):
        if stop is not None:
            found.append(Quotation(first, stop, True, False))
        elif _runs_to_the_end(text, first, start, continued, next_opens):
            found.append(Quotation(first, start + len(text[start:end].rstrip()), False, next_opens))
    for double in _pair(text, start, end, False, False):
        if not any(one.start < double.end and double.start < one.end for one in found):
            found.append(double)
    return tuple(sorted(found))


def _opens_with_mark(text: str, start: int, end: int, openers: str) -> bool:
    while start < end and text[start].isspace():
        start += 1
    return start < end and text[start] in openers


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


def _pair(text: str, start: int, end: int, continued: bool, next_opens: bool) -> tuple[Quotation, ...]:
    """Match the marks of one paragraph; of nested quotations only the outermost is kept."""
    found: list[Quotation] = []
    opened: list[int] = []
    for match in _MARK.finditer(text, start, end):
        at = match.start()
        may_open, may_close = _role(text, at, start, end)
        if not opened:
            if may_open:
                opened.append(at)
        elif may_close and at > opened[-1] + 1:
            first = opened.pop()
            while found and found[-1].start > first:
                found.pop()
            found.append(Quotation(first, at + 1, True, False))
        elif may_open and text[at] in OPENERS:
            opened.append(at)
    if opened and _runs_to_the_end(text, opened[0], start, continued, next_opens):
        while found and found[-1].start > opened[0]:
            found.pop()
        stop = start + len(text[start:end].rstrip())
        if stop > opened[0] + 1:
            found.append(Quotation(opened[0], stop, False, next_opens))
    return tuple(found)


def _runs_to_the_end(text: str, at: int, start: int, continued: bool, next_opens: bool) -> bool:
    """Whether a mark that nothing closes opens a quotation all the same, rather than being a slip."""
    lead = text[max(start, at - 2) : at].rstrip()
    if not lead:
        return continued or next_opens
    return lead[-1] in ":,"
