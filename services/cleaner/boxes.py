"""Boxes that pages set between an article's paragraphs: sign-up forms, polls, share prices.

Their lines read like an article's labels and sentences. What gives them away is what they stand with: in a page the
field for an address or the buttons of a vote, in a plain text the line beside it that asks to sign up or to vote.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice, pairwise

from lxml.html import HtmlElement

from services.cleaner.body import Block
from services.cleaner.furniture import is_promise
from services.cleaner.prose import is_label, is_prose, word_count

# A box with its heading, promise, small print and buttons; more words are a part of the page with a box in it.
_LARGEST_BOX_WORDS = 60
# Pages nest thousands deep and repeat a field thousands of times; what a box is made of is counted, so that the time
# for a page stays small.
_MOST_FIELDS, _MOST_LEVELS, _MOST_ELEMENTS = 100, 12, 300
_WHOLES = frozenset({"article", "main", "body", "html"})
_UNREAD = frozenset({"script", "style", "noscript", "option"})
# What goes by its box must be little: of a page that is a form with a note, the note is the article.
_LARGEST_SHARE = 0.3

_POLL = re.compile(
    r"(?:(?:readers?'?s?|quick|daily|weekly|online|our) )?(?:poll|umfrage|sondage)(?:\W+(?P<question>.{5,140}\?))?\W*",
    re.I,
)
_LONGEST_POLL = 180  # characters
_FEWEST_ANSWERS, _MOST_ANSWERS = 2, 6
# "−3.1%", alone on its line, is a price's change; above it stand the price and the share's name.
_CHANGE = re.compile(r"[+\-−–±▲▼]\s?\d+(?:[.,]\d+)?\s?%")
_QUOTE_WORDS = 3
_LONGEST_CHANGE = 12  # characters
# More fragments in a row are a table, which may be the article's.
_LONGEST_TICKER = 4


def boxes(blocks: Sequence[Block]) -> set[int]:
    """The numbers of the blocks that belong to such boxes."""
    return _form_boxes(blocks) | _signups(blocks) | _polls(blocks) | _tickers(blocks)


def _form_boxes(blocks: Sequence[Block]) -> set[int]:
    """Blocks in the widest element around a field for an address or a vote that holds little else."""
    known = [(i, block.element) for i, block in enumerate(blocks) if block.element is not None]
    if not known:
        return set()
    root = known[0][1].getroottree().getroot()
    parts = {part for box in set(_boxes_of_fields(root)) for part in box.iter()}
    inside = {i for i, element in known if element in parts}
    size = sum(len(blocks[i].text) for i in inside)
    return inside if size <= _LARGEST_SHARE * sum(len(block.text) for block in blocks) else set()


def _boxes_of_fields(root: HtmlElement) -> Iterator[HtmlElement]:
    for field in islice(filter(_asks, root.iter("input")), _MOST_FIELDS):
        box = field
        for parent in islice(field.iterancestors(), _MOST_LEVELS):
            if parent.tag in _WHOLES or not _is_small(parent):
                break
            box = parent
        yield box


def _asks(field: HtmlElement) -> bool:
    """For an address or a vote. A search asks for neither."""
    kind = (field.get("type") or "text").lower()
    names = " ".join(field.get(name) or "" for name in ("name", "id", "placeholder")).lower()
    return kind in ("email", "radio") or (kind == "text" and "mail" in names)


def _is_small(element: HtmlElement) -> bool:
    words = 0
    for number, part in enumerate(element.iter()):
        read = isinstance(part.tag, str) and part.tag not in _UNREAD
        words += len((part.text or "").split()) if read else 0
        words += len((part.tail or "").split()) if part is not element else 0
        if words > _LARGEST_BOX_WORDS or number > _MOST_ELEMENTS:
            return False
    return True


def _signups(blocks: Sequence[Block]) -> set[int]:
    """In lines of which no element is known: the label just above what a newsletter promises."""
    return {
        i
        for i, (block, below) in enumerate(pairwise(blocks))
        if not block.spans
        and _is_fragment(block)
        and below.index == block.index + 1
        and is_promise(below.text)
    }


def _polls(blocks: Sequence[Block]) -> set[int]:
    """A poll's heading, its question and the answers below. Without answers it is a subheading of an article."""
    found: set[int] = set()
    for i, block in enumerate(blocks):
        poll = _POLL.fullmatch(block.text) if len(block.text) <= _LONGEST_POLL else None
        if not poll:
            continue
        answers = i + 1
        if not poll["question"]:
            answers += 1
            if answers > len(blocks) or not blocks[answers - 1].text.endswith("?"):
                continue
        end = answers
        while end < min(len(blocks), answers + _MOST_ANSWERS) and _is_fragment(blocks[end]):
            end += 1
        if end - answers >= _FEWEST_ANSWERS:
            found.update(range(i, end))
    return found


def _tickers(blocks: Sequence[Block]) -> set[int]:
    found: set[int] = set()
    for i, block in enumerate(blocks):
        if len(block.text) > _LONGEST_CHANGE or not _CHANGE.fullmatch(block.text):
            continue
        first, end = i, i + 1
        while first and _is_quote(blocks[first - 1]):
            first -= 1
        while end < len(blocks) and _is_quote(blocks[end]):
            end += 1
        if end - first <= _LONGEST_TICKER:
            found.update(range(first, end))
    return found


def _is_quote(block: Block) -> bool:
    """Of a share: its name, its price."""
    return not block.heading and word_count(block.text) <= _QUOTE_WORDS and not is_prose(block.text)


def _is_fragment(block: Block) -> bool:
    return not block.heading and is_label(block.text)
