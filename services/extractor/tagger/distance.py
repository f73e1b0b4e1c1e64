"""Where a piece stands as seen from a cue: how far, and in which sentence."""

import numpy as np

from services.extractor.tagger.pieces import Ints

# Pieces; the first fifteen steps of each side, then all that is farther.
_EDGES = np.array([1, 2, 3, 4, 5, 6, 8, 10, 13, 17, 22, 30, 42, 60, 90])
DISTANCES = 2 * len(_EDGES) + 1
_FARTHEST = int(_EDGES[-1])
_STEPS = np.searchsorted(_EDGES, np.arange(_FARTHEST + 1), side="right")
_BUCKETS = np.concatenate([-_STEPS[:0:-1], _STEPS]).astype(np.int64) + len(_EDGES)
_FARTHEST_SENTENCE = 2
SENTENCES = 2 * _FARTHEST_SENTENCE + 1


def distances(first: Ints, last: Ints, at: Ints) -> Ints:
    """The bucket of each piece of `at` for the cue from `first` to `last` (inclusive); all of shapes that fit."""
    away = np.maximum(at - last, 0) + np.minimum(at - first, 0)
    found: Ints = _BUCKETS[np.clip(away, -_FARTHEST, _FARTHEST) + _FARTHEST]
    return found


def sentence_differences(of_cue: Ints, of_piece: Ints) -> Ints:
    """How many sentences after the cue's each piece stands, from 0 to 4 with 2 for the same one."""
    found: Ints = np.clip(of_piece - of_cue, -_FARTHEST_SENTENCE, _FARTHEST_SENTENCE) + _FARTHEST_SENTENCE
    return found
