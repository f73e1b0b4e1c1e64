"""``python -m quality --part cleaner``: the shipped cleaner on the marked pages beside the checkout.

Two kinds of figures. Those named "sites left out" were measured when the model was trained, by models that had not
seen the page's site, and are in the model file: they are what to expect elsewhere. The others are measured now, with
the shipped model, which has learned from two of the three sets: they say whether a change broke something, and only
those of readability-dev, which nothing was learned from, say how good it is.
"""

from __future__ import annotations

from collections.abc import Iterable

from quality.cleaner import fates
from quality.part import BESIDE, Measured, Part
from services.cleaner.blocks.model import load
from services.cleaner.blocks.walk import walk
from services.cleaner.body import parse
from services.cleaner.confidence import confidence_of
from services.cleaner.shingles import Score, benchmark
from services.cleaner.training.corpus import MarkedPage, read_pages
from services.cleaner.training.honest import Outcome, area_under_curve, lines_text, page_outcome

_SETS = BESIDE / "data" / "article-extraction"
_LEARNED = ("scrapinghub-dev", "wx-dev")
_UNSEEN = "readability-dev"
# The whole of wx-dev takes a minute, every fourth page of it says as much.
_EVERY = {"wx-dev": 4}
_SURE = 0.9


def measure() -> Measured:
    measured = Measured()
    outcomes: list[Outcome] = []
    for name in (*_LEARNED, _UNSEEN):
        if not (_SETS / name).is_dir():
            measured.absent.append(f"../shared/data/article-extraction/{name} is not beside the checkout")
            continue
        pages = list(read_pages(_SETS / name))[:: _EVERY.get(name, 1)]
        found = [page_outcome(page.html, page.article) for page in pages]
        score = benchmark((outcome.article, outcome.text) for outcome in found)
        _add(measured, f"{name} F1" + (", learned from" if name in _LEARNED else ""), score, len(pages))
        outcomes += found
        if name == _UNSEEN:
            _add(measured, f"{name} as plain lines F1", _of_lines(pages), len(pages))
    _add_fates(measured, outcomes)
    if not measured.absent:
        _add_confidence(measured, outcomes)
    measured.figures |= load().figures
    return measured


def _add(measured: Measured, name: str, score: Score, pages: int) -> None:
    measured.figures[name] = score.f1
    measured.counts[name] = f"{pages} pages, P {score.precision:.3f} R {score.recall:.3f}"


def _of_lines(pages: Iterable[MarkedPage]) -> Score:
    """Each block a line, in the page's order, and nothing else of the tree."""
    return benchmark(
        (page.article, lines_text([block.text for block in walk(parse(page.html)).blocks])) for page in pages
    )


def _add_fates(measured: Measured, outcomes: list[Outcome]) -> None:
    cases = fates.cases()
    measured.figures |= fates.figures(cases)
    measured.notes += [
        f"  fate of {case.name}: {case.found}, not {case.wanted}"
        for case in cases
        if case.found != case.wanted
    ]
    if outcomes:
        refused = [outcome.fate for outcome in outcomes if outcome.fate]
        name = "fates, marked articles that stay articles"
        measured.figures[name] = 1 - len(refused) / len(outcomes)
        measured.counts[name] = f"{len(refused)} of {len(outcomes)} refused {sorted(refused)}"


def _add_confidence(measured: Measured, outcomes: list[Outcome]) -> None:
    scores = [confidence_of(outcome.signs, load().confidence) for outcome in outcomes]
    well = [outcome.well for outcome in outcomes]
    measured.figures["confidence, pages that went well ranked above others"] = area_under_curve(scores, well)
    sure = [fine for score, fine in zip(scores, well, strict=True) if score >= _SURE]
    name = "confidence .9 or more, share that went well"
    measured.figures[name] = sum(sure) / len(sure)
    measured.counts[name] = f"{len(sure)} of {len(scores)} pages"
    for low in (0.0, 0.5, 0.7, 0.8, 0.9, 0.95):
        near = [fine for score, fine in zip(scores, well, strict=True) if score >= low]
        measured.notes.append(
            f"  confidence from {low:.2f}: {len(near)} pages, {sum(near) / max(1, len(near)):.3f} well"
        )


PART = Part(measure, tolerance=0.003)
