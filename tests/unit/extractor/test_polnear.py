"""How many attributions of annotated news are found, and how many of those found are right.

The annotated articles stand beside the checkout, with their scorer. The floors lie two points under what was
measured when the rules were written (direct quotations: precision .886, F1 .782 on dev) and when the tagger was
trained (services/extractor/model/CARD.md): a change that costs more is a regression that no single case may show.
"""

from __future__ import annotations

import gzip
import json
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from services.extractor import reader
from services.extractor.handler import extract
from services.extractor.tagger.loading import tagger_of
from services.extractor.tagger.manifest import verified
from services.extractor.tagger.tagger import Tagger
from tests.real.parts import MISSING

FOLDER = Path(reader.__file__).parent / "model"
POLNEAR = Path(__file__).parents[4] / "shared" / "data" / "polnear"
MIN_PRECISION = 0.866
MIN_F1 = 0.762
# With the tagger, on every fourth article: half a minute for all of them is too long for `make check`, and
# `make quality` reads them all.
FOURTH = 4
TAGGER_FLOORS = {"overlap": 0.75, "direct.overlap": 0.90, "content": 0.79}


@pytest.fixture(scope="module")
def scorer(pytestconfig: pytest.Config) -> ModuleType:
    """The corpus's own scorer; where there is no corpus, the run says at its end what it could not do."""
    if not (POLNEAR / "score.py").is_file():
        reason = "there is no ../shared/data/polnear beside the checkout"
        pytestconfig.stash[MISSING]["polnear"] = reason
        pytest.skip(reason)
    spec = spec_from_file_location("polnear_score", POLNEAR / "score.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    written, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        spec.loader.exec_module(module)
    finally:
        sys.dont_write_bytecode = written
    return module


def predicted(text: str, tagger: Tagger | None) -> list[dict[str, Any]]:
    claims = extract(text, language="en", tagger=tagger).claims
    return [
        {field: [list(span) for span in part.spans] if part else [] for field, part in parts.items()}
        for parts in ({"source": c.source, "cue": c.cue, "content": c.content} for c in claims)
    ]


def measured(scorer: ModuleType, tagger: Tagger | None, step: int) -> dict[str, tuple[float, float, float]]:
    """Precision, recall and F1 of each measure on every `step`-th article of dev."""
    with gzip.open(POLNEAR / "dev.jsonl.gz", "rt", encoding="utf-8") as lines:
        articles = [json.loads(line) for line in lines][::step]
    counts = []
    for article in articles:
        read = scorer.Article(article["text"])
        gold = scorer.prepare(read, article["attributions"])
        found = predicted(article["text"], tagger)
        counts.append(scorer.score_article(read, gold, scorer.prepare(read, found)))
    return {name: scorer.prf(sums) for name, sums in scorer.total(counts).items()}


def test_direct_quotations_of_annotated_news_are_found_by_rules_alone(scorer: ModuleType) -> None:
    precision, _recall, f1 = measured(scorer, None, 1)["direct.overlap"]
    assert precision >= MIN_PRECISION
    assert f1 >= MIN_F1


def test_with_the_tagger_what_annotators_found_is_found(scorer: ModuleType) -> None:
    found = measured(scorer, tagger_of(verified(FOLDER)), FOURTH)
    low = {name: found[name][2] for name, floor in TAGGER_FLOORS.items() if found[name][2] < floor}
    assert low == {}
