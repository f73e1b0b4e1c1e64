"""From the blocks that were taken for the article to its paragraphs: without headline, appeals and furniture."""

from __future__ import annotations

from collections.abc import Sequence

from services.cleaner.appeal import appeal_paragraphs
from services.cleaner.body import Block
from services.cleaner.boxes import boxes
from services.cleaner.extraction import Extraction
from services.cleaner.furniture import is_furniture
from services.cleaner.headline import Front, read_above, strip_front
from services.cleaner.leftovers import leftovers


def front_of(found: Extraction, titles: Sequence[str], *, marked: bool = True) -> Front:
    """The article's blocks without its front matter, and what that said: also the front matter that was left above
    the article."""
    front = strip_front(found.blocks, titles, marked=marked)
    above = read_above(found.above)
    return Front(front.blocks, front.headline or above.headline, front.byline or above.byline)


def set_aside(blocks: Sequence[Block]) -> dict[int, str]:
    """The numbers of the blocks that are none of the article's, each with what it is: appeals, page furniture, and what
    these left behind."""
    gone = dict.fromkeys(sorted(appeal_paragraphs([block.text for block in blocks])), "appeal")
    gone |= {i: "furniture" for i, block in enumerate(blocks) if i not in gone and is_furniture(block.text)}
    gone |= {i: "furniture" for i in sorted(boxes(blocks)) if i not in gone}
    kept = [i for i in range(len(blocks)) if i not in gone]
    return gone | {kept[i]: "leftover" for i in leftovers([blocks[i] for i in kept])}
