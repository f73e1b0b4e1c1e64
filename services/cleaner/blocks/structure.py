"""What can be measured of where a block stands in the tree: its ancestors' names, their contents, and how far the
element is that holds most of the prose.

That element is found as Readability finds it (https://github.com/mozilla/readability): paragraphs score by length
and commas, their parents take the score, links take it away. Distance from it is the best single measure.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from services.cleaner.blocks.columns import Floats, table
from services.cleaner.blocks.context import POSITION_NAMES, STEPS, around, position, window_means, window_sums
from services.cleaner.blocks.keywords import GROUPS
from services.cleaner.blocks.lexicon import NAMES as SAID_NAMES
from services.cleaner.blocks.lexicon import Lexicon
from services.cleaner.blocks.text import NAMES as TEXT_NAMES
from services.cleaner.blocks.text import measure_texts
from services.cleaner.blocks.walk import Walked
from services.cleaner.blocks.words import split_words

_FAR = 40  # levels: no such ancestor
_LEVELS = 4
_GROUPS_ABOVE = 3  # of these, for the second look
_TAGS = (
    "p",
    "div",
    "li",
    "h1",
    "h2",
    "h3",
    "h4",
    "td",
    "span",
    "blockquote",
    "figcaption",
    "section",
    "article",
)
_TAG_NUMBER = {tag: i + 1 for i, tag in enumerate(_TAGS)} | {"h5": 7, "h6": 7, "th": 8, "dd": 3, "dt": 3}
_SHORTEST_PROSE = 25
_CONTENT_CHARS = 80  # a block of so many characters, few of them linked, is most likely prose
_LINKED_SHARE = 0.33

NAMES: tuple[str, ...] = (
    *TEXT_NAMES,
    *POSITION_NAMES,
    *("linked", "links", "bold", "broken", "tag", "depth", "inline caption", "inline meta", "siblings"),
    *(f"near {group}" for group in GROUPS),
    *(f"{what} of level {level}" for level in range(_LEVELS) for what in ("share", "linked", "blocks", "mean")),
    *(
        f"{what} top {n}"
        for n in (1, 2)
        for what in ("below", "up to", "down to", "branch share", "branch linked", "branch blocks", "branch mean",
                     "branch prose", "top share", "top at", "top end")
    ),
    *("template chars", "template linked", "template blocks", "template share", "template prose"),
    *("since h1", "after h1", "prose ±2", "prose ±5", "prose ±12", "linked ±2", "linked ±5"),
    *(f"{what} {step:+}" for what in ("chars", "linked", "ends", "tag", "stop words", "same holder", "same template")
      for step in STEPS),
    *SAID_NAMES,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Tree:
    """The holders' numbers as columns."""

    parent: NDArray[np.int64]
    depth: NDArray[np.int64]
    first: NDArray[np.int64]
    end: NDArray[np.int64]
    sign: NDArray[np.int64]


def measure_page(page: Walked, lexicon: Lexicon) -> tuple[Floats, list[NDArray[np.int64]]]:
    """A row a block, a column each of :data:`NAMES`; and the groups of blocks for the second look: one element,
    one element further up, two, one template."""
    blocks, holders = page.blocks, page.holders
    rows = len(blocks)
    if not rows:
        return np.zeros((0, len(NAMES)), np.float32), []
    texts = [block.text for block in blocks]
    words = split_words(texts)
    text = measure_texts(texts, words, page.titles)
    chars = text[:, 0].astype(np.float64)
    linked = np.minimum(1.0, np.array([block.linked for block in blocks]) / np.maximum(1, chars))
    held = np.array([block.holder for block in blocks])
    tree = _Tree(*np.array([(h.parent, h.depth, h.first, h.end, h.sign) for h in holders], dtype=np.int64).T)
    parent, depth, first, end = tree.parent, tree.depth, tree.first, tree.end
    tags = np.array([_TAG_NUMBER.get(holder.tag, 0) for holder in holders])
    prose = (chars >= _CONTENT_CHARS) & (linked < _LINKED_SHARE)

    sums = {
        "chars": _running(chars),
        "linked": _running(chars * linked),
        "prose": _running(chars * prose),
    }

    def inside(name: str, at: NDArray[np.int64]) -> NDArray[np.float64]:
        return sums[name][end[at]] - sums[name][first[at]]

    total = max(1.0, float(chars.sum()))
    columns: list[NDArray[np.generic]] = [text.T, *position(chars)]
    columns += [
        linked,
        np.array([block.links for block in blocks]),
        np.array([block.bold for block in blocks]) / np.maximum(1, chars),
        np.array([block.broken for block in blocks]),
        tags[held],
        depth[held],
        np.array([_CAPTION in block.inline for block in blocks]),
        np.array([_META in block.inline for block in blocks]),
        (end - first)[np.maximum(parent[held], 0)],
    ]
    columns.append(_distances(page, held, depth).T)

    levels = [held]
    while len(levels) < _LEVELS:
        levels.append(np.maximum(parent[levels[-1]], 0))
    above = np.array(levels)
    size, count = inside("chars", above), (end - first)[above]
    holding = (
        size / total,
        inside("linked", above) / np.maximum(1, size),
        count,
        size / np.maximum(1, count),
    )
    columns.append(np.stack(holding, axis=1).reshape(-1, rows))

    for top in (_readability_top(page, chars, linked, parent), _densest(parent, sums["prose"], first, end)):
        columns += _from_top(top, held, tree, inside, total)

    template = tree.sign[held] * (len(_TAG_NUMBER) + 1)
    _, template = np.unique(template, return_inverse=True)
    of = np.bincount(template, weights=chars)
    columns += [
        of[template],
        (np.bincount(template, weights=chars * linked) / np.maximum(1, of))[template],
        np.bincount(template)[template],
        of[template] / total,
        np.bincount(template, weights=chars * prose)[template] / total,
    ]
    at = np.arange(rows)
    headlines = np.flatnonzero(tags[held] == _TAG_NUMBER["h1"])
    h1 = int(headlines[0]) if len(headlines) else -1
    columns += [
        np.clip(at - h1, -50, 200) if h1 >= 0 else np.full(rows, -99),
        at > h1 if h1 >= 0 else np.full(rows, -1),
    ]
    columns += window_sums(chars * prose, (2, 5, 12))
    columns += window_means(chars * linked, chars, (2, 5))
    columns += [
        around([chars, linked, text[:, _ENDS], tags[held], text[:, _STOP_WORDS]]),
        _same([held, template]),
        lexicon.measure(words).T,
    ]
    return table(columns), [*levels[:_GROUPS_ABOVE], template]


