"""The memory's answers to a round of pages, from what is remembered of their sites. Pure.

A round learns from itself: all its pages are remembered before the first is decided on, so the pages of one batch of a
site that was never seen before are each other's siblings.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from services.cleaner.memory.fingerprint import from_text
from services.cleaner.memory.seen import REMOVED, Blocks, Seen, merged
from services.cleaner.memory.verdict import decide
from services.cleaner.memory.works import Remembered, Shelf
from shared.contracts.site_memory import SiteMemory

# Articles of a site that are looked at, its last ones: what left its pages that long ago is forgotten, and a redesign
# is learned within so many articles. A block is found with a search in 64 times 100 others.
WINDOW = 64


@dataclass(frozen=True, slots=True)
class Row:
    """An article as the database has it. ``number``: its place among the site's articles, from 1."""

    article: Remembered
    number: int
    page_sha256: str
    memory: SiteMemory


def answers(pages: Sequence[Seen], known: Sequence[Row], last: int) -> list[Row]:
    """The row of each page of one site, in order; a page twice has the same. ``known``: the site's last
    :data:`WINDOW` rows, and those of the pages' articles however old; ``last``: the highest number given so far."""
    before = {row.article.article_id: row for row in known}
    asked = {page.article_id: page for page in pages}
    rest = sorted((row for row in known if row.article.article_id not in asked), key=lambda row: row.number)
    on_shelf = [row.article for row in rest] + [_unsorted(page, before) for page in asked.values()]
    numbers = [row.number for row in rest]
    for identity in asked:
        new = identity not in before
        last += new
        numbers.append(last if new else before[identity].number)
    shelf = Shelf.of(on_shelf)
    recent = np.array(numbers) > last - WINDOW
    works = [article.work for article in on_shelf]
    found = {}
    for row, page in enumerate(asked.values(), len(rest)):
        found[row] = shelf.find(on_shelf[row].blocks)
        if page.article_id not in before:
            same = np.flatnonzero(found[row].same_works(page.title) & recent)
            works[row] = works[int(same[0])] if len(same) and same[0] < row else page.article_id
    decided = {}
    for row, page in enumerate(asked.values(), len(rest)):
        earlier = before.get(page.article_id)
        if earlier is not None and earlier.page_sha256 == page.page_sha256:
            # The same page again: the same answer, whatever was learned since.
            decided[page.article_id] = earlier
            continue
        others = recent & np.array([work != works[row] for work in works])
        memory = decide(page, found[row], others, works, earlier.article.blocks if earlier else None)
        blocks = with_removed(on_shelf[row].blocks, memory)
        article = Remembered(page.article_id, works[row], page.title, blocks)
        decided[page.article_id] = Row(article, numbers[row], page.page_sha256, memory)
    return [decided[page.article_id] for page in pages]


def with_removed(blocks: Blocks, memory: SiteMemory) -> Blocks:
    """The blocks with the mark on those that went."""
    gone = [from_text(block.fingerprint) for block in memory.removed]
    marked = blocks.copy()
    marked["kind"] |= np.where(np.isin(blocks["fingerprint"], gone), REMOVED, 0).astype(np.uint8)
    return marked


def _unsorted(page: Seen, before: Mapping[str, Row]) -> Remembered:
    """The article of a page, with what an earlier version of it had; of what work a new one is, is not known yet."""
    earlier = before.get(page.article_id)
    if earlier is None:
        return Remembered(page.article_id, page.article_id, page.title, page.blocks)
    blocks = merged(page.blocks, earlier.article.blocks)
    return Remembered(page.article_id, earlier.article.work, page.title, blocks)
