"""What a page shows above its text, where byline and standfirst stand: under the headline, in elements that are often
called so."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from services.cleaner.blocks.classifier import Judged
from services.cleaner.body import Block
from services.cleaner.prose import folded_words

_FRONT = 30  # blocks: site and section, share buttons, byline, picture, table of contents
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


@dataclass(frozen=True, slots=True)
class Above:
    """``blocks``: the last ones before the text; ``headlines``: the title's forms, as they are compared."""

    blocks: Sequence[Judged]
    headlines: frozenset[tuple[str, ...]]

    @classmethod
    def of(cls, judged: Sequence[Judged], text: Iterable[Block], titles: Iterable[str]) -> Above:
        """``judged``: the page's blocks; ``text``: those of the article. No blocks where nobody knows where in the page
        that begins (another extractor's)."""
        first = min((block.index for block in text if block.index >= 0), default=0)
        return cls(judged[max(0, first - _FRONT) : first], frozenset(map(folded_words, titles)))


def called(block: Judged, attributes: Sequence[str], most: int) -> Iterator[str]:
    """What the elements are called in these attributes that hold the block and nothing else: at most so many, from
    the inner to the outer."""
    element = block.element
    for first, end in block.spans[:most]:
        if element is None or end - first != 1:
            return
        yield " ".join(element.get(name) or "" for name in attributes)
        element = element.getparent()


def without_humps(names: str) -> str:
    """With a hyphen between the words of each name: "postAuthor" as "post-Author"."""
    return _HUMP.sub("-", names)
