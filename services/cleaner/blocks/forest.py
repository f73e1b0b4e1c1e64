"""Gradient-boosted trees, evaluated with numpy alone: no library of the training is in the product.

Every tree is filled up to one depth, so that all trees are walked for all blocks at once, a level a step. Equal
conditions of different nodes are tested once. The leaves are integers (millionths of a logit): their sum is the
same on every machine and in every order, and so is the text that depends on it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from services.cleaner.blocks.columns import Floats

SCALE = 1_000_000


@dataclass(frozen=True)
class Forest:
    """``feature``, ``threshold``: of each different condition ("greater than"); ``node``: for each tree and node
    (heap order) the number of its condition; ``leaf``: for each tree and leaf its integer value."""

    feature: NDArray[np.int16]
    threshold: NDArray[np.float32]
    node: NDArray[np.int32]
    leaf: NDArray[np.int32]

    @classmethod
    def load(cls, arrays: Mapping[str, NDArray[np.generic]], name: str) -> Forest:
        return cls(
            arrays[f"{name}_feature"].astype(np.int16),
            arrays[f"{name}_threshold"].astype(np.float32),
            arrays[f"{name}_node"].astype(np.int32),
            arrays[f"{name}_leaf"].astype(np.int32),
        )

    def arrays(self, name: str) -> dict[str, NDArray[np.generic]]:
        """What :meth:`load` reads again."""
        return {
            f"{name}_feature": self.feature,
            f"{name}_threshold": self.threshold,
            f"{name}_node": self.node.astype(np.uint16),
            f"{name}_leaf": self.leaf,
        }

    def logits(self, rows: Floats) -> NDArray[np.float64]:
        """The sum of the trees' values for each row."""
        count = len(rows)
        if not count:
            return np.zeros(0)
        columns = np.ascontiguousarray(rows.T)
        met = (columns.take(self._columns, axis=0) > self.threshold[:, None]).view(np.uint8)
        root, *below = self._levels
        at = met.take(root, axis=0).astype(np.intp)
        at += np.arange(0, 2 * len(root), 2)[:, None]
        own = np.arange(count)
        flat = met.ravel()
        for conditions in below:
            asked = (conditions * count).take(at)
            asked += own
            at *= 2
            at += flat.take(asked)
        sums: NDArray[np.float64] = self.leaf.take(at).sum(axis=0, dtype=np.int64) / SCALE
        return sums

    @cached_property
    def _columns(self) -> NDArray[np.intp]:
        """numpy takes by numbers of this size; any other would be copied into it each time."""
        return self.feature.astype(np.intp)

    @cached_property
    def _levels(self) -> list[NDArray[np.intp]]:
        """The conditions level by level, one tree behind the other: the children of place i are 2 i and 2 i + 1."""
        depth = (self.node.shape[1] + 1).bit_length() - 1
        return [
            self.node[:, 2**level - 1 : 2 ** (level + 1) - 1].astype(np.intp).ravel()
            for level in range(depth)
        ]


def chance(logits: NDArray[np.float64]) -> Floats:
    """Of logits, the chances, to three decimals: what follows must not hang on a machine's last digit."""
    return np.round(1 / (1 + np.exp(-np.clip(logits, -30, 30))), 3).astype(np.float32)
