"""``python -m quality --part metadata``: title, authors and day of publication against what was written down for the
pages of wx-dev, and what the confidences in them are worth.

The confidences that ship are the shares of the pages counted here (``python -m quality.metadata`` prints the table of
:mod:`services.cleaner.metadata.evidence` anew). How good they are on sites that nobody has counted is told by leaving
each page's site out of the count. Of the other fields nobody has marked what is right.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from quality.metadata.judged import FIELDS, Case, cases
from quality.part import BESIDE, Measured, Part
from services.cleaner.metadata.evidence import FEWEST_PAGES, share
from services.cleaner.training.corpus import FOLDS
from services.cleaner.training.honest import area_under_curve

SET = BESIDE / "data" / "article-extraction" / "wx-dev"
# The whole set takes half a minute; every third page of it says as much.
_EVERY = 3
_SURE = 0.9
Cell = tuple[str, str, str]


def measure() -> Measured:
    measured = Measured()
    if not SET.is_dir():
        measured.absent.append(f"../shared/data/article-extraction/{SET.name} is not beside the checkout")
        return measured
    found = list(cases(SET, _EVERY))
    for field in FIELDS:
        _add(measured, field, [case for case in found if case.field == field])
    _add_confidence(measured, found)
    return measured


def counted(found: Iterable[Case]) -> dict[Cell, tuple[int, int]]:
    """(pages on which it was right, pages) of each origin and support."""
    cells: dict[Cell, list[bool]] = defaultdict(list)
    for case in found:
        if case.right is not None:
            cells[case.cell].append(case.right)
    return {cell: (sum(right), len(right)) for cell, right in sorted(cells.items())}


def _add(measured: Measured, field: str, found: Sequence[Case]) -> None:
    stated = [case for case in found if case.right is not None]
    right = sum(case.right is True for case in stated)
    marked = [case for case in found if case.marked]
    measured.figures[f"{field}, right where stated"] = right / len(stated)
    measured.counts[f"{field}, right where stated"] = f"{len(stated)} of {len(found)} pages"
    measured.figures[f"{field}, found where marked"] = right / len(marked)
    measured.counts[f"{field}, found where marked"] = f"{len(marked)} of {len(found)} pages"


def _add_confidence(measured: Measured, found: Sequence[Case]) -> None:
    """Each case by the shares of the other folds."""
    judged: list[tuple[float, bool]] = []
    for fold in range(FOLDS):
        cells = counted(case for case in found if case.fold != fold)
        for case in found:
            right, pages = cells.get(case.cell, (0, 0))
            if case.fold == fold and case.right is not None and pages >= FEWEST_PAGES:
                judged.append((share(right, pages), case.right))
    name = "confidence, right ones ranked above others, sites left out"
    measured.figures[name] = area_under_curve(
        [chance for chance, _ in judged], [right for _, right in judged]
    )
    measured.counts[name] = f"{len(judged)} fields"
    sure = [right for chance, right in judged if chance >= _SURE]
    name = f"confidence {_SURE} or more, share that was right, sites left out"
    measured.figures[name] = sum(sure) / len(sure)
    measured.counts[name] = f"{len(sure)} fields"
    for low, high in ((0.0, 0.6), (0.6, 0.8), (0.8, 0.9), (0.9, 0.95), (0.95, 1.0)):
        within = [(chance, right) for chance, right in judged if low <= chance < high]
        if within:
            said, was = (sum(column) / len(within) for column in zip(*within, strict=True))
            measured.notes.append(
                f"  said {said:.2f}, was {was:.2f}: {len(within)} fields from {low} to {high}"
            )


# Two of the pages measured: which headline is shown hangs on the blocks that a new model takes.
PART = Part(measure, tolerance=0.008)
