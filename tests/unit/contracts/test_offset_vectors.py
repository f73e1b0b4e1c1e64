"""Offsets as other languages count them: the vectors say what Python's own encoders say."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from shared.contracts.text import normalise
from tests.unit.contracts.vectors import load

CASES = load("offsets")
SPANS = Path(__file__).parents[3] / "examples" / "python" / "spans.py"


def python_example() -> ModuleType:
    spec = importlib.util.spec_from_file_location("spans", SPANS)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def units(text: str, encoding: str, width: int) -> int:
    return len(text.encode(encoding)) // width


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["what"])
def test_a_vector_is_right(case: dict[str, Any]) -> None:
    text = case["text"]
    assert normalise(text) == text, "it is a cleaned text"
    for part in case["parts"]:
        assert python_example().slices(text, part["spans"]) == part["slices"]
        for name, encoding, width in (("utf16", "utf-16-le", 2), ("utf8", "utf-8", 1)):
            assert part[name] == [
                [units(text[:offset], encoding, width) for offset in span] for span in part["spans"]
            ]


def test_the_vectors_tell_the_three_counts_apart() -> None:
    parts = [part for case in CASES for part in case["parts"]]
    assert any(part["spans"] != part["utf16"] for part in parts)
    assert any(part["utf16"] != part["utf8"] for part in parts)
