"""``python -m services.cleaner.training --data DIR``: from marked pages to the model file, with honest figures.

DIR holds ``scrapinghub-dev`` and ``wx-dev`` (ground-truth.json and html/), to learn from. The figures are of text that
was chosen by trees which have not seen the page's site: five folds by ``sha256(host) % 5``. They go into the model
file, which itself has learned from all. Seven minutes of CPU, in as many processes as there are cores; the same input
gives the same file.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from itertools import repeat
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from services.cleaner.blocks.model import FILE, TwoStages, load, packed
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
from services.cleaner.training.samples import Prepared, Sample, prepare

# How much a page of each set weighs: the first is marked more carefully, and by the rules of the benchmark.
SETS = {"scrapinghub-dev": 4.0, "wx-dev": 1.0}
_SURE = 0.9
_CHUNK = 8  # pages a process takes at once: the trees go with each
BLOCKS = Path(__file__).parents[1] / "blocks"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m services.cleaner.training", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the folder with the marked sets")
    parser.add_argument(
        "--out", type=Path, default=BLOCKS / FILE, help="the model file (default: the product's)"
    )
    parser.add_argument(
        "--part", choices=("pages", "lines"), help="train this alone; the rest stays as the product has it"
    )
    options = parser.parse_args()
    known = load()
    pages, lines, weights = known.pages, known.lines, known.confidence
    figures = dict(known.figures) if options.part else {}
    # Processes, not threads: a page is measured in Python. What each does is a few pages or one training, in one order,
    # so that the result is one.
    with ProcessPoolExecutor(mp_context=get_context("forkserver")) as pool:
        sets = {name: _prepared(options.data / name, times, pool) for name, times in SETS.items()}
        if options.part != "lines":
            pages, weights = _learn_pages(sets, figures, pool)
        if options.part != "pages":
            lines = _learn_lines(sets, figures, pool)
    content = packed(pages, lines, weights, figures)
    options.out.write_bytes(content)
    for name, figure in figures.items():
        print(f"{name:50} {figure:.4f}")
    print(f"{options.out}: {len(content):,} bytes")
    return 0


def _learn_pages(
    sets: dict[str, list[Prepared]], figures: dict[str, float], pool: Executor
) -> tuple[TwoStages, NDArray[np.float64]]:
    """The stages, and the weights of the confidence."""
    whole, *by_fold = _submit(sets, lambda page: [page.tree], pool)
    outcomes = _pages_out_of_fold(sets, by_fold, figures, pool)
    weights = confidence_weights(outcomes)
    _rate_confidence(outcomes, weights, figures)
    return whole.result(), weights


def _learn_lines(sets: dict[str, list[Prepared]], figures: dict[str, float], pool: Executor) -> TwoStages:
    whole, *by_fold = _submit(sets, lambda page: page.lines, pool)
    _lines_out_of_fold(sets, by_fold, figures, pool)
    return whole.result()


def _submit(
    sets: dict[str, list[Prepared]], samples: Callable[[Prepared], list[Sample]], pool: Executor
) -> list[Future[TwoStages]]:
    """The trainings on all pages, and on those outside of each fold."""
    pages = [page for found in sets.values() for page in found]
    left = [pages, *([page for page in pages if page.tree.fold != fold] for fold in range(FOLDS))]
    return [pool.submit(train, [sample for page in some for sample in samples(page)]) for some in left]


def _rate_confidence(
    outcomes: Sequence[Outcome], weights: NDArray[np.float64], figures: dict[str, float]
) -> None:
    scores = [confidence_of(outcome.signs, weights) for outcome in outcomes]
    well = [outcome.well for outcome in outcomes]
    sure = [fine for score, fine in zip(scores, well, strict=True) if score >= _SURE]
    figures["confidence, area under the curve, sites left out"] = area_under_curve(scores, well)
    figures["confidence .9 or more, share that went well, sites left out"] = sum(sure) / max(1, len(sure))


def _prepared(folder: Path, times: float, pool: Executor) -> list[Prepared]:
    pages = [page for page in read_pages(folder) if page.fold is not None]
    _say(f"{folder.name}: {len(pages)} pages")
    return list(pool.map(prepare, pages, repeat(times), chunksize=_CHUNK))


def _pages_out_of_fold(
    sets: dict[str, list[Prepared]],
    trained: Sequence[Future[TwoStages]],
    figures: dict[str, float],
    pool: Executor,
) -> list[Outcome]:
    outcomes: dict[str, list[Outcome]] = {name: [] for name in sets}
    for fold, stages in enumerate(future.result() for future in trained):
        _say(f"pages, fold {fold + 1} of {FOLDS}")
        for name, pages in sets.items():
            held = [page for page in pages if page.tree.fold == fold]
            asked = [page.html for page in held], [page.article for page in held], repeat(stages)
            outcomes[name] += pool.map(page_outcome, *asked, chunksize=_CHUNK)
    for name, found in outcomes.items():
        score = benchmark((outcome.article, outcome.text) for outcome in found)
        figures[f"{name} F1, sites left out"] = score.f1
    return [outcome for found in outcomes.values() for outcome in found]


def _lines_out_of_fold(
    sets: dict[str, list[Prepared]],
    trained: Sequence[Future[TwoStages]],
    figures: dict[str, float],
    pool: Executor,
) -> None:
    texts: dict[str, list[tuple[str, str]]] = {name: [] for name in sets}
    for fold, stages in enumerate(future.result() for future in trained):
        _say(f"lines, fold {fold + 1} of {FOLDS}")
        for name, pages in sets.items():
            held = [page for page in pages if page.tree.fold == fold]
            found = pool.map(lines_text, [page.texts for page in held], repeat(stages), chunksize=_CHUNK)
            texts[name] += zip([page.article for page in held], found, strict=True)
    for name, pairs in texts.items():
        figures[f"{name} as plain lines F1, sites left out"] = benchmark(pairs).f1


def _say(what: str) -> None:
    print(what, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
