"""Which measures told for a block and which against it: what an explanation shows, and nothing else needs.

On its way down a tree a block meets conditions; each moves the expected value from that of a node to that of its
child, and the sum of these moves is the tree's answer (A. Saabas, "Interpreting random forests", 2014). A node's value
is here the mean of the leaves below it, as the forest keeps no counts: signs and order are what can be relied on.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from lxml.html import HtmlElement
from numpy.typing import NDArray

from services.cleaner.blocks import lines, structure
from services.cleaner.blocks.classifier import is_bare
from services.cleaner.blocks.columns import Floats
from services.cleaner.blocks.forest import SCALE, Forest, chance
from services.cleaner.blocks.model import TwoStages, load, with_opinions
from services.cleaner.blocks.walk import walk

Told = tuple[tuple[str, float], ...]


def told_of_page(tree: HtmlElement, most: int) -> list[Told]:
    """For each block of a page, in order, the measures that moved its chance most, the strongest first, with how far
    (logits; above 0 for the article). Both looks together; what the second heard of the first's opinions is left out.
    """
    page = walk(tree)
    if is_bare(page):
        return told_of_lines([block.text for block in page.blocks], most)
    stages = load().pages
    return _told(stages, *structure.measure_page(page, stages.lexicon), structure.NAMES, most)


def told_of_lines(texts: Sequence[str], most: int) -> list[Told]:
    stages = load().lines
    return _told(stages, *lines.measure_lines(texts, stages.lexicon), lines.NAMES, most)


def _told(
    stages: TwoStages, rows: Floats, groups: list[NDArray[np.int64]], names: Sequence[str], most: int
) -> list[Told]:
    if not len(rows):
        return []
    looked = with_opinions(rows, chance(stages.first.logits(rows)), groups)
    sums = moves(stages.first, rows) + moves(stages.second, looked)[:, : len(names)]
    order = np.argsort(-np.abs(sums), axis=1, kind="stable")[:, :most]
    return [
        tuple((names[i], round(float(move[i]), 2)) for i in strongest if abs(move[i]) >= 0.01)
        for move, strongest in zip(sums, order, strict=True)
    ]


def moves(forest: Forest, rows: Floats) -> NDArray[np.float64]:
    """How far each column moved each row: a row a block, a column each of the measures."""
    values = node_values(forest)
    met = forest.threshold[:, None] < rows[:, forest.feature].T
    moved = np.zeros(rows.shape)
    own = np.arange(len(rows))
    for tree, nodes in enumerate(forest.node):
        at = np.zeros(len(rows), np.int64)
        for _ in range((len(nodes) + 1).bit_length() - 1):
            condition = nodes[at]
            child = 2 * at + 1 + met[condition, own]
            np.add.at(moved, (own, forest.feature[condition]), values[tree, child] - values[tree, at])
            at = child
    return moved


def node_values(forest: Forest) -> NDArray[np.float64]:
    """For each tree the values of its nodes and leaves, in heap order."""
    levels = [forest.leaf.astype(np.float64) / SCALE]
    while levels[0].shape[1] > 1:
        levels.insert(0, levels[0].reshape(len(levels[0]), -1, 2).mean(axis=2))
    return np.concatenate(levels, axis=1)
