"""From the heads' probabilities to attributions, with the constants that were fitted on held-out articles."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from services.extractor.tagger.context import context
from services.extractor.tagger.distance import distances, sentence_differences
from services.extractor.tagger.heads import Heads, Seen
from services.extractor.tagger.labels import (
    B_CUE,
    I_CUE,
    PAIR_B_CONTENT,
    PAIR_B_SOURCE,
    PAIR_I_SOURCE,
    PAIR_O,
    TAG_O,
    TAG_OF_PAIR,
)
from services.extractor.tagger.pieces import Ints, Pieces
from services.extractor.tagger.viterbi import Floats, best_rows, runs
from services.extractor.tagger.windows import Window


@dataclass(frozen=True, slots=True)
class Constants:
    """`cue`: added to the log probabilities of cue tags. `tagger`: the weight of the tagger's opinion where the pair
    head decides; its "outside" counts at least `outside` (a probability), for what is outside to one cue may be the
    content of another. `source`, `content`: added to these labels."""

    cue: float = 0.5
    tagger: float = 0.3
    outside: float = 0.2
    source: float = 0.5
    content: float = 0.0


@dataclass(frozen=True, slots=True)
class Found:
    """An attribution as ranges of pieces, both inclusive, and what is known about how likely it is right."""

    cue: tuple[int, int]
    source: tuple[tuple[int, int], ...]
    content: tuple[tuple[int, int], ...]
    evidence: tuple[float, ...]


# More cues in one paragraph are linked in several calls: a page of nothing but "said" shall not take the memory of
# a worker (32 cues × 220 pieces take some 50 MB).
CUES_AT_ONCE = 32
# What `evidence` holds, in this order. Probabilities are geometric means over pieces, in logs.
EVIDENCE = ("cue", "valid", "content", "source", "sourceless", "quoted", "length")


def decode(pieces: Pieces, window: Window, seen: Seen, heads: Heads, constants: Constants) -> list[Found]:
    """The attributions whose cue stands in the window, in the order of their cues."""
    lo, hi = window
    cues = _cues(seen.tags, constants)
    contexts: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for first, last in cues:
        contexts.setdefault(context(pieces, lo + first, lo + last, lo, hi), []).append((first, last))
    found: list[Found] = []
    for extent, here in contexts.items():
        inner = [(a + lo - extent[0], b + lo - extent[0]) for a, b in here]
        for n in range(0, len(inner), CUES_AT_ONCE):
            found += _linked(pieces, extent, inner[n : n + CUES_AT_ONCE], lo, seen, heads, constants)
    return found


def _cues(tags: Floats, constants: Constants) -> list[tuple[int, int]]:
    biased = tags.copy()
    biased[:, [B_CUE, I_CUE]] += constants.cue
    return runs(best_rows(biased[None])[0], B_CUE)


def _linked(
    pieces: Pieces,
    extent: tuple[int, int],
    cues: list[tuple[int, int]],
    lo: int,
    seen: Seen,
    heads: Heads,
    constants: Constants,
) -> list[Found]:
    """What the cues of one context have; `cues` counts from its start."""
    start, stop = extent
    firsts, lasts = np.array([a for a, _ in cues]), np.array([b for _, b in cues])
    sentence = pieces.sentence[start:stop]
    linked = heads.link(
        seen.vectors[start - lo : stop - lo],
        cues,
        distances(firsts, lasts, np.arange(stop - start)),
        sentence_differences(sentence[firsts], sentence),
    )
    tags = seen.tags[start - lo : stop - lo]
    opinion = tags[:, TAG_OF_PAIR].copy()
    opinion[:, PAIR_O] = np.maximum(tags[:, TAG_O], np.log(constants.outside))
    scores = linked.labels + constants.tagger * opinion
    scores[:, :, PAIR_B_SOURCE : PAIR_I_SOURCE + 1] += constants.source
    scores[:, :, PAIR_B_CONTENT:] += constants.content
    for n, (first, last) in enumerate(cues):
        scores[n, first : last + 1, 1:] = -1e6
    rows = best_rows(scores)
    found = []
    for n, cue in enumerate(cues):
        source, content = runs(rows[n], PAIR_B_SOURCE), runs(rows[n], PAIR_B_CONTENT)
        if not content:
            continue
        evidence = _evidence(pieces, start, cue, rows[n], linked.labels[n], float(linked.valid[n]), tags)
        found.append(
            Found(
                (cue[0] + start, cue[1] + start),
                tuple((a + start, b + start) for a, b in source),
                tuple((a + start, b + start) for a, b in content),
                evidence,
            )
        )
    return found


def _evidence(
    pieces: Pieces, start: int, cue: tuple[int, int], row: Ints, labels: Floats, valid: float, tags: Floats
) -> tuple[float, ...]:
    first, last = cue
    of_cue = np.logaddexp(tags[first : last + 1, B_CUE], tags[first : last + 1, I_CUE]).mean()
    chosen = labels[np.arange(len(row)), row]
    in_source = (row == PAIR_B_SOURCE) | (row == PAIR_I_SOURCE)
    in_content = row >= PAIR_B_CONTENT
    of_source = chosen[in_source].mean() if in_source.any() else 0.0
    quoted = (pieces.quote[start : start + len(row)][in_content] > 0).any()
    return (
        float(of_cue),
        valid,
        float(chosen[in_content].mean()),
        float(of_source),
        float(not in_source.any()),
        float(quoted),
        float(np.log(in_content.sum())),
    )
