"""The seed: an article as scraped and the text that is in it, in the evaluation set beside the checkout."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.real.parts import MISSING

SEED = Path(__file__).parents[4] / "shared" / "seed"


@dataclass(frozen=True)
class Seed:
    """``scraped``: every line of the page; ``article``: the article's text."""

    scraped: str
    article: str


@pytest.fixture(scope="session")
def seed(pytestconfig: pytest.Config) -> Seed:
    """In CI it must be there; elsewhere the run says at its end that it could not check it."""
    if not SEED.is_dir():
        reason = "there is no ../shared/seed beside the checkout"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytestconfig.stash[MISSING]["seed"] = reason
        pytest.skip(reason)
    scraped = (SEED / "moscow-times.txt").read_text(encoding="utf-8")
    return Seed(scraped, (SEED / "article.txt").read_text(encoding="utf-8").removesuffix("\n"))
