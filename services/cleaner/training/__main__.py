"""``python -m services.cleaner.training --data DIR``: from marked pages to the model file, with honest figures.

DIR holds ``scrapinghub-dev`` and ``wx-dev`` (ground-truth.json and html/), to learn from. The figures are of text that
was chosen by trees which have not seen the page's site: five folds by ``sha256(host) % 5``. They go into the model
file, which itself has learned from all. About a quarter of an hour on an idle core; the same input gives the same file.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from services.cleaner.blocks.model import FILE, packed
from services.cleaner.confidence import confidence_of
from services.cleaner.shingles import benchmark
from services.cleaner.training.corpus import FOLDS, read_pages
from services.cleaner.training.fit import train
from services.cleaner.training.honest import (
    Outcome,
    area_under_curve,
    confidence_weights,
    lines_text,
    page_outcome,
)
from services.cleaner.training.samples import Prepared, prepare

# How much a page of each set weighs: the first is marked more carefully, and by the rules of the benchmark.
SETS = {"scrapinghub-dev": 4.0, "wx-dev": 1.0}
BLOCKS = Path(__file__).parents[1] / "blocks"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m services.cleaner.training", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the folder with the marked sets")
    parser.add_argument(
        "--out", type=Path, default=BLOCKS / FILE, help="the model file (default: the product's)"
    )
    options = parser.parse_args()
    sets = {
        name: [prepare(page, times) for page in read_pages(options.data / name) if page.fold is not None]
        for name, times in SETS.items()
    }
    figures: dict[str, float] = {}
    outcomes = _pages_out_of_fold(sets, figures)
    _lines_out_of_fold(sets, figures)
    weights = confidence_weights(outcomes)
    figures["confidence, area under the curve"] = area_under_curve(
        [confidence_of(outcome.signs, weights) for outcome in outcomes],
        [outcome.well for outcome in outcomes],
    )
    everything = [page for pages in sets.values() for page in pages]
    content = packed(
        train([page.tree for page in everything]),
        train([sample for page in everything for sample in page.lines]),
        weights,
        figures,
    )
    options.out.write_bytes(content)
    for name, figure in figures.items():
        print(f"{name:50} {figure:.4f}")
    print(f"{options.out}: {len(content):,} bytes")
    return 0


def _pages_out_of_fold(sets: dict[str, list[Prepared]], figures: dict[str, float]) -> list[Outcome]:
    outcomes: dict[str, list[Outcome]] = {name: [] for name in sets}
    for fold, rest in _folds(sets):
        stages = train([page.tree for page in rest])
        for name, pages in sets.items():
            outcomes[name] += [
                page_outcome(page.html, page.article, stages) for page in pages if page.tree.fold == fold
            ]
    for name, found in outcomes.items():
        score = benchmark((outcome.article, outcome.text) for outcome in found)
        figures[f"{name} F1, sites left out"] = score.f1
    return [outcome for found in outcomes.values() for outcome in found]


def _lines_out_of_fold(sets: dict[str, list[Prepared]], figures: dict[str, float]) -> None:
    texts: dict[str, list[tuple[str, str]]] = {name: [] for name in sets}
    for fold, rest in _folds(sets):
        stages = train([sample for page in rest for sample in page.lines])
        for name, pages in sets.items():
            texts[name] += [
                (page.article, lines_text(page.texts, stages)) for page in pages if page.tree.fold == fold
            ]
    for name, pairs in texts.items():
        figures[f"{name} as plain lines F1, sites left out"] = benchmark(pairs).f1


def _folds(sets: dict[str, list[Prepared]]) -> Sequence[tuple[int, list[Prepared]]]:
    pages = [page for found in sets.values() for page in found]
    return [(fold, [page for page in pages if page.tree.fold != fold]) for fold in range(FOLDS)]


if __name__ == "__main__":
    sys.exit(main())
