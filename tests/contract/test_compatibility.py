"""The committed schemas against those of the last release (``tests/data/contract-baseline``).

At a release: ``cp shared/contracts/schemas/*.json tests/data/contract-baseline/``.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from shared.contracts.compat import breaking, same_structure
from tests.contract.committed import BASELINE, schema

NAMES = sorted(path.stem for path in BASELINE.glob("*.json"))


@pytest.mark.parametrize("name", NAMES)
def test_a_schema_breaks_nobody_who_built_on_the_last_release(name: str) -> None:
    changes = breaking(name, schema(name, BASELINE), schema(name))
    assert not changes, "a breaking change is a new topic (CONTRACTS, Compatibility):\n" + "\n".join(changes)


@pytest.mark.parametrize("name", NAMES)
def test_an_addition_raises_the_minor_number_that_dataschema_names(name: str) -> None:
    before, now = schema(name, BASELINE), schema(name)
    assert same_structure(before, now) or before["$id"] != now["$id"], (
        f"{name}: the schema has additions; raise its minor in shared/contracts/registry.py"
    )


def _change(path: str, edit: Callable[[dict[str, Any]], None]) -> tuple[dict[str, Any], dict[str, Any]]:
    """A claim's schema before and after ``edit`` of the part at ``path``."""
    before = schema("claim")
    after = copy.deepcopy(before)
    node = after
    for step in filter(None, path.split("/")):
        node = node[step]
    edit(node)
    return before, after


BREAKS: list[tuple[str, Callable[[dict[str, Any]], Any], str]] = [
    ("$defs/Content/properties", lambda p: p.pop("spans"), "claim: field content.spans removed"),
    ("properties", lambda p: p.pop("labels"), "claim: field labels removed"),
    (
        "properties",
        lambda p: p.update(revision={"type": "string"}),
        "claim: field revision changed its type from integer to string",
    ),
    (
        "properties",
        lambda p: p.update(claim_id={"anyOf": [{"type": "string"}, {"type": "null"}]}),
        "claim: field claim_id changed its type from string to null or string",
    ),
    ("", lambda s: s["required"].append("labels"), "claim: field labels became required"),
    ("", lambda s: s["required"].remove("revision"), "claim: field revision became optional"),
    (
        "",
        lambda s: (s["properties"].update(new={"type": "string"}), s["required"].append("new")),
        "claim: field new is new and required",
    ),
    (
        "$defs/Stance",
        lambda s: s["x-known-values"].remove("denies"),
        "claim: field stance lost the value 'denies'",
    ),
    (
        "properties/confidence",
        lambda f: f.update(maximum=0.5),
        "claim: field confidence narrowed: maximum 0.5",
    ),
    (
        "properties/confidence",
        lambda f: f.update(minimum=0.1),
        "claim: field confidence narrowed: minimum 0.1",
    ),
    ("properties/claim_id", lambda f: f.update(pattern="^x"), "claim: field claim_id narrowed: pattern ^x"),
    (
        "$defs/ArticleRef",
        lambda s: s.update(additionalProperties=False),
        "claim: field article refuses unknown fields",
    ),
    (
        "$defs/ArticleRef/properties/copies",
        lambda f: f.update(default=0),
        "claim: field article.copies changed its default from 1 to 0",
    ),
    (
        "$defs/Part/properties/spans/items",
        lambda f: f.update(prefixItems=[{"type": "integer"}]),
        "claim: field cue.spans[] has 1 places instead of 2",
    ),
    (
        "$defs/Relation/properties",
        lambda p: p.update(confidence={"type": "integer"}),
        "claim: field relations[].confidence changed its type from number to integer",
    ),
]


@pytest.mark.parametrize(("path", "edit", "named"), BREAKS, ids=[named for _, _, named in BREAKS])
def test_a_breaking_change_is_named(path: str, edit: Callable[[dict[str, Any]], None], named: str) -> None:
    before, after = _change(path, edit)
    changes = breaking("claim", before, after)
    assert any(change.startswith(named) for change in changes), changes
    assert not same_structure(before, after)


ADDITIONS: dict[str, tuple[str, Callable[[dict[str, Any]], Any]]] = {
    "an optional field": ("properties", lambda p: p.update(new={"type": "string", "default": ""})),
    "an optional field of a part": (
        "$defs/Source/properties",
        lambda p: p.update(wikidata={"type": "string"}),
    ),
    "a known enum value": ("$defs/Kind", lambda s: s["x-known-values"].append("headline")),
    "a wider limit": ("properties/confidence", lambda f: f.update(maximum=2)),
}


@pytest.mark.parametrize("name", ADDITIONS)
def test_an_addition_breaks_nobody_but_is_seen(name: str) -> None:
    before, after = _change(*ADDITIONS[name])
    assert breaking("claim", before, after) == []
    assert not same_structure(before, after)


def test_words_that_describe_are_no_change() -> None:
    before, after = _change("", lambda s: s.update(description="other words", title="Other"))
    after["$defs"]["Content"]["description"] = "other words"
    assert breaking("claim", before, after) == []
    assert same_structure(before, after)


def test_a_model_that_refers_to_itself_ends() -> None:
    tree = {
        "$defs": {"T": {"type": "object", "properties": {"t": {"$ref": "#/$defs/T"}}}},
        "$ref": "#/$defs/T",
    }
    assert breaking("tree", tree, copy.deepcopy(tree)) == []
    assert same_structure(tree, copy.deepcopy(tree))
