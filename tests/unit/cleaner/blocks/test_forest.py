"""Trees evaluated with numpy give what they give when each is walked by itself."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest

from services.cleaner.blocks.forest import SCALE, chance
from services.cleaner.training.trees import forest_of

DEPTH = 4
COLUMNS = 5


def random_tree(draw: random.Random, depth: int = 0) -> dict[str, Any]:
    """As LightGBM describes one: leaves at any depth."""
    if depth == DEPTH or (depth and draw.random() < 0.3):
        return {"leaf_value": draw.uniform(-1, 1)}
    return {
        "split_feature": draw.randrange(COLUMNS),
        "threshold": draw.choice([draw.uniform(-1, 1), 0.1, 0.30000000000000004]),
        "left_child": random_tree(draw, depth + 1),
        "right_child": random_tree(draw, depth + 1),
    }


def walked(tree: dict[str, Any], row: np.ndarray[Any, np.dtype[np.float32]]) -> float:
    while "leaf_value" not in tree:
        goes_left = float(row[tree["split_feature"]]) <= tree["threshold"]
        tree = tree["left_child" if goes_left else "right_child"]
    return round(float(tree["leaf_value"]) * SCALE) / SCALE


@pytest.mark.parametrize("seed", range(5))
def test_a_forest_sums_its_trees(seed: int) -> None:
    draw = random.Random(seed)
    trees = [random_tree(draw) for _ in range(12)]
    forest = forest_of({"tree_info": [{"tree_structure": tree} for tree in trees]}, DEPTH)
    rows = np.array(
        [[draw.choice([draw.uniform(-1, 1), 0.1, 0.3]) for _ in range(COLUMNS)] for _ in range(40)]
    )
    rows = rows.astype(np.float32)
    expected = [sum(walked(tree, row) for tree in trees) for row in rows]
    assert forest.logits(rows) == pytest.approx(expected, abs=1e-9)


def test_a_row_alone_gives_exactly_what_it_gives_among_others() -> None:
    draw = random.Random(9)
    forest = forest_of({"tree_info": [{"tree_structure": random_tree(draw)} for _ in range(30)]}, DEPTH)
    rows = np.array([[draw.uniform(-1, 1) for _ in range(COLUMNS)] for _ in range(25)], np.float32)
    together = forest.logits(rows)
    assert [forest.logits(rows[i : i + 1])[0] for i in range(len(rows))] == list(together)
    assert len(forest.logits(rows[:0])) == 0


def test_a_chance_is_given_to_three_decimals() -> None:
    assert chance(np.array([-1000.0, 0.0, 0.1234567, 1000.0])).tolist() == pytest.approx([0, 0.5, 0.531, 1])
