"""What each paragraph of the cleaned text is in its page, and where there: so that a reader can show it in its place.

The place is an element, by its XPath, and a part of that element's text. Nothing is looked for while the page is
judged: some thirty paragraphs of hundreds of blocks are the article's, and only these are asked for.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict, deque
from collections.abc import Iterator, Sequence
from functools import cached_property

from lxml.etree import XPath
from lxml.html import HtmlElement

from services.cleaner.blocks.classifier import Judged
from services.cleaner.body import Block
from shared.contracts.enums import BlockType
from shared.contracts.parts import Span, TextBlock
from shared.contracts.text import PARAGRAPH_BREAK

# The record of an article has 4 MiB and its text at most two of them: the blocks take half a MiB (estimated: the
# longest numbers and names, and the path). That is 3,000 paragraphs at the depth of news pages.
_MOST_BYTES = 2**19
_BYTES_A_BLOCK = 110
_LEVELS = 6  # so far up a list, a quotation or an embedded post is looked for
_EMBEDDED = re.compile(
    r"\b(?:twitter-(?:tweet|video)|instagram-media|tiktok-embed|fb-(?:post|video)|bluesky-embed|mastodon-embed"
    r"|reddit-(?:card|embed(?:-bq)?)|telegram-post|text-post-media)\b"
)
_TYPES = {
    "li": BlockType.ITEM,
    "dd": BlockType.ITEM,
    "dt": BlockType.ITEM,
    "blockquote": BlockType.QUOTE,
    "figcaption": BlockType.CAPTION,
    "td": BlockType.ROW,
    "th": BlockType.ROW,
    "tr": BlockType.ROW,
}
_text_of = XPath("string()", smart_strings=False)
_HEADING = re.compile(r"h([1-6])")
_NEAR = 4_096  # characters in which it is looked for as it is, before white space is left out of account
# Characters and blocks that are looked through in vain, of a page that is made for it: some 100 ms each.
_MOST_SEARCHED = 50_000_000
_MOST_COMPARED = 500_000
_NAMED_PATH = re.compile(r"(?:/(?:[A-Za-z_][A-Za-z0-9_.-]*|\*)(?:\[\d+\])?)+")
# A row of cells is one paragraph, with this between them.
_CELL = " | "


def in_page(blocks: Sequence[Block], judged: Sequence[Judged]) -> tuple[TextBlock, ...]:
    """The paragraphs of a page's text, which are ``blocks``, in order. ``judged``: all blocks of the page, for those
    of another extractor, which does not say where it found them."""
    found, room = [], _MOST_BYTES
    held: dict[HtmlElement, tuple[str, _Searched]] = {}
    known = _Known(judged)
    for block, span in zip(blocks, _spans(blocks), strict=True):
        element = block.element if block.element is not None else known.element_of(block.text)
        path = at = None
        if element is not None:
            if element not in held:
                held[element] = path_of(element), _Searched(_text_of(element))
            path, searched = held[element]
            at = searched.place(block.text) or (0, len(searched.raw))
        room -= _BYTES_A_BLOCK + len(path or "")
        if room < 0:
            break
        type_, level = _type_of(element, heading=block.heading)
        found.append(TextBlock(type=type_, span=span, level=level, path=path, at=at))
    return tuple(found)


def in_plain_text(blocks: Sequence[Block], plain: str) -> tuple[TextBlock, ...]:
    """The same of a plain text: paragraphs, and where they stand in ``plain``."""
    searched = _Searched(plain)
    return tuple(
        TextBlock(span=span, at=searched.place(block.text))
        for block, span in zip(blocks[: _MOST_BYTES // _BYTES_A_BLOCK], _spans(blocks), strict=False)
    )


class _Searched:
    """A text as the page has it, in which paragraphs in normal form are found, one behind the other: of several equal
    ones each has its own place."""

    def __init__(self, raw: str) -> None:
        self.raw = raw
        self._start = 0
        self._room = _MOST_SEARCHED

    def place(self, paragraph: str) -> Span | None:
        """White space may differ; None where more does: characters that are dropped or composed, what is not shown."""
        at = self.raw.find(paragraph, self._start, self._start + len(paragraph) + _NEAR)
        if at < 0:
            return self._place_of_letters(paragraph)
        self._start = at + len(paragraph)
        return at, self._start

    def _place_of_letters(self, paragraph: str) -> Span | None:
        if self._room < 0:
            return None
        letters = "".join(paragraph.replace(_CELL, " ").split())
        start = bisect_left(self._letter_places, self._start)
        at = self._letters.find(letters, start)
        if at < 0:
            self._room -= len(self._letters) - start
            return None
        first, last = self._letter_places[at], self._letter_places[at + len(letters) - 1]
        self._start = last + 1
        return first, self._start

    @cached_property
    def _letters(self) -> str:
        """The text without its white space."""
        return "".join(self.raw.split())

    @cached_property
    def _letter_places(self) -> list[int]:
        """Where each of them stands in the text."""
        return [i for i, character in enumerate(self.raw) if not character.isspace()]


class _Known:
    """The page's blocks, by their texts: of equal ones the first that was not asked for yet."""

    def __init__(self, judged: Sequence[Judged]) -> None:
        self._judged = judged
        self._room = _MOST_COMPARED

    @cached_property
    def _by_text(self) -> dict[str, deque[Judged]]:
        found: dict[str, deque[Judged]] = defaultdict(deque)
        for block in self._judged:
            found[block.text].append(block)
        return found

    def element_of(self, text: str) -> HtmlElement | None:
        """Of the block of this text; otherwise of the one that has most in common with it: it is in the text, or the
        text in it."""
        if same := self._by_text.get(text):
            return same.popleft().element
        self._room -= len(self._judged)
        if self._room < 0:
            return None
        near = [block for block in self._judged if block.text in text or text in block.text]
        best = max(near, key=lambda block: min(len(block.text), len(text)), default=None)
        return best.element if best else None


def _spans(blocks: Sequence[Block]) -> Iterator[Span]:
    start = 0
    for block in blocks:
        yield start, start + len(block.text)
        start += len(block.text) + len(PARAGRAPH_BREAK)


def path_of(element: HtmlElement) -> str:
    """Its XPath, by names and places; where a name is none in XPath (``o:p``, half a tag), by places alone."""
    path: str = element.getroottree().getpath(element)
    if _NAMED_PATH.fullmatch(path):
        return path
    steps = []
    at = element
    while (parent := at.getparent()) is not None:
        steps.append(f"/*[{parent.index(at) + 1}]")
        at = parent
    return "/*" + "".join(reversed(steps))


def _type_of(element: HtmlElement | None, *, heading: bool) -> tuple[BlockType, int | None]:
    """The nearest list, quotation or table around a paragraph says what it is; an embedded post says it last."""
    if element is None:
        return (BlockType.HEADING if heading else BlockType.PARAGRAPH), None
    if match := _HEADING.fullmatch(element.tag):
        return BlockType.HEADING, int(match[1])
    type_ = None
    at = element
    for _ in range(_LEVELS):
        if at is None:
            break
        if _EMBEDDED.search(at.get("class") or ""):
            return BlockType.POST, None
        type_ = type_ or _TYPES.get(at.tag)
        at = at.getparent()
    return type_ or BlockType.PARAGRAPH, None
