"""How far around a cue its source and its content are looked for."""

import numpy as np

from services.extractor.tagger.pieces import Pieces


def context(pieces: Pieces, first: int, last: int, lo: int, hi: int) -> tuple[int, int]:
    """The cue's paragraph, and the next one if it ends with a colon, as far as the window `lo` to `hi` goes.

    99 of 100 annotated attributions stay within their paragraph.
    """
    numbers = pieces.paragraph[lo:hi]
    of_first, of_last = int(pieces.paragraph[first]), int(pieces.paragraph[last])
    until = of_last + 1 if of_last in pieces.colon else of_last
    start = lo + int(np.searchsorted(numbers, of_first, side="left"))
    stop = lo + int(np.searchsorted(numbers, until, side="right"))
    return start, stop
