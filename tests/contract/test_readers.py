"""Every example is read by every reader of its topic, today's and tomorrow's form of it."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest

from shared.contracts import codec, topics
from shared.contracts.codec import decoder_of
from shared.contracts.envelope import parse
from shared.contracts.events import ClaimChanged
from shared.contracts.page import CompressedPage
from shared.contracts.registry import THINGS, thing_of
from shared.topics_file import load_topics
from tests.contract.committed import EXAMPLE_NAMES, example, record_of, schema

UNKNOWN = "something-of-tomorrow"


def read(document: dict[str, Any]) -> Any:
    record = record_of(document)
    return decoder_of(record.topic)(record, parse(record.headers))


def test_every_topic_has_a_reader() -> None:
    for name in load_topics(routes=["conflict"]):
        if "!" not in name:
            assert callable(decoder_of(name))
            assert thing_of(name) in THINGS
    for unknown in ("nonsense", "claimsx"):
        with pytest.raises(KeyError):
            decoder_of(unknown)
        with pytest.raises(KeyError):
            thing_of(unknown)


@pytest.mark.parametrize("name", EXAMPLE_NAMES)
def test_an_example_is_read_and_written_again_as_it_was(name: str) -> None:
    document = example(name)
    decoded = read(document)
    if isinstance(decoded, CompressedPage):
        assert len(decoded.open()) == decoded.page.size
    elif decoded is None:
        assert document["topic"] == topics.CLAIMS
        assert document["value"] is None
    elif document.get("value") and name != "url-minimal":
        assert json.loads(codec.value_of(decoded)) == document["value"]


@pytest.mark.parametrize("name", EXAMPLE_NAMES)
def test_a_reader_ignores_fields_and_headers_that_it_does_not_know(name: str) -> None:
    document = example(name)
    newer = copy.deepcopy(document)
    newer["headers"]["ce_tomorrow"] = "x"
    newer["headers"]["tomorrow"] = "x"
    for node in list(_objects(newer.get("value"))):
        node["tomorrow"] = {"a": [1, None]}
    labelled = (
        "labels",
        "provenance",
        "confidence",
    )  # open maps by contract: whatever stands in them is theirs
    for node in list(_objects(newer.get("value"))):
        for field in labelled:
            if isinstance(node.get(field), dict):
                node[field].pop("tomorrow", None)
    assert read(newer) == read(document)


def test_an_unknown_enum_value_is_other_for_every_reader() -> None:
    tried = 0
    for name in EXAMPLE_NAMES:
        document = example(name)
        if not document.get("value"):
            continue
        for path in _enum_paths(schema(thing_of(document["topic"]).name), document["value"]):
            newer = copy.deepcopy(document)
            node = newer["value"]
            for step in path[:-1]:
                node = node[step]
            node[path[-1]] = UNKNOWN
            decoded: Any = json.loads(codec.value_of(read(newer)))
            for step in path:
                decoded = decoded[step]
            assert decoded == "other", path
            tried += 1
    assert tried > 40


def test_an_enum_value_of_another_type_is_no_unknown_value() -> None:
    for wrong in (1, None, True, ["quote"], {"a": 1}):
        document = example("claim")
        document["value"]["kind"] = wrong
        with pytest.raises(Exception, match="kind"):
            read(document)


def test_a_reader_does_not_slice_where_a_part_stands_in_something_unknown() -> None:
    document = example("claim")
    document["value"]["content"]["in"] = "caption"
    decoded = read(document)
    assert isinstance(decoded, ClaimChanged)
    assert decoded.content.in_ == "caption"


def _objects(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        yield node
        for child in list(node.values()):
            yield from _objects(child)
    elif isinstance(node, list):
        for child in node:
            yield from _objects(child)


def _enum_paths(root: dict[str, Any], value: Any) -> Iterator[tuple[str | int, ...]]:
    """Where in a value an open enum stands, by its schema."""

    def walk(
        node: dict[str, Any], value: Any, path: tuple[str | int, ...]
    ) -> Iterator[tuple[str | int, ...]]:
        if "$ref" in node:
            node = root["$defs"][node["$ref"].rpartition("/")[2]]
        if "x-known-values" in node:
            yield path
        for branch in node.get("anyOf", ()):
            if value is not None and branch.get("type") != "null":
                yield from walk(branch, value, path)
        for name, child in node.get("properties", {}).items():
            if isinstance(value, dict) and name in value:
                yield from walk(child, value[name], (*path, name))
        if isinstance(value, list) and isinstance(node.get("items"), dict):
            for index, item in enumerate(value):
                yield from walk(node["items"], item, (*path, index))

    yield from walk(root, value, ())
