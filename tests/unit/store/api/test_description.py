"""The committed OpenAPI description is the one that is served, and places in an order are read as they are written."""

from __future__ import annotations

import json
from typing import Any

import pytest

from services.store.api import description
from services.store.api.answers import has
from services.store.api.app import Parts, application
from services.store.api.parameters import cursor_of, place_of
from services.store.api.reading import Reader
from services.store.api.settings import ApiSettings


@pytest.fixture(scope="module")
def document() -> Any:
    nothing: Any = None
    return json.loads(description.text_of(application(ApiSettings(), Parts(Reader(nothing, 1)))))


def test_the_committed_description_is_fresh(document: Any) -> None:
    committed = json.loads(description.FILE.read_text(encoding="utf-8"))
    assert committed == document, "run `make schemas` and commit services/store/api/openapi.json"


def test_it_is_openapi_3_1_and_every_reference_is_there(document: Any) -> None:
    assert document["openapi"] == "3.1.0"
    for reference in _references(document):
        target = document
        for step in reference.removeprefix("#/").split("/"):
            target = target[step]


def test_every_question_says_what_its_errors_are_and_all_of_them_are_problems(document: Any) -> None:
    for path, operations in document["paths"].items():
        assert operations.keys() == {"get"}, path
        if path.startswith("/v1/"):
            assert {"400", "401", "429", "503"} <= operations["get"]["responses"].keys(), path
            assert operations["get"]["security"] == [{"token": []}, {}]
    for answer in document["components"]["responses"].values():
        assert answer["content"].keys() == {"application/problem+json"}


def test_a_cursor_is_the_place_that_it_was_made_from() -> None:
    claim = "4f1c0d5e-8f0b-5a3c-9d8e-2b7a6c5d4e3f"
    for seen in ("2026-03-01T00:01:00.000000Z", "1970-01-01T00:00:00.000001Z", "2026-12-31T23:59:59.999999Z"):
        assert place_of(cursor_of(seen, claim)) == (seen, claim)


@pytest.mark.parametrize(
    ("header", "held"),
    [
        (None, False),
        ("", False),
        ("*", True),
        ('"a"', True),
        ('W/"a"', True),
        ('"b", "a"', True),
        ('"b"', False),
        ("a", False),
    ],
)
def test_if_none_match_is_compared_weakly(header: str | None, held: bool) -> None:
    assert has(header, '"a"') is held


def _references(node: Any) -> list[str]:
    if isinstance(node, list):
        return [found for one in node for found in _references(one)]
    if not isinstance(node, dict):
        return []
    own = [node["$ref"]] if isinstance(node.get("$ref"), str) else []
    return own + [found for one in node.values() for found in _references(one)]
