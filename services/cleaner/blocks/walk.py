"""A tree cut into blocks: what a browser would set as lines of their own, in the order of the page.

One pass, without recursion (pages nest thousands deep). Each block remembers the element that holds it, each
element the span of blocks in it, so that everything about subtrees is a difference of running sums.
"""

from __future__ import annotations

import re
from array import array
from dataclasses import dataclass, field
from typing import Any

from lxml.etree import iterwalk
from lxml.html import HtmlElement

from services.cleaner.blocks.keywords import GROUPS, groups_of
from shared.contracts.text import normalise

# Their text is no text of the page, or a control's.
_SKIPPED_TAGS = (
    "script style noscript template svg math iframe frame object embed applet head select option "
    "datalist button textarea input canvas audio video source track map area meta link base title "
    "progress meter rp rt"
)
_SKIPPED = frozenset(_SKIPPED_TAGS.split())
# What flows in a line. Everything else, custom elements too, begins a line of its own.
_INLINE_TAGS = (
    "a abbr acronym b bdi bdo big cite code data del dfn em font i img ins kbd label mark nobr "
    "picture q ruby s samp small span strike strong sub sup time tt u var wbr amp-img"
)
_INLINE = frozenset(_INLINE_TAGS.split())
_CELLS = frozenset(("td", "th"))
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_BOLD = frozenset(("b", "strong"))
# A card that opens over a word when the pointer is on it: who is named there, with headlines. It is no text of the
# sentence in whose middle it stands.
_CARD = re.compile(
    r"(?:roll-?over|hover|tool-?tip|pop-?over|pop-?up)[\w-]*(?:block|box|card|content|body|text|panel)", re.I
)
_NAMES = ("class", "id", "role", "itemprop")
_CLASS_ALONE = ["class"]


@dataclass(slots=True)
class Holder:
    """An element that begins lines. ``near``: the depth of the nearest element of each group at or above it, or
    -1; ``names``: its class, id, role and itemprop; ``sign``: equal for elements with equal tags and names up to
    the root; ``first``, ``end``: its blocks."""

    element: Any
    tag: str
    parent: int
    depth: int
    near: array[int]
    sign: int
    names: str
    first: int
    end: int = 0


@dataclass(slots=True)
class PageBlock:
    """``holder``: index of the element that holds it. Characters are those of the normal text, roughly. ``broken``:
    a line break ends or begins it, so that the element holds more."""

    text: str
    holder: int
    linked: int
    links: int
    bold: int
    broken: bool
    inline: tuple[int, ...]


@dataclass(slots=True)
class Walked:
    """``title``: of the head, and og:title, for finding the headline again."""

    blocks: list[PageBlock] = field(default_factory=list)
    holders: list[Holder] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)


def walk(tree: HtmlElement) -> Walked:
    """The blocks of a parsed page. Nothing is changed in the tree."""
    found = Walked(titles=_titles(tree))
    holders, blocks = found.holders, found.blocks
    signs: dict[tuple[int, str, str], int] = {}
    holders.append(Holder(tree, "", -1, 0, array("i", [-1]) * len(GROUPS), 0, "", 0))
    open_holder = 0
    pieces: list[str] = []
    linked = links = bold = in_link = in_bold = 0
    broken = False
    inline: tuple[int, ...] = ()

    def flush(*, at_break: bool = False) -> None:
        nonlocal linked, links, bold, broken, inline
        if pieces:
            raw = "".join(pieces)
            pieces.clear()
            text = " ".join(raw.split())
            if text and (text := normalise(text)):
                blocks.append(PageBlock(text, open_holder, linked, links, bold, broken or at_break, inline))
        linked = links = bold = 0
        broken = at_break
        inline = ()

    events = iterwalk(tree, events=("start", "end", "comment", "pi"))
    for event, element in events:
        tag = element.tag
        if event == "start":
            if tag in _SKIPPED:
                events.skip_subtree()
                continue
            if tag in _INLINE:
                if tag == "a":
                    in_link += 1
                    links += 1
                elif tag in _BOLD:
                    in_bold += 1
                elif tag == "span" and (names := _names(element)):
                    if _CARD.search(names):
                        events.skip_subtree()
                        continue
                    inline = inline or groups_of("", names)
            elif tag == "br":
                flush(at_break=True)
            elif tag in _CELLS and not len(element):
                if pieces:
                    pieces.append(" | ")
            else:
                flush()
                parent = holders[open_holder]
                # Most have no attribute or a class alone. Not all values: lxml takes quadratic time for them.
                stated = element.keys()
                if not stated:
                    names, hidden = "", False
                elif stated == _CLASS_ALONE:
                    names, hidden = element.get("class"), False
                else:
                    names, hidden = _names(element), _is_hidden(element)
                depth = parent.depth + 1
                groups = groups_of(tag, names, hidden=hidden)
                near = parent.near
                if groups:
                    near = near[:]
                    for group in groups:
                        near[group] = depth
                key = (parent.sign, tag, names)
                sign = signs.setdefault(key, len(signs) + 1)
                holders.append(Holder(element, tag, open_holder, depth, near, sign, names, len(blocks)))
                open_holder = len(holders) - 1
            text = element.text
            if text and not text.isspace():
                pieces.append(text)
                if in_link:
                    linked += len(text)
                if in_bold:
                    bold += len(text)
            elif text and pieces:
                pieces.append(" ")
            continue
        if event == "end" and tag not in _SKIPPED:
            if tag in _INLINE:
                if tag == "a":
                    in_link -= 1
                elif tag in _BOLD:
                    in_bold -= 1
            elif tag != "br" and not (tag in _CELLS and not len(element)):
                flush()
                holder = holders[open_holder]
                holder.end = len(blocks)
                open_holder = holder.parent
        tail = element.tail
        if tail:
            if pieces or not tail.isspace():  # what begins a block with white space would be stripped anyway
                pieces.append(tail)
            if in_link:
                linked += len(tail)
            if in_bold:
                bold += len(tail)
    flush()
    holders[0].end = len(blocks)
    return found


def is_heading(tag: str) -> bool:
    return tag in _HEADINGS


def _names(element: HtmlElement) -> str:
    get = element.get
    return " ".join([value for name in _NAMES if (value := get(name))])


def _is_hidden(element: HtmlElement) -> bool:
    style = element.get("style")
    if style and "none" in style and "display:none" in style.replace(" ", "").lower():
        return True
    return element.get("hidden") is not None or element.get("aria-hidden") == "true"


def _titles(tree: HtmlElement) -> list[str]:
    titles = [element.text or "" for element in tree.iter("title")][:1]
    titles += [
        element.get("content") or ""
        for element in tree.iter("meta")
        if (element.get("property") or element.get("name")) == "og:title"
    ][:1]
    titles += ["".join(element.itertext()) for element in tree.iter("h1")][:2]
    return [line for title in titles if (line := " ".join(title.split()))]
