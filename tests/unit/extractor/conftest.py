"""The seed's article and its claims, in the evaluation set beside the checkout."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.real.parts import MISSING

SEED = Path(__file__).parents[4] / "shared" / "seed"


@dataclass(frozen=True)
class SeedClaims:
    """``article``: cleaned text; ``claims``: what is claimed in it, by number."""

    article: str
    claims: dict[int, dict[str, Any]]


@pytest.fixture(scope="session")
def seed_claims(pytestconfig: pytest.Config) -> SeedClaims:
    """In CI it must be there; elsewhere the run says at its end that it could not check it."""
    if not SEED.is_dir():
        reason = "there is no ../shared/seed beside the checkout"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytestconfig.stash[MISSING]["seed"] = reason
        pytest.skip(reason)
    claims = json.loads((SEED / "claims.json").read_text(encoding="utf-8"))["claims"]
    article = (SEED / "article.txt").read_text(encoding="utf-8").removesuffix("\n")
    return SeedClaims(article, {claim["n"]: claim for claim in claims})
