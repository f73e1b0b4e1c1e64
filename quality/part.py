"""What a part of ``python -m quality`` gives: figures by name, and what it could not measure here."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

# Where it is said, a set that is not there is a failure and no gap: `.ci/run` says it.
INSIST = os.environ.get("CI") == "true" or os.environ.get("CLAIMSTREAM_QUALITY_INSIST") == "true"
# The evaluation sets beside the checkout; the project does not hold them.
BESIDE = Path(__file__).resolve().parents[2] / "shared"


@dataclass
class Measured:
    """``figures``: between 0 and 1, more is better. ``counts``: what stands behind each, for the reader of the table.
    ``absent``: sets that are not there, with what is therefore not measured. ``notes`` are printed as they are, and so
    are ``curves``, which are committed beside the figures."""

    figures: dict[str, float] = field(default_factory=dict)
    counts: dict[str, str] = field(default_factory=dict)
    absent: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    curves: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Part:
    """``tolerance``: by how much a figure may lie below the committed one."""

    measure: Callable[[], Measured]
    tolerance: float
