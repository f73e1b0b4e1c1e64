"""How many attributions of annotated news are found, and how many of those found are right.

The annotated articles stand beside the checkout, with their scorer. The floors lie two points under what was
measured when the rules were written (direct quotations: precision .886, F1 .782 on dev) and when the tagger was
trained (services/extractor/model/CARD.md): a change that costs more is a regression that no single case may show.
"""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

import pytest

from quality.claims.polnear import POLNEAR, read
from services.extractor import reader
from services.extractor.tagger.loading import tagger_of
from services.extractor.tagger.manifest import verified
from services.extractor.training.scoring import scorer
from tests.real.parts import beside

FOLDER = Path(reader.__file__).parent / "model"
MIN_PRECISION = 0.866
MIN_F1 = 0.762
# With the tagger, on every fourth article: half a minute for all of them is too long for `make check`, and
# `make quality` reads them all.
FOURTH = 4
TAGGER_FLOORS = {"overlap": 0.75, "direct.overlap": 0.90, "content": 0.79}


@pytest.fixture(scope="module")
def corpus() -> ModuleType:
    """The corpus's own scorer."""
    beside(POLNEAR)
    return scorer(POLNEAR)


def test_direct_quotations_of_annotated_news_are_found_by_rules_alone(corpus: ModuleType) -> None:
    precision, _recall, f1 = read(corpus, None).measures["direct.overlap"]
    assert precision >= MIN_PRECISION
    assert f1 >= MIN_F1


def test_with_the_tagger_what_annotators_found_is_found(corpus: ModuleType) -> None:
    found = read(corpus, tagger_of(verified(FOLDER)), FOURTH).measures
    low = {name: found[name][2] for name, floor in TAGGER_FLOORS.items() if found[name][2] < floor}
    assert low == {}
