"""Measures of many blocks as one table, a row a block."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


def table(columns: Sequence[NDArray[np.generic]]) -> Floats:
    """The columns side by side, one behind the other in memory: trees ask for columns. Several may come as one array, a
    row each."""
    size = sum(column.ndim == 1 or len(column) for column in columns)
    out = np.empty((size, columns[0].shape[-1]), np.float32)
    at = 0
    for column in columns:
        end = at + (1 if column.ndim == 1 else len(column))
        out[at:end] = column
        at = end
    return out.T
