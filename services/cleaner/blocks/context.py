"""What stands around a block: the values of its neighbours, and of the page up to it and behind it.

Also the second look: what the first stage thinks of the neighbours, of the element, of its like. One column of
first opinions becomes some thirty.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from services.cleaner.blocks.columns import Floats

_OUTSIDE = np.float32(-1)  # no block there
STEPS = (-3, -2, -1, 1, 2, 3)
WINDOWS = (2, 5, 12)


def window_sums(column: NDArray[np.generic], reaches: Sequence[int]) -> list[NDArray[np.float64]]:
    """For each reach the sums over the blocks from so many before to so many behind."""
    rows, most = len(column), max(reaches)
    # The running sum, held at both ends for as long as a window reaches beyond the page.
    sums = np.zeros(rows + 2 * most + 1)
    np.cumsum(column, dtype=np.float64, out=sums[most + 1 : most + 1 + rows])
    sums[most + 1 + rows :] = sums[most + rows]
    return [
        sums[most + 1 + reach : most + 1 + reach + rows] - sums[most - reach : most - reach + rows]
        for reach in reaches
    ]


def window_means(
    column: NDArray[np.generic], weights: NDArray[np.generic], reaches: Sequence[int]
) -> list[NDArray[np.float64]]:
    """The sums of one column over those of another, or over 1 where these are less."""
    both = zip(window_sums(column, reaches), window_sums(weights, reaches), strict=True)
    return [top / np.maximum(1, bottom) for top, bottom in both]


def since(marked: NDArray[np.bool_], far: int) -> NDArray[np.int64]:
    """How many blocks behind the last marked one each stands, 0 if it is one; ``far`` or more where none is."""
    at = np.arange(len(marked))
    return at - np.maximum.accumulate(np.where(marked, at, -far))


def until(marked: NDArray[np.bool_], far: int) -> NDArray[np.int64]:
    """The same to the next marked one."""
    return since(marked[::-1], far)[::-1]


def position(chars: NDArray[np.float64]) -> list[NDArray[np.generic]]:
    """Where in the page: blocks and characters from the start and to the end, and how much there is."""
    rows = len(chars)
    total = max(1.0, float(chars.sum()))
    before = np.cumsum(chars) - chars
    at = np.arange(rows)
    return [
        at,
        rows - at,
        at / max(1, rows),
        before / total,
        chars / total,
        np.full(rows, rows),
        np.full(rows, total),
        np.full(rows, float(np.max(chars, initial=0))),
    ]


POSITION_NAMES = ("at", "to end", "relative", "chars before", "share", "blocks", "page chars", "longest")


def around(columns: Sequence[NDArray[np.generic]], steps: Sequence[int] = STEPS) -> Floats:
    """Of each column the values so many blocks further on, a row each; -1 outside the page."""
    own = np.array(columns, np.float32)
    out = np.full((len(columns), len(steps), own.shape[1]), _OUTSIDE, np.float32)
    for i, step in enumerate(steps):
        if step > 0:
            out[:, i, :-step] = own[:, step:]
        else:
            out[:, i, -step:] = own[:, :step]
    return out.reshape(-1, own.shape[1])


def opinions(
    first: NDArray[np.float32], chars: NDArray[np.float64], groups: Sequence[NDArray[np.int64]]
) -> list[NDArray[np.generic]]:
    """The second look. ``first``: the first stage's values; ``groups``: for each kind of belonging together (one
    element, one template) the number of each block's group. Names: :func:`opinion_names`."""
    rows = len(first)
    mass = first * chars
    out: list[NDArray[np.generic]] = [first, around([first])]
    means = (window_means(mass, chars, WINDOWS), window_means(first, np.ones(rows), WINDOWS))
    out += [mean for pair in zip(*means, strict=True) for mean in pair]
    for group in groups:
        weight = np.bincount(group, weights=chars)
        out.append((np.bincount(group, weights=mass) / np.maximum(1, weight))[group])
        count = np.bincount(group)
        out.append((np.bincount(group, weights=first) / np.maximum(1, count))[group])
    total = max(1e-6, float(mass.sum()))
    out.append((np.cumsum(mass) - mass) / total)
    out.append(mass / total)
    out.append(np.full(rows, total / max(1.0, float(chars.sum()))))
    above, below = np.zeros(rows), np.zeros(rows)
    if rows > 1:
        above[1:] = np.maximum.accumulate(first)[:-1]
        below[:-1] = np.maximum.accumulate(first[::-1])[::-1][1:]
    out += [above, below, *_to_sure(first, chars)]
    return out


def opinion_names(groups: int) -> tuple[str, ...]:
    return (
        "first",
        *(f"first {step:+}" for step in STEPS),
        *(f"{what} ±{reach}" for reach in WINDOWS for what in ("mass", "mean")),
        *(f"{what} of group {n}" for n in range(groups) for what in ("mass", "mean")),
        *("mass before", "mass share", "mass of page", "most above", "most below"),
        *("blocks since sure", "blocks to sure", "chars since sure", "chars to sure"),
    )


def _to_sure(first: NDArray[np.float32], chars: NDArray[np.float64]) -> list[NDArray[np.generic]]:
    """How far the nearest block that is surely the article's is, above and below."""
    rows = len(first)
    at = np.arange(rows)
    sure = (first > 0.8) & (chars > 40)
    above, below = since(sure, 1000), until(sure, 1000)
    sums = np.concatenate(([0.0], np.cumsum(chars, dtype=np.float64)))
    last, following = np.clip(at - above, 0, rows - 1), np.clip(at + below, 0, rows - 1)
    return [
        np.minimum(above, 99),
        np.minimum(below, 99),
        np.where(above < 1000, sums[at] - sums[np.minimum(last + 1, at)], 1e6),
        np.where(below < 1000, sums[following] - sums[np.minimum(at + 1, following)], 1e6),
    ]
