"""A page's tree, and the article in it as trafilatura sees it."""

from __future__ import annotations

import re
from copy import copy
from dataclasses import dataclass, field

from lxml import etree
from lxml.html import HtmlElement
from trafilatura import bare_extraction, load_html
from trafilatura.settings import Document

from services.cleaner.rejections import EmptyPage, Unparsable
from shared.contracts.text import normalise

# What trafilatura and lxml raise on a page they cannot follow. Not `Exception`: a broken deployment (an import, a
# full disk) must reach the dead letters and stop the stage, not drain a topic as rejected pages.
PARSER_FAILURES = (
    etree.LxmlError,
    AssertionError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)
# The time goes by tags, 20 µs each. The largest of 954 pages measured has 19,252; ten times that ends in 4 seconds.
_MOST_TAGS = 200_000
_TABLE_RULE = re.compile(r"^[\s|:-]*$")
_BODY = re.compile(r"<body\b", re.I)
_PREFORMATTED = re.compile(r"(</?(?:pre|textarea)\b)", re.I)
_ITEM_MARK = re.compile(r"^[-–•·*]\s+")


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph, in normal form and without line breaks. ``heading``: the page marks it as one (h1 to h6).
    ``index``: its number among all blocks of the page, ``spans``: those of the elements around it, from the inner to
    the outer, as (first, end) of the blocks that they hold, ``element``: the one that holds it; where they are known.
    """

    text: str
    heading: bool = False
    index: int = -1
    spans: tuple[tuple[int, int], ...] = ()
    element: HtmlElement | None = field(default=None, compare=False, repr=False)


def parse(html: str) -> HtmlElement:
    """The tree of a page. Raises ``EmptyPage`` or ``Unparsable``."""
    tags = html.count("<")
    if tags > _MOST_TAGS:
        raise Unparsable(
            f"The page has {tags:,} tags; at most {_MOST_TAGS:,} are read. Try another copy of the article."
        )
    html = _join_source_lines(html)
    try:
        tree = load_html(html)
        if tree is None:  # it wants two elements where nothing says "html" at the start
            tree = load_html(f"<html><body><div></div>{html}</body></html>")
    except PARSER_FAILURES as failure:
        raise Unparsable from failure
    if tree is None:
        raise EmptyPage
    return tree


def trafilatura_blocks(tree: HtmlElement) -> list[Block]:
    """The paragraphs of the main text, in order."""
    tree = copy(tree)
    # articleBody in JSON-LD is a fallback of trafilatura's, and is often cut short: page F1 .73 against .98.
    for script in tree.xpath('//script[@type="application/ld+json"]'):
        script.drop_tree()
    try:
        document = bare_extraction(tree, fast=True, include_comments=False)
    except PARSER_FAILURES as failure:
        raise Unparsable from failure
    if not isinstance(document, Document) or document.body is None:
        return []
    headings = {normalise("".join(head.itertext())) for head in document.body.iter("head")}
    blocks = []
    for line in (document.text or "").splitlines():
        text = _ITEM_MARK.sub("", normalise(line))
        if text.startswith("|"):
            text = "" if _TABLE_RULE.match(text) else text.strip("| ")
        if text:
            blocks.append(Block(text, heading=text in headings))
    return blocks


def _join_source_lines(html: str) -> str:
    """A newline of the source is a space (but in ``pre``): trafilatura keeps those outside ``p``, and so would cut
    sentences into paragraphs. The head stays as it is: faulty html tags are mended by its lines."""
    body = _BODY.search(html)
    start = body.start() if body else 0
    joined, preformatted = [html[:start]], False
    for part in _PREFORMATTED.split(html[start:]):
        if _PREFORMATTED.fullmatch(part):
            preformatted = not part.startswith("</")
        joined.append(part if preformatted else part.replace("\n", " ").replace("\r", " "))
    return "".join(joined)
