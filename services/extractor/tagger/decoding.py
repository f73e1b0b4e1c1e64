"""From the heads' probabilities to attributions, with the constants that were fitted on held-out articles."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from services.extractor.tagger.context import Contexts, contexts
from services.extractor.tagger.heads import Heads, Linked, Seen
from services.extractor.tagger.labels import (
    B_CUE,
    I_CUE,
    PAIR_B_CONTENT,
    PAIR_B_SOURCE,
    PAIR_I_SOURCE,
    PAIR_O,
    TAG_OF_PAIR,
)
from services.extractor.tagger.pieces import Ints, Pieces
from services.extractor.tagger.viterbi import best_rows, runs
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


# What `evidence` holds, in this order. Probabilities are geometric means over pieces, in logs.
EVIDENCE = ("cue", "valid", "content", "source", "sourceless", "quoted", "length")


def decode(pieces: Pieces, window: Window, seen: Seen, heads: Heads, constants: Constants) -> list[Found]:
    """The attributions whose cue stands in the window, in the order of their cues."""
    tags = seen.tags.copy()
    tags[:, [B_CUE, I_CUE]] += constants.cue
    (cues,) = runs(best_rows(tags[None]), B_CUE)
    return [
        one
        for some in contexts(pieces, window, cues)
        for one in _linked(pieces, window[0], some, seen, heads.link(seen.vectors, some), constants)
    ]


def _linked(
    pieces: Pieces, lo: int, asked: Contexts, seen: Seen, linked: Linked, constants: Constants
) -> list[Found]:
    """What the cues have; `lo` is where their window begins."""
    opinion = seen.tags[:, TAG_OF_PAIR]
    opinion[:, PAIR_O] = np.maximum(opinion[:, PAIR_O], np.log(constants.outside))
    scores = linked.labels + (constants.tagger * opinion)[asked.at]
    scores[:, :, PAIR_B_SOURCE : PAIR_I_SOURCE + 1] += constants.source
    scores[:, :, PAIR_B_CONTENT:] += constants.content
    scores[:, :, 1:][(asked.on_cue > 0) | ~asked.counts] = -1e6
    rows = best_rows(scores)
    sources, contents = runs(rows, PAIR_B_SOURCE), runs(rows, PAIR_B_CONTENT)
    evidence = _evidence(pieces.quote[lo:], asked, rows, seen, linked)
    found = []
    for cue, at, source, content, told in zip(asked.cues, asked.at, sources, contents, evidence, strict=True):
        if content:
            shift = int(at[0]) + lo
            found.append(Found(_moved([cue], lo)[0], _moved(source, shift), _moved(content, shift), told))
    return found


def _moved(ranges: list[tuple[int, int]], by: int) -> tuple[tuple[int, int], ...]:
    return tuple((first + by, last + by) for first, last in ranges)


def _evidence(
    quote: Ints, asked: Contexts, rows: Ints, seen: Seen, linked: Linked
) -> list[tuple[float, ...]]:
    """One for each cue, whether it has a content or not."""
    of_cue = np.logaddexp(seen.tags[:, B_CUE], seen.tags[:, I_CUE])[asked.at]
    chosen = np.take_along_axis(linked.labels, rows[:, :, None], 2)[:, :, 0]
    in_source = (rows == PAIR_B_SOURCE) | (rows == PAIR_I_SOURCE)
    in_content = rows >= PAIR_B_CONTENT
    of_source, of_content = in_source.sum(1), np.maximum(in_content.sum(1), 1)
    columns = (
        (of_cue * asked.on_cue).sum(1),
        linked.valid,
        (chosen * in_content).sum(1) / of_content,
        (chosen * in_source).sum(1) / np.maximum(of_source, 1),
        of_source == 0,
        ((quote[asked.at] > 0) & in_content).any(1),
        np.log(of_content),
    )
    return list(zip(*(column.astype(np.float64).tolist() for column in columns), strict=True))
