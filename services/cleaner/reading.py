"""A page or a plain text as it is read: its blocks, those that were taken for the article, and what became of each.

Whether it is an article at all is asked of this. The cleaner writes articles of it, an explanation tells how it came
about, and the training measures it: one way through the page for all three.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from lxml.html import HtmlElement

from services.cleaner.blocks.classifier import Judged, judge_lines, judge_page
from services.cleaner.body import Block, parse
from services.cleaner.extraction import Extraction, extract, extract_lines
from services.cleaner.headline import Front
from services.cleaner.is_article import Said, require_article
from services.cleaner.metadata.markup import link_texts, read_markup
from services.cleaner.metadata.read import Stated
from services.cleaner.paragraphs import front_of, set_aside


@dataclass(frozen=True, slots=True)
class Reading:
    """``found``: the blocks that were taken, among all of the page; ``front``: the same without front matter;
    ``aside``: the numbers of those among the latter that are none of the article's, each with what it is. ``stated``:
    the page's metadata, None for a plain text; ``said``: what the page says of itself."""

    found: Extraction
    front: Front
    aside: dict[int, str]
    stated: Stated | None
    said: Said

    @property
    def blocks(self) -> list[Block]:
        """The article's paragraphs."""
        return [block for i, block in enumerate(self.front.blocks) if i not in self.aside]

    def require_article(self) -> None:
        """Raises :class:`~services.cleaner.rejections.NotAnArticle` with what it seems to be instead."""
        require_article([block.text for block in self.blocks], self.said)


def read_page(
    html: str,
    url: str,
    observed: datetime | None = None,
    judge: Callable[[HtmlElement], list[Judged]] = judge_page,
) -> Reading:
    """``observed``: when it was fetched, which no date of the page is behind. ``judge``: another classifier than the
    product's, for measuring. Raises :class:`~services.cleaner.rejections.Rejected` for what has no tree."""
    tree = parse(html)
    markup = read_markup(tree)
    stated = Stated(markup, url, observed)
    found = extract(html, tree, judge)
    front = front_of(found, stated.title_forms(), marked=markup.headings > 0)
    return Reading(found, front, set_aside(front.blocks), stated, _said(stated, tree, found))


def read_lines(blocks: list[Block], judge: Callable[[Sequence[str]], list[Judged]] = judge_lines) -> Reading:
    """Of the lines of a plain text."""
    found = extract_lines(blocks, judge)
    front = front_of(found, ())
    # Who hands in a text says by that that it is one: no test of its form but its length.
    return Reading(found, front, set_aside(front.blocks), None, Said(article=True))


def _said(stated: Stated, tree: HtmlElement, found: Extraction) -> Said:
    """Of a page that says that it is an article the links are not asked for."""
    markup = stated.markup
    return Said(
        article=stated.says_article,
        video=stated.says_video,
        password_fields=markup.password_fields,
        titles=[title for title in (markup.title, *markup.h1[:1]) if title],
        lines=[block.text for block in found.judged],
        links=frozenset() if stated.says_article else link_texts(tree),
        url=stated.url,
    )
