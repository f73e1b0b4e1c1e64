"""What ``python -m quality --part claims`` measures: the structural layer, and the reading with and without tagger."""

from __future__ import annotations

from datetime import date

from quality.claims import polnear
from quality.claims.cues import tally_cues
from quality.claims.matching import Tally, tally
from quality.claims.own_voice import LEAST_STATED, tally_statements
from quality.claims.wanted import WantedArticle, articles, seed
from quality.part import BESIDE, Measured, Part
from services.extractor.handler import extract
from services.extractor.reader import reader_of
from services.extractor.settings import BUILTIN
from services.extractor.structure import About, structure
from services.extractor.tagged import Tagged
from services.extractor.tagger.tagger import Tagger
from shared.contracts.enums import Kind

SEED = BESIDE / "seed"


def measure() -> Measured:
    """On gold spans the structural layer alone; end to end with the rules alone, and with the tagger."""
    measured = Measured()
    ours = articles()
    _sets(measured, "articles", ours)
    if SEED.is_dir():
        _sets(measured, "seed", [seed(SEED)])
    else:
        measured.absent.append("there is no ../shared/seed beside the checkout")
    polnear.measure(measured)
    return measured


def on_gold_spans(article: WantedArticle, into: Tally) -> None:
    tagged = [Tagged(one.content, one.cue, one.source, 1.0) for one in article.claims if not one.headline]
    published = date.fromisoformat(article.published_at[:10]) if article.published_at else None
    tally(into, article, structure(article.text, tagged, About(article.title, article.publisher, published)))
    tally_cues(into, article)


def with_the_tagger(article: WantedArticle, into: Tally) -> None:
    end_to_end(article, into, reader_of(BUILTIN).tagger)


def end_to_end(article: WantedArticle, into: Tally, tagger: Tagger | None = None) -> None:
    found = extract(
        article.text,
        language="en",
        title=article.title,
        published_at=article.published_at,
        publisher=article.publisher,
        tagger=tagger,
        statements=LEAST_STATED,
    )
    attributed = [claim for claim in found.claims if claim.kind is not Kind.STATEMENT]
    own = [claim for claim in found.claims if claim.kind is Kind.STATEMENT]
    tally(into, article, attributed)
    tally_statements(into, article, own)


def _sets(measured: Measured, name: str, given: list[WantedArticle]) -> None:
    for how, run in (
        ("gold spans", on_gold_spans),
        ("end to end", end_to_end),
        ("with the tagger", with_the_tagger),
    ):
        result = Tally()
        for article in given:
            run(article, result)
        for aspect in sorted(result.wanted):
            if how == "gold spans" and aspect == "claims":
                continue
            precision, recall, f1 = result.scores(aspect)
            figure = f"{name}, {how}: {aspect}"
            measured.figures[figure] = f1
            if aspect.startswith("relation"):
                measured.figures[f"{figure}, precision"] = precision
            right, found, wanted = (
                counter[aspect] for counter in (result.right, result.found, result.wanted)
            )
            measured.counts[figure] = (
                f"P {precision:.3f} R {recall:.3f}  {right} right, {found} found, {wanted} wanted"
            )
        for pattern, wanted in sorted(result.pattern_wanted.items()):
            figure = f"{name}, {how}: pattern {pattern}"
            measured.figures[figure] = result.pattern_right[pattern] / wanted
            measured.counts[figure] = f"{result.pattern_right[pattern]} of {wanted}"


PART = Part(measure, tolerance=0.005)
