"""Where a piece stands as seen from a cue: how far, and in which sentence."""

import numpy as np

from services.extractor.tagger.pieces import Ints

# Pieces; the first fifteen steps of each side, then all that is farther.
_EDGES = np.array([1, 2, 3, 4, 5, 6, 8, 10, 13, 17, 22, 30, 42, 60, 90])
DISTANCES = 2 * len(_EDGES) + 1
_FARTHEST_SENTENCE = 2
SENTENCES = 2 * _FARTHEST_SENTENCE + 1


def distances(first: Ints, last: Ints, at: Ints) -> Ints:
    """The bucket of each piece of `at` for each cue from `first` to `last` (inclusive): cues × pieces."""
    before = np.maximum(first[:, None] - at[None, :], 0)
    after = np.maximum(at[None, :] - last[:, None], 0)
    bucket = np.searchsorted(_EDGES, after, side="right") - np.searchsorted(_EDGES, before, side="right")
    found: Ints = bucket.astype(np.int64) + len(_EDGES)
    return found


def sentence_differences(of_cue: Ints, of_piece: Ints) -> Ints:
    """How many sentences after the cue's each piece stands, from 0 to 4 with 2 for the same one."""
    difference = of_piece[None, :] - of_cue[:, None]
    found: Ints = np.clip(difference, -_FARTHEST_SENTENCE, _FARTHEST_SENTENCE) + _FARTHEST_SENTENCE
    return found
