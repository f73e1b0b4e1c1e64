"""The labels that name the parts of a page: "12 comments", "Related stories", "Share", "Filed under".

Publishers label parts for readers with the words by which they name them in the markup. In a plain text these labels
are what is left of the page's division: what stands behind "Comments" is comments.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from services.cleaner.blocks.context import since, until
from services.cleaner.blocks.keywords import GROUPS, groups_of_word
from services.cleaner.blocks.words import Words

_PARTS = (
    "comment",
    "related",
    "share",
    "author",
    "meta",
    "tag",
    "navigation",
    "footer",
    "promo",
    "newsletter",
)
_NEXT = ("comment", "related", "author", "meta")  # of these it tells something that one comes
_LONGEST_CHARS, _MOST_WORDS = 50, 6
_FAR = 60  # lines; no such label
NAMES: tuple[str, ...] = (*(f"since {part}" for part in _PARTS), *(f"to {part}" for part in _NEXT))


def measure_signposts(words: Words, chars: NDArray[np.float64]) -> list[NDArray[np.generic]]:
    """A column each of :data:`NAMES`: lines since the last such label, and to the next."""
    label = (words.counts <= _MOST_WORDS) & (chars <= _LONGEST_CHARS)
    said = [groups_of_word(word) for word in words.known]

    def labels(part: str) -> NDArray[np.bool_]:
        group = GROUPS.index(part)
        named = np.fromiter((group in groups for groups in said), np.bool_, len(said))
        return label & (words.count(named) > 0)

    here = {part: labels(part) for part in _PARTS}
    return [
        *(np.minimum(since(here[part], _FAR), _FAR) for part in _PARTS),
        *(np.minimum(until(here[part], _FAR), _FAR) for part in _NEXT),
    ]
