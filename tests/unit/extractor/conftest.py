"""The seed's article and its claims, in the evaluation set beside the checkout."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import pytest

from tests.real.parts import SHARED, beside

SEED = SHARED / "seed"


@dataclass(frozen=True)
class SeedClaims:
    """``article``: cleaned text; ``claims``: what is claimed in it, by number."""

    article: str
    claims: dict[int, dict[str, Any]]


@pytest.fixture(scope="session")
def seed_claims() -> SeedClaims:
    """In CI it must be there; elsewhere the run says at its end that it could not check it."""
    beside(SEED)
    claims = json.loads((SEED / "claims.json").read_text(encoding="utf-8"))["claims"]
    article = (SEED / "article.txt").read_text(encoding="utf-8").removesuffix("\n")
    return SeedClaims(article, {claim["n"]: claim for claim in claims})
