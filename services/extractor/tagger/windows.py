"""Where a long text is cut for the encoder: windows of whole paragraphs, without overlap.

No window depends on another, and one is read at a time: what is found in an article cannot depend on what else
a worker reads, nor on how many workers there are.
"""

from collections.abc import Callable

import numpy as np

from services.extractor.tagger.pieces import Pieces

LIMIT = 220  # pieces; with the two marks around them 222, well within the 512 positions of the encoder

Window = tuple[int, int]


def cut(pieces: Pieces, limit: Callable[[], int] = lambda: LIMIT) -> list[Window]:
    """Windows as ranges of pieces, end exclusive, that cover the text.

    A paragraph longer than the limit is cut where sentences start, and a sentence longer than it anywhere.
    `limit` is asked for each window anew: training draws it.
    """
    found: list[Window] = []
    size = limit()
    start = stop = 0  # the window that is being filled
    for lo, hi in _runs(pieces.paragraph, 0, len(pieces)):
        if hi - start <= size:
            stop = hi
            continue
        if stop > start:
            found.append((start, stop))
            start, size = stop, limit()
        if hi - start <= size:
            stop = hi
            continue
        for _, end in _runs(pieces.sentence, lo, hi):
            if end - start > size and stop > start:
                found.append((start, stop))
                start, size = stop, limit()
            while end - start > size:
                found.append((start, start + size))
                start, size = start + size, limit()
            stop = end
    if stop > start:
        found.append((start, stop))
    return found


def _runs(numbers: np.ndarray, lo: int, hi: int) -> list[tuple[int, int]]:
    """The ranges of equal neighbours between two indices."""
    if lo >= hi:
        return []
    edges = (np.flatnonzero(np.diff(numbers[lo:hi])) + lo + 1).tolist()
    return list(zip([lo, *edges], [*edges, hi], strict=True))
