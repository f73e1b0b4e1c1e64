"""The trained model, loaded once a process, and known by the hash of its file in every article."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from services.cleaner.blocks.columns import Floats, table
from services.cleaner.blocks.context import opinions
from services.cleaner.blocks.forest import Forest, chance
from services.cleaner.blocks.lexicon import Lexicon

FILE = "model.npz"
_DIGITS = 12  # of the hash: enough to tell models apart, short enough for a name
_DATE = (1980, 1, 1, 0, 0, 0)  # a file of the same arrays has the same bytes, whenever it was written


@dataclass(frozen=True, slots=True)
class TwoStages:
    """The first stage sees a block and its surroundings, the second also what the first says of these."""

    lexicon: Lexicon
    first: Forest
    second: Forest

    def chances(self, rows: Floats, groups: list[NDArray[np.int64]]) -> Floats:
        """For each block the chance that it is the article's."""
        if not len(rows):
            return np.zeros(0, np.float32)
        return chance(self.second.logits(with_opinions(rows, chance(self.first.logits(rows)), groups)))


@dataclass(frozen=True, slots=True)
class Model:
    """``name``: of the file, by its hash. ``pages``: for blocks of a tree; ``lines``: for the lines of a plain text.
    ``confidence``: weights of :mod:`services.cleaner.confidence`. ``figures``: what was measured, on sites that were
    left out each time, when it was trained."""

    name: str
    pages: TwoStages
    lines: TwoStages
    confidence: NDArray[np.float64]
    figures: dict[str, float]


def with_opinions(rows: Floats, opinion: Floats, groups: list[NDArray[np.int64]]) -> Floats:
    """The rows of the second stage. The first column of ``rows`` is the block's length."""
    return table([rows.T, *opinions(opinion, rows[:, 0].astype(np.float64), groups)])


@cache
def load() -> Model:
    """The model that lies beside this module."""
    content = files(__package__).joinpath(FILE).read_bytes()
    with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
        return Model(
            hashlib.sha256(content).hexdigest()[:_DIGITS],
            _stages(arrays, "pages"),
            _stages(arrays, "lines"),
            arrays["confidence"],
            dict(zip(arrays["figure_names"].tolist(), arrays["figure_values"].tolist(), strict=True)),
        )


def _stages(arrays: Mapping[str, NDArray[np.generic]], kind: str) -> TwoStages:
    own = {name.removeprefix(f"{kind}_"): arrays[name] for name in arrays if name.startswith(f"{kind}_")}
    return TwoStages(Lexicon.load(own), Forest.load(own, "first"), Forest.load(own, "second"))


def packed(
    pages: TwoStages, lines: TwoStages, confidence: NDArray[np.float64], figures: Mapping[str, float]
) -> bytes:
    """The bytes of a model file."""
    arrays: dict[str, NDArray[np.generic]] = {
        "confidence": confidence,
        "figure_names": np.array(list(figures), np.str_),
        "figure_values": np.array(list(figures.values()), np.float64),
    }
    for kind, stages in (("pages", pages), ("lines", lines)):
        own = stages.lexicon.arrays() | stages.first.arrays("first") | stages.second.arrays("second")
        arrays |= {f"{kind}_{name}": array for name, array in own.items()}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, array in arrays.items():
            entry = io.BytesIO()
            np.lib.format.write_array(entry, np.ascontiguousarray(array), allow_pickle=False)
            about = zipfile.ZipInfo(f"{name}.npy", _DATE)
            about.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(about, entry.getvalue())
    return out.getvalue()
