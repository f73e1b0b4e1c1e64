"""A page cannot take over another outlet's article by naming its URL."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from services.cleaner.canonical import article_url, site_of

CASES = json.loads((Path(__file__).parents[2] / "data" / "cleaner" / "canonical.json").read_text("utf-8"))


@pytest.mark.parametrize("case", CASES, ids=[case["why"] for case in CASES])
def test_rel_canonical_counts_only_within_the_site_and_never_as_a_root(case: dict[str, str | None]) -> None:
    assert article_url(str(case["final"]), case["rel"]) == (case["url"], case["hint"])


@pytest.mark.parametrize(
    ("url", "site"),
    [
        ("https://www.bbc.co.uk/news/1", "bbc.co.uk"),
        ("https://ann.github.io/a", "ann.github.io"),
        ("http://outlet.localhost:8000/a", "outlet.localhost"),
        ("http://127.0.0.1:8000/a", "127.0.0.1:8000"),
        ("http://[::1]/a", "[::1]"),
        ("https://intranet/a", "intranet"),
        ("urn:sha256:ab12", ""),
        ("", ""),
    ],
)
def test_the_site_is_the_registrable_domain_where_there_is_one(url: str, site: str) -> None:
    assert site_of(url) == site
