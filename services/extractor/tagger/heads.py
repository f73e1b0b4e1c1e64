"""What reads the windows: the encoder with the tagger, and the pair head."""

from __future__ import annotations

from typing import NamedTuple, Protocol

import numpy as np

from services.extractor.tagger.pieces import Ints
from services.extractor.tagger.viterbi import Floats


class Seen(NamedTuple):
    """A window: a vector for each piece, and the log probabilities of its tags."""

    vectors: Floats  # length × width
    tags: Floats  # length × 7


class Linked(NamedTuple):
    """Some cues with one context: log probabilities of the labels, and the log odds that the cue is one."""

    labels: Floats  # cues × length × 5
    valid: Floats  # cues


class Heads(Protocol):
    """Both functions see one window or one context at a time: no result depends on what else is read."""

    def see(self, ids: Ints, case: Ints, quote: Ints, boundary: Ints) -> Seen:
        """The pieces of one window with its two marks; what comes back is without them."""

    def link(self, vectors: Floats, cues: list[tuple[int, int]], distance: Ints, sentence: Ints) -> Linked:
        """The context's vectors; the cues as first and last index in it, both inclusive; cues × length."""


def cue_vectors(vectors: Floats, cues: list[tuple[int, int]]) -> Floats:
    """First, last and mean vector of each cue, side by side."""
    return np.stack(
        [
            np.concatenate([vectors[first], vectors[last], vectors[first : last + 1].mean(0)])
            for first, last in cues
        ]
    )


def on_cue(cues: list[tuple[int, int]], length: int) -> Floats:
    """Weights over each cue's own pieces that sum to 1."""
    weights = np.zeros((len(cues), length), dtype=np.float32)
    for n, (first, last) in enumerate(cues):
        weights[n, first : last + 1] = 1.0 / (last - first + 1)
    return weights


def log_softmax(scores: Floats) -> Floats:
    """Along the last axis."""
    shifted = scores - scores.max(-1, keepdims=True)
    normal: Floats = shifted - np.log(np.exp(shifted).sum(-1, keepdims=True))
    return normal
