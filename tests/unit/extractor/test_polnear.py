"""How many direct quotations of annotated news are found, and how many of those found are right.

The annotated articles stand beside the checkout, with their scorer. The floors lie two points under what was
measured when the rules were written (precision .886, F1 .782 on dev): a change of the rules that costs more
is a regression that no single case may show.
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

from services.extractor.handler import extract
from tests.real.parts import MISSING

POLNEAR = Path(__file__).parents[4] / "shared" / "data" / "polnear"
MIN_PRECISION = 0.866
MIN_F1 = 0.762


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


def predicted(text: str) -> list[dict[str, Any]]:
    claims = extract(text, language="en", title=None, publisher=None, site=None).claims
    return [
        {field: [list(span) for span in part.spans] if part else [] for field, part in parts.items()}
        for parts in ({"source": c.source, "cue": c.cue, "content": c.content} for c in claims)
    ]


def test_direct_quotations_of_annotated_news_are_found(scorer: ModuleType) -> None:
    with gzip.open(POLNEAR / "dev.jsonl.gz", "rt", encoding="utf-8") as lines:
        articles = [json.loads(line) for line in lines]
    counts = []
    for article in articles:
        read = scorer.Article(article["text"])
        gold = scorer.prepare(read, article["attributions"])
        counts.append(scorer.score_article(read, gold, scorer.prepare(read, predicted(article["text"]))))
    precision, _recall, f1 = scorer.prf(scorer.total(counts)["direct.overlap"])
    assert precision >= MIN_PRECISION
    assert f1 >= MIN_F1
