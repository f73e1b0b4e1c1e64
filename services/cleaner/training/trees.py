"""LightGBM's description of its trees as the arrays that :mod:`services.cleaner.blocks.forest` walks."""

from __future__ import annotations

from typing import Any

import numpy as np

from services.cleaner.blocks.forest import SCALE, Forest


def forest_of(dump: dict[str, Any], depth: int) -> Forest:
    """Trees filled up to one depth, equal conditions once, leaves as integers."""
    conditions: dict[tuple[int, float], int] = {}
    nodes: list[list[int]] = []
    leaves: list[list[int]] = []
    for tree in dump["tree_info"]:
        node, leaf = [0] * (2**depth - 1), [0] * 2**depth
        stack = [(tree["tree_structure"], 0)]
        while stack:
            part, at = stack.pop()
            if "split_feature" in part:
                key = (int(part["split_feature"]), float(_float_below(part["threshold"])))
                node[at] = conditions.setdefault(key, len(conditions))
                stack += [(part["left_child"], 2 * at + 1), (part["right_child"], 2 * at + 2)]
                continue
            low = high = at
            while low < len(node):  # whatever a node that fills up asks, the same value stands on both sides
                low, high = 2 * low + 1, 2 * high + 2
            leaf[low - len(node) : high - len(node) + 1] = [round(float(part["leaf_value"]) * SCALE)] * (
                high - low + 1
            )
        nodes.append(node)
        leaves.append(leaf)
    return Forest(
        np.array([feature for feature, _ in conditions] or [0], np.int16),
        np.array([threshold for _, threshold in conditions] or [0.0], np.float32),
        np.array(nodes, np.int32),
        np.array(leaves, np.int32),
    )


def _float_below(threshold: float) -> np.float32:
    """The largest 32-bit float that is not above it: "x <= t" keeps its answer for every float x."""
    near = np.float32(threshold)
    return np.nextafter(near, np.float32(-np.inf)) if float(near) > threshold else near
