"""The seed: an article as scraped and the text that is in it, in the evaluation set beside the checkout."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from tests.real.parts import SHARED, beside

SEED = SHARED / "seed"


@dataclass(frozen=True)
class Seed:
    """``scraped``: every line of the page; ``article``: the article's text."""

    scraped: str
    article: str


@pytest.fixture(scope="session")
def seed() -> Seed:
    """In CI it must be there; elsewhere the run says at its end that it could not check it."""
    beside(SEED)
    scraped = (SEED / "moscow-times.txt").read_text(encoding="utf-8")
    return Seed(scraped, (SEED / "article.txt").read_text(encoding="utf-8").removesuffix("\n"))
