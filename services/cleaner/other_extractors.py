"""What other extractors take for the article: a cheap second opinion, and the two that are asked where it differs.

Each has years of rules in it that the classifier has not learned, and each fails on other pages. Their answers are
compared as texts, so each is a list of blocks like the classifier's.
"""

from __future__ import annotations

import logging

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
# It reports each page that it gives up on as an error of the program's.
logging.getLogger("readability.readability").setLevel(logging.CRITICAL)


def by_resiliparse(html: str) -> list[Block]:
    """Fast (a millisecond a page), with much recall."""
    text = extract_plain_text(html, main_content=True, alt_texts=False, list_bullets=False)
    return [Block(line) for raw in text.splitlines() if (line := normalise(raw))]


def by_trafilatura(tree: HtmlElement) -> list[Block]:
    """Precise on news. ``tree`` loses its JSON-LD."""
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
