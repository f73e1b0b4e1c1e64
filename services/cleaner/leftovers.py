"""Fragments of a part of the page whose rest has gone: the heading of a newsletter box, the amounts of a donation form.

A label looks like a subheading, and only what stands around it tells them apart. The widest element around it that
holds no paragraph of the article is its part of the page; if anything of that part was left out, the label goes too.
A pull quote goes because the article says the same.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from services.cleaner.body import Block
from services.cleaner.prose import is_prose, word_count

_SHORTEST_QUOTE_WORDS = 4
_LONGEST_QUOTE = 240  # characters


def leftovers(blocks: Sequence[Block]) -> set[int]:
    """The numbers of these fragments among ``blocks``. Blocks whose place in the page is not known are none."""
    prose = [is_prose(block.text) for block in blocks]
    kept = sorted(block.index for block in blocks if block.index >= 0)
    body = sorted(block.index for block, full in zip(blocks, prose, strict=True) if full and block.index >= 0)
    paragraphs = [block.text for block, full in zip(blocks, prose, strict=True) if full]
    return {
        i
        for i, (block, full) in enumerate(zip(blocks, prose, strict=True))
        if (not full and _is_leftover(block, kept, body)) or _is_pull_quote(block, paragraphs)
    }


def _is_leftover(block: Block, kept: Sequence[int], body: Sequence[int]) -> bool:
    part = None
    for first, end in block.spans:
        if _between(body, first, end):
            break
        part = (first, end)
    return part is not None and _between(kept, *part) < part[1] - part[0]


def _is_pull_quote(block: Block, paragraphs: Sequence[str]) -> bool:
    if block.index < 0 or block.heading or len(block.text) > _LONGEST_QUOTE:
        return False
    words = block.text.strip("“”\"'‘’ ")
    return word_count(words) >= _SHORTEST_QUOTE_WORDS and any(
        words in paragraph for paragraph in paragraphs if len(paragraph) > len(block.text)
    )


def _between(numbers: Sequence[int], first: int, end: int) -> int:
    return bisect_left(numbers, end) - bisect_left(numbers, first)
