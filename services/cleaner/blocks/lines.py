"""The lines of a plain text, measured without a tree: words, form, place, neighbours.

A page that was copied or converted into lines has lost what tells most; what is left is how runs of prose stand
against runs of labels.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from services.cleaner.blocks.columns import Floats, table
from services.cleaner.blocks.context import POSITION_NAMES, STEPS, around, position, window_sums
from services.cleaner.blocks.lexicon import NAMES as SAID_NAMES
from services.cleaner.blocks.lexicon import Lexicon
from services.cleaner.blocks.likes import NAMES as LIKES_NAMES
from services.cleaner.blocks.likes import measure_likes
from services.cleaner.blocks.signposts import NAMES as SIGNPOST_NAMES
from services.cleaner.blocks.signposts import measure_signposts
from services.cleaner.blocks.subject import NAMES as SUBJECT_NAMES
from services.cleaner.blocks.subject import measure_subject
from services.cleaner.blocks.text import NAMES as TEXT_NAMES
from services.cleaner.blocks.text import measure_texts
from services.cleaner.blocks.words import split_words

_PROSE_CHARS = 80
_AROUND = ("chars", "ends sentence", "stop words", "capital words", "starts upper")
_REACHES = (2, 5, 12)
NAMES: tuple[str, ...] = (
    *TEXT_NAMES,
    *POSITION_NAMES,
    *(f"prose ±{reach}" for reach in _REACHES),
    *(f"chars ±{reach}" for reach in _REACHES),
    *(f"labels ±{reach}" for reach in _REACHES),
    *(
        "run",
        "run chars",
        "run place",
        "largest run",
        "since largest",
        "to largest",
        "prose before",
        "prose behind",
    ),
    *(f"{name} {step:+}" for name in _AROUND for step in STEPS),
    *SUBJECT_NAMES,
    *SIGNPOST_NAMES,
    *LIKES_NAMES,
    *SAID_NAMES,
)


def measure_lines(lines: Sequence[str], lexicon: Lexicon) -> tuple[Floats, list[NDArray[np.int64]]]:
    """A row a line, a column each of :data:`NAMES`; and the groups for the second look: runs of like lines."""
    rows = len(lines)
    if not rows:
        return np.zeros((0, len(NAMES)), np.float32), []
    words = split_words(lines)
    text = measure_texts(lines, words)
    chars = text[:, 0].astype(np.float64)
    prose = (chars >= _PROSE_CHARS) & (text[:, _ENDS] > 0)
    run = _runs(prose)
    size = np.bincount(run, weights=chars * prose)
    at = np.arange(rows)
    in_largest = run == int(np.argmax(size))
    largest = np.flatnonzero(in_largest)
    prose_chars = chars * prose
    before = np.cumsum(prose_chars) - prose_chars
    total = max(1.0, float(prose_chars.sum()))
    starts = np.searchsorted(run, run)
    columns: list[NDArray[np.generic]] = [text.T, *position(chars)]
    for column in (prose_chars, chars, ~prose):
        columns += window_sums(column, _REACHES)
    columns += [
        prose,
        size[run],
        at - starts,
        in_largest,
        np.clip(at - largest[0], -99, 99),
        np.clip(at - largest[-1], -99, 99),
        before / total,
        (total - before - prose_chars) / total,
    ]
    values = dict(zip(TEXT_NAMES, text.T, strict=True))
    columns.append(around([values[name] for name in _AROUND]))
    columns += measure_subject(words, prose, in_largest)
    columns += measure_signposts(words, chars)
    columns += measure_likes(lines, text)
    columns.append(lexicon.measure(words).T)
    return table(columns), [run]


_ENDS = TEXT_NAMES.index("ends sentence")
_LONGEST_GAP = 2  # labels, headings and captions stand between the paragraphs of one article


def _runs(prose: NDArray[np.bool_]) -> NDArray[np.int64]:
    """The number of the run each line belongs to; a run of prose goes on over a gap of two lines."""
    joined = prose.copy()
    places = np.flatnonzero(prose)
    for here, there in pairwise(places):
        if there - here <= _LONGEST_GAP + 1:
            joined[here:there] = True
    return np.concatenate(([0], np.cumsum(joined[1:] != joined[:-1]))).astype(np.int64)