_CAPTION, _META = GROUPS.index("caption"), GROUPS.index("meta")
_ENDS, _STOP_WORDS = TEXT_NAMES.index("ends sentence"), TEXT_NAMES.index("stop words")


def _distances(page: Walked, held: NDArray[np.int64], depth: NDArray[np.int64]) -> NDArray[np.int64]:
    """For each block and group of names the levels up to the nearest element of it."""
    used, at = np.unique(held, return_inverse=True)
    near = np.frombuffer(b"".join([page.holders[i].near for i in used]), np.intc).reshape(-1, len(GROUPS))
    return np.where(near >= 0, depth[used][:, None] - near, _FAR)[at]


def _running(values: NDArray[np.generic]) -> NDArray[np.float64]:
    return np.concatenate(([0.0], np.cumsum(values, dtype=np.float64)))


def _same(groups: Sequence[NDArray[np.int64]]) -> Floats:
    """Of each kind of group whether the blocks around are in the same one, a row each."""
    own = np.array(groups)
    out = np.zeros((len(groups), len(STEPS), own.shape[1]), np.float32)
    for i, step in enumerate(STEPS):
        far = abs(step)
        equal = own[:, far:] == own[:, :-far]
        if step > 0:
            out[:, i, :-far] = equal
        else:
            out[:, i, far:] = equal
    return out.reshape(-1, own.shape[1])


_GOOD = tuple(GROUPS.index(name) for name in ("article", "body", "post", "content", "main"))
_BAD = tuple(
    GROUPS.index(name)
    for name in ("comment", "footer", "sidebar", "related", "promo", "share", "navigation", "hidden", "modal")
)


def _readability_top(
    page: Walked, chars: NDArray[np.float64], linked: NDArray[np.float64], parent: NDArray[np.int64]
) -> int:
    holders = page.holders
    score = np.zeros(len(holders))
    points = np.where(
        chars >= _SHORTEST_PROSE,
        1
        + np.fromiter((block.text.count(",") for block in page.blocks), np.int64, len(chars))
        + np.minimum(chars / 100, 3),
        0,
    ) * (1 - linked)
    held = np.array([block.holder for block in page.blocks])
    up = parent[held]
    np.add.at(score, np.maximum(up, 0), points)
    np.add.at(score, np.maximum(parent[np.maximum(up, 0)], 0), points / 2)
    for i in np.flatnonzero(score):
        near, depth = holders[i].near, holders[i].depth
        score[i] += 5 * sum(near[group] == depth for group in _GOOD) - 8 * sum(
            near[group] == depth for group in _BAD
        )
    return int(np.argmax(score))


def _densest(
    parent: NDArray[np.int64], prose: NDArray[np.float64], first: NDArray[np.int64], end: NDArray[np.int64]
) -> int:
    """The deepest element that holds half of the page's prose."""
    has = prose[end] - prose[first]
    enough = np.flatnonzero(has * 2 >= max(1.0, float(prose[-1])))
    return int(enough[-1]) if len(enough) else 0


def _from_top(
    top: int,
    held: NDArray[np.int64],
    tree: _Tree,
    inside: Callable[[str, NDArray[np.int64]], NDArray[np.float64]],
    total: float,
) -> list[NDArray[np.generic]]:
    """Levels below the top element, or up to and down from where the ways part; and what the branch on which the
    block stands holds."""
    parent, depth, first, end = tree.parent, tree.depth, tree.first, tree.end
    chain = np.zeros(len(parent), bool)
    at = top
    while at >= 0:
        chain[at] = True
        at = int(parent[at])
    # Elements are numbered as they begin: the branch of one that is off the way to the top is the last before it.
    off = np.flatnonzero(~chain & chain[np.maximum(parent, 0)])
    on = held.copy()
    aside = np.flatnonzero(~chain[held])
    if len(aside):
        on[aside] = off[np.searchsorted(off, held[aside], "right") - 1]
    parted = held.copy()
    parted[aside] = parent[on[aside]]
    behind = np.flatnonzero(depth[top + 1 :] <= depth[top])
    last = top + 1 + int(behind[0]) if len(behind) else len(parent)
    below = (held >= top) & (held < last)
    size = inside("chars", on)
    count = (end - first)[on]
    rows = len(held)
    return [
        np.where(below, depth[held] - depth[top], -1),
        depth[held] - depth[parted],
        depth[top] - depth[parted],
        size / total,
        inside("linked", on) / np.maximum(1, size),
        count,
        size / np.maximum(1, count),
        inside("prose", on) / np.maximum(1, size),
        np.full(rows, float(inside("chars", np.array([top]))[0]) / total),
        np.arange(rows) - first[top],
        np.arange(rows) - end[top],
    ]
