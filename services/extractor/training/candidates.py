"""Which cues the second head learns from: the annotated ones, and those that the tagger takes for cues in error."""

from __future__ import annotations

import numpy as np

from services.extractor.tagger.labels import B_CUE, I_CUE
from services.extractor.training.batches import MicroBatch, Window
from services.extractor.training.inputs import Candidate, candidate, gold_cues

SHIFTED = 0.15  # of the annotated cues: at run time a cue's edge may be a piece off
FALSE_FROM = 0.3  # the tagger's probability from which on a piece counts as part of a cue
FALSE_A_WINDOW = 6  # at most, so that the first steps, when the tagger knows nothing, stay cheap


def draw(micro: MicroBatch, tags: np.ndarray, rng: np.random.Generator) -> list[Candidate]:
    """The candidates of a micro-batch; `tags`: the tagger's probabilities, windows × length × labels."""
    found: list[Candidate] = []
    for row, window in enumerate(micro):
        taken = np.zeros(window.hi - window.lo, dtype=bool)
        for one in gold_cues(window):
            taken[one.cue[0] - window.lo : one.cue[1] - window.lo + 1] = True
            cue = _shifted(one.cue, window, rng) if rng.random() < SHIFTED else one.cue
            found.append(candidate(row, window, cue, one))
        likely = tags[row, 1 : len(taken) + 1, [B_CUE, I_CUE]].sum(0) > FALSE_FROM
        false = _runs(likely & ~taken)
        if len(false) > FALSE_A_WINDOW:
            false = [false[i] for i in rng.permutation(len(false))[:FALSE_A_WINDOW]]
        for first, last in false:
            found.append(candidate(row, window, (first + window.lo, last + window.lo), None))
    return found


def groups(found: list[Candidate], budget: int = 6_000) -> list[list[Candidate]]:
    """Candidates of like context length together: at most `budget` pieces a group with padding."""
    cut: list[list[Candidate]] = []
    for one in sorted(found, key=lambda c: c.hi - c.lo):
        size = one.hi - one.lo
        if not cut or size * (len(cut[-1]) + 1) > budget or size > 1.5 * (cut[-1][0].hi - cut[-1][0].lo) + 8:
            cut.append([])
        cut[-1].append(one)
    return cut


def _shifted(cue: tuple[int, int], window: Window, rng: np.random.Generator) -> tuple[int, int]:
    first, last = cue[0] + int(rng.integers(-1, 2)), cue[1] + int(rng.integers(-1, 2))
    first, last = max(first, window.lo), min(last, window.hi - 1)
    return (first, last) if first <= last else cue


def _runs(likely: np.ndarray) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(likely.astype(np.int8), prepend=0, append=0))
    return [(int(a), int(b) - 1) for a, b in zip(edges[::2], edges[1::2], strict=True)]
