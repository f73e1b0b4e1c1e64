"""A page's or a text's blocks, each with the chance that it is the article's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from lxml.html import HtmlElement

from services.cleaner.blocks.lines import measure_lines
from services.cleaner.blocks.model import TwoStages, load
from services.cleaner.blocks.structure import measure_page
from services.cleaner.blocks.walk import Walked, is_heading, walk

_FLAT = 3  # html, body, p


@dataclass(frozen=True, slots=True)
class Judged:
    """``chance``: from 0 to 1, that the block is the article's. ``spans``: of the elements around it, from the inner
    to the outer, the numbers of the first block in it and of the first behind it. ``element``: the one that holds it;
    None for a line of a plain text."""

    text: str
    chance: float
    heading: bool = False
    spans: tuple[tuple[int, int], ...] = ()
    element: HtmlElement | None = field(default=None, compare=False, repr=False)


def judge_page(tree: HtmlElement, stages: TwoStages | None = None) -> list[Judged]:
    """The blocks of a page, in order. ``stages``: others than the product's, for measuring."""
    page = walk(tree)
    if is_bare(page):
        found = judge_lines([block.text for block in page.blocks])
        return [
            replace(judged, element=page.holders[block.holder].element)
            for judged, block in zip(found, page.blocks, strict=True)
        ]
    stages = stages or load().pages
    chances = stages.chances(*measure_page(page, stages.lexicon))
    holders = page.holders
    spans = _spans(page)
    return [
        Judged(block.text, chance, is_heading(holder.tag), spans[block.holder], holder.element)
        for block, chance in zip(page.blocks, chances.tolist(), strict=True)
        for holder in (holders[block.holder],)
    ]


def is_bare(page: Walked) -> bool:
    """Whether the tree says no more than lines do: paragraphs one behind the other, and no name on any of them."""
    return all(holder.parent < 0 or (holder.depth <= _FLAT and not holder.names) for holder in page.holders)


def _spans(page: Walked) -> dict[int, tuple[tuple[int, int], ...]]:
    """Of each element that holds blocks, itself and those around it, from the inner to the outer."""
    holders = page.holders
    spans: dict[int, tuple[tuple[int, int], ...]] = {}
    for number in {block.holder for block in page.blocks}:
        found, at = [], number
        while at >= 0:
            holder = holders[at]
            found.append((holder.first, holder.end))
            at = holder.parent
        spans[number] = tuple(found)
    return spans


def judge_lines(lines: Sequence[str], stages: TwoStages | None = None) -> list[Judged]:
    """The lines of a plain text, each a paragraph in normal form, in order."""
    stages = stages or load().lines
    chances = stages.chances(*measure_lines(lines, stages.lexicon))
    return [Judged(line, chance) for line, chance in zip(lines, chances.tolist(), strict=True)]
