"""The figures of a claim, against cases that were written before the rules."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from services.extractor.figures.figures import figures

CASES: list[dict[str, Any]] = json.loads(
    (Path(__file__).parents[2] / "data" / "extractor" / "figures.json").read_text()
)
PLAIN: dict[str, Any] = {"unit": None, "of": None, "approximate": False, "when": None}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"][:50])
def test_the_figures_of_a_content_are_read(case: dict[str, Any]) -> None:
    before = "He said "
    text = before + case["text"] + "."
    found = figures(text, [(len(before), len(text) - 1)])
    read = [
        {
            "text": one.text,
            "low": one.low,
            "high": one.high,
            "unit": one.unit,
            "of": one.of,
            "approximate": one.approximate,
            "when": one.when and one.when.text,
        }
        for one in found
    ]
    assert read == [PLAIN | figure for figure in case["figures"]]
    for one in found:
        assert text[slice(*one.span)] == one.text
        if one.when is not None:
            assert text[slice(*one.when.span)] == one.when.text
