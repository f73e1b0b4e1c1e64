"""What the rules find in single sentences and paragraphs: the cases are in tests/data/extractor."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from services.extractor.handler import extract
from shared.contracts.events import ExtractedClaim
from shared.contracts.parts import Part

CASES = Path(__file__).parents[2] / "data" / "extractor"


def load(name: str) -> list[Any]:
    cases: list[Any] = json.loads((CASES / name).read_text(encoding="utf-8"))
    return [pytest.param(case, id=case["name"]) for case in cases]


def slices(part: Part | None, text: str) -> list[str]:
    return [text[start:end] for start, end in part.spans] if part is not None else []


def observed(claim: ExtractedClaim, text: str, field: str) -> Any:
    if field in {"content", "cue", "source"}:
        return slices(getattr(claim, field), text)
    if field in {"name", "role", "type", "anonymous"}:
        return getattr(claim.source, field)
    if field == "closeness":
        return claim.chain[-1].closeness
    if field == "relay":
        return next((link.text for link in claim.chain if link.as_ == "relay"), None)
    value = getattr(claim, field)
    return list(value) if isinstance(value, tuple) else value


@pytest.mark.parametrize("case", load("quotations.json"))
def test_a_quotation_is_found_with_its_cue_and_source(case: dict[str, Any]) -> None:
    text = case["text"]
    claims = extract(text, language="en", title=None, publisher=None, site="example.org").claims
    found = [
        {field: observed(claim, text, field) for field in wanted}
        for claim, wanted in zip(claims, case["claims"], strict=False)
    ]
    assert found == case["claims"]
    assert len(claims) == len(case["claims"])


@pytest.mark.parametrize("case", load("no_quotations.json"))
def test_what_nobody_is_said_to_have_said_is_no_quotation(case: dict[str, Any]) -> None:
    claims = extract(case["text"], language="en", title=None, publisher=None, site=None).claims
    assert [claim.content.text for claim in claims if claim.kind == "quote"] == []
