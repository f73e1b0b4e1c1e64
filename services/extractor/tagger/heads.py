"""What reads the windows: the encoder with the tagger, and the pair head."""

from __future__ import annotations

from typing import NamedTuple, Protocol

import numpy as np

from services.extractor.tagger.context import Contexts, Cue
from services.extractor.tagger.pieces import Ints
from services.extractor.tagger.viterbi import Floats


class Seen(NamedTuple):
    """A window: a vector for each piece, and the log probabilities of its tags."""

    vectors: Floats  # length × width
    tags: Floats  # length × 7


class Linked(NamedTuple):
    """Some cues with their contexts: log probabilities of the labels, and the log odds that the cue is one."""

    labels: Floats  # cues × length × 5
    valid: Floats  # cues


class Heads(Protocol):
    """Both functions see one window at a time: no result depends on what else is read."""

    def see(self, ids: Ints, case: Ints, quote: Ints, boundary: Ints) -> Seen:
        """The pieces of one window with its two marks; what comes back is without them."""

    def link(self, vectors: Floats, contexts: Contexts) -> Linked:
        """The window's vectors, and some of its cues; where nothing counts, the labels may be anything."""


def cue_vectors(vectors: Floats, cues: list[Cue]) -> Floats:
    """First, last and mean vector of each cue, side by side."""
    first, last = np.array(cues).T
    sizes = last - first + 1
    starts = np.cumsum(sizes) - sizes
    own = np.arange(int(sizes.sum())) + np.repeat(first - starts, sizes)
    mean = np.add.reduceat(vectors[own], starts, axis=0) / sizes[:, None].astype(np.float32)
    return np.concatenate([vectors[first], vectors[last], mean], axis=1)


def log_softmax(scores: Floats) -> Floats:
    """Along the last axis."""
    shifted = scores - scores.max(-1, keepdims=True)
    normal: Floats = shifted - np.log(np.exp(shifted).sum(-1, keepdims=True))
    return normal
