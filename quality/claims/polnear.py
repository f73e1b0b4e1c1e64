"""Direct and indirect quotations of annotated news, by the corpus's own scorer, which stands beside the checkout."""

from __future__ import annotations

import gzip
import json
from itertools import islice
from types import ModuleType
from typing import NamedTuple

from quality.claims.own_voice import LEAST_STATED
from quality.claims.reliability import Judged, agreement, lines
from quality.part import BESIDE, Measured
from services.extractor.handler import extract
from services.extractor.reader import reader_of
from services.extractor.settings import BUILTIN
from services.extractor.tagger.tagger import Tagger
from services.extractor.training.scoring import scorer
from shared.contracts.enums import Kind

POLNEAR = BESIDE / "data" / "polnear"
_MEASURES = {"direct.overlap": "direct overlap", "overlap": "overlap"}


def measure(into: Measured) -> None:
    """With the rules alone, and with the tagger."""
    if not (POLNEAR / "dev.jsonl.gz").is_file():
        into.absent.append("there is no ../shared/data/polnear beside the checkout")
        return
    score = scorer(POLNEAR)
    _measure(into, score, "PolNeAR dev", None)
    _measure(into, score, "PolNeAR dev, with the tagger", reader_of(BUILTIN).tagger)


def _measure(into: Measured, score: ModuleType, set_: str, tagger: Tagger | None) -> None:
    seen = read(score, tagger)
    for measure_, name in _MEASURES.items():
        precision, recall, f1 = seen.measures[measure_]
        into.figures[f"{set_}, {name}, precision"] = precision
        into.figures[f"{set_}, {name}, F1"] = f1
        into.counts[f"{set_}, {name}, F1"] = f"recall {recall:.4f}"
    into.figures[f"{set_}, confidence, agreement"] = agreement(seen.claims)
    into.figures[f"{set_}, statements, own voice"] = sum(seen.statements) / max(1, len(seen.statements))
    into.counts[f"{set_}, statements, own voice"] = f"{sum(seen.statements)} of {len(seen.statements)}"
    into.curves += lines(set_, seen.claims)


class Seen(NamedTuple):
    """``measures``: precision, recall and F1 of each measure of the scorer; ``claims``: what each said of itself and
    whether it was right; ``statements``: of each whether annotators gave no part of it to anybody."""

    measures: dict[str, tuple[float, float, float]]
    claims: list[Judged]
    statements: list[bool]


def read(score: ModuleType, tagger: Tagger | None, step: int = 1) -> Seen:
    """Every ``step``-th article of dev, read with a tagger or by the rules alone and compared with its annotators."""
    counts = []
    judged: list[Judged] = []
    stated: list[bool] = []
    with gzip.open(POLNEAR / "dev.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in islice(lines, 0, None, step):
            article = json.loads(line)
            text = score.Article(article["text"])
            every = extract(article["text"], language="en", tagger=tagger, statements=LEAST_STATED).claims
            claims = [claim for claim in every if claim.kind is not Kind.STATEMENT]
            found = [
                {role: [list(span) for span in part.spans] if part else [] for role, part in parts.items()}
                for parts in ({"source": c.source, "cue": c.cue, "content": c.content} for c in claims)
            ]
            gold = score.prepare(text, article["attributions"])
            own = score.prepare(text, found)
            counts.append(score.score_article(text, gold, own))
            judged += [
                Judged(claim.confidence, any(score.ok_overlap(g, one) for g in gold))
                for claim, one in zip(claims, own, strict=True)
            ]
            theirs = {at for g in gold for role in ("source", "cue", "content") for at in g[role]}
            stated += [
                not theirs & text.tokens(list(claim.content.spans))
                for claim in every
                if claim.kind is Kind.STATEMENT
            ]
    return Seen({name: score.prf(sums) for name, sums in score.total(counts).items()}, judged, stated)
