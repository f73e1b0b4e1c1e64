"""What other extractors take for the article: a cheap second opinion, and the two that are asked where it differs.

Each has years of rules in it that the classifier has not learned, and each fails on other pages. Their answers are
compared as texts, so each is a list of blocks like the classifier's.
"""

from __future__ import annotations

import logging
import re

from lxml.html import HtmlElement, fragment_fromstring
from readability import Document
from readability.readability import Unparseable
from resiliparse.extract.html2text import extract_plain_text

from services.cleaner.blocks.walk import is_heading, walk
from services.cleaner.body import PARSER_FAILURES, Block, trafilatura_blocks
from services.cleaner.rejections import Unparsable
from shared.contracts.text import normalise

# Readability's time grows faster than the page: 20,000 tags take it about a second. The largest of 954 pages has
# 19,252; of a larger one the others say enough.
_MOST_TAGS = 20_000
# Resiliparse's time grows with the square of the depth: 4,000 elements within each other take it a quarter of a
# second, 200,000 more than a worker has. Nobody nests a page so; who leaves its tags open may. Only pages of so many
# tags are looked through for it.
_DEEPEST = 4_000
_TAG = re.compile(r"<(/?)([a-zA-Z][^\s/>]*)")
# What has no content, and what the next of its kind closes.
_CLOSED = """
    area base br col embed hr img input link meta param source track wbr
    p li dt dd tr td th thead tbody tfoot option optgroup rp rt
"""
_NEVER_DEEP = frozenset(_CLOSED.split())
# It reports each page that it gives up on as an error of the program's.
logging.getLogger("readability.readability").setLevel(logging.CRITICAL)


def by_resiliparse(html: str) -> list[Block]:
    """Fast (a millisecond a page), with much recall. Nothing of a page that is nested too deep for it."""
    if html.count("<") > _DEEPEST and _is_deep(html):
        return []
    text = extract_plain_text(html, main_content=True, alt_texts=False, list_bullets=False)
    return [Block(line) for raw in text.splitlines() if (line := normalise(raw))]


def by_trafilatura(tree: HtmlElement) -> list[Block]:
    """Precise on news."""
    try:
        return trafilatura_blocks(tree)
    except Unparsable:
        return []


def by_readability(html: str) -> list[Block]:
    """Finds the article of blogs, documentation and encyclopedias."""
    if html.count("<") > _MOST_TAGS:
        return []
    try:
        page = walk(fragment_fromstring(Document(html).summary(html_partial=True), create_parent="div"))
    except (Unparseable, *PARSER_FAILURES):
        return []
    return [Block(block.text, is_heading(page.holders[block.holder].tag)) for block in page.blocks]


def _is_deep(html: str) -> bool:
    depth = 0
    for tag in _TAG.finditer(html):
        if tag[2].lower() not in _NEVER_DEEP:
            depth = max(0, depth - 1) if tag[1] else depth + 1
            if depth > _DEEPEST:
                return True
    return False
