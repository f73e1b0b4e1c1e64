"""Lines that are made alike: those that differ in numbers alone, and forms that come again every few lines.

"Rating: 36 votes" stands once under each comment, a date under each teaser. An article has no such beat, and a list
within it has one of a single line.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from services.cleaner.blocks.columns import Floats
from services.cleaner.blocks.context import around, window_sums
from services.cleaner.blocks.text import NAMES as TEXT_NAMES
from services.cleaner.blocks.text import numbered

_STEPS = (-2, -1, 1, 2)
_BEATS = (1, 2, 3, 4, 5)  # lines from one to its like
_REACH = 6
_LENGTHS = (16, 41, 81, 161, 401)  # characters: a word, a label, a headline, a sentence, a paragraph
_SHOUTED = 0.6  # of the words begin with a capital
# Measures of a line, and above which value each counts as a sign of its form.
_SIGNS = (
    *(("ends sentence", 0.0), ("digits", 0.0), ("starts upper", 0.0), ("ends colon", 0.0)),
    *(("capital words", _SHOUTED), ("marks", 0.0)),
)
_DIGITS = re.compile(r"\d+")
_CUT = ("…", "...")
_CLOSING = " )]»"
# Where two elements of a line met without a space: "Steakhouse in TroyA party of six left".
_SEAM = re.compile(r"[^\W\d_A-Z.][.?!’”]?[A-Z][a-z]")
NAMES: tuple[str, ...] = (
    "copies but digits",
    "copies of first word",
    *(f"copies but digits {step:+}" for step in _STEPS),
    *("beat of one", "beat of two", "beat", "chars before likes", "cut", "seams"),
)


def measure_likes(lines: Sequence[str], text: Floats) -> list[NDArray[np.generic]]:
    """A column each of :data:`NAMES`. ``text``: the lines as :mod:`services.cleaner.blocks.text` measures them."""
    plain = [_DIGITS.sub("0", line.lower()) for line in lines]
    whole, first = numbered(plain), numbered([line.split(" ", 1)[0] for line in plain])
    copies = np.bincount(whole)[whole]
    form = _forms(text)
    beats = [_beat(form, step) for step in _BEATS]
    run = np.cumsum(np.diff(form, prepend=form[:1]) != 0)
    begin = np.searchsorted(run, run)
    chars = text[:, 0]
    return [
        copies,
        np.bincount(first)[first],
        *around([copies], _STEPS),
        *beats[:2],
        np.max(beats[1:], axis=0) - beats[0],
        np.where(begin > 0, chars[np.maximum(begin - 1, 0)], -1),
        np.array([line.rstrip(_CLOSING).endswith(_CUT) for line in lines]),
        np.array([len(_SEAM.findall(line)) for line in lines]),
    ]


def _forms(text: Floats) -> NDArray[np.int64]:
    """Equal for lines of about one length that begin and end alike."""
    form = np.searchsorted(_LENGTHS, text[:, 0], side="right").astype(np.int64)
    for name, least in _SIGNS:
        form = 2 * form + (text[:, TEXT_NAMES.index(name)] > least)
    return form


def _beat(form: NDArray[np.int64], step: int) -> NDArray[np.float64]:
    """The share of the lines around each that have their form again ``step`` lines further on."""
    like = np.zeros(len(form))
    like[:-step] = form[step:] == form[:-step]
    (near,) = window_sums(like, (_REACH,))
    return near / (2 * _REACH + 1)
