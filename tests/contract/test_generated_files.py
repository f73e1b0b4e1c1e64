from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from faststream.specification.asyncapi.v3_0_0.schema import ApplicationSchema
from jsonschema import Draft202012Validator

from shared.contracts import asyncapi, generate, samples, topics
from shared.contracts.registry import THINGS, thing_of
from shared.topics_file import load_topics
from tests.contract.committed import EXAMPLE_NAMES, example, schema


def test_the_committed_files_are_those_that_the_models_give() -> None:
    committed = {
        path.relative_to(generate.HERE).as_posix(): path.read_text(encoding="utf-8")
        for path in (*generate.HERE.glob("*/*.json"), generate.HERE / "asyncapi.yaml")
    }
    fresh = generate.generated()
    stale = sorted(name for name in committed.keys() | fresh.keys() if committed.get(name) != fresh.get(name))
    assert not stale, f"run `make schemas` and commit: {', '.join(stale)}"


def test_one_command_writes_what_differs_and_removes_what_is_no_more(tmp_path: Path) -> None:
    shutil.copytree(generate.HERE / "schemas", tmp_path / "schemas")
    (tmp_path / "schemas" / "claim.json").write_text("{}")
    (tmp_path / "schemas" / "old.json").write_text("{}")
    changed = generate.write(tmp_path)
    assert {"schemas/claim.json", "schemas/old.json", "asyncapi.yaml"} <= set(changed)
    assert "schemas/fate.json" not in changed
    assert not (tmp_path / "schemas" / "old.json").exists()
    assert generate.write(tmp_path) == []


@pytest.mark.parametrize("thing", THINGS, ids=lambda thing: thing.name)
def test_a_schema_is_json_schema_2020_12_with_an_id_of_its_own(thing: Any) -> None:
    document = schema(thing.name)
    Draft202012Validator.check_schema(document)
    assert document["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert document["$id"] == thing.schema_id
    assert document["x-topics"] == list(thing.topics)


@pytest.mark.parametrize("name", EXAMPLE_NAMES)
def test_an_example_is_valid_by_the_schema_that_it_names(name: str) -> None:
    document = example(name)
    thing = thing_of(document["topic"])
    headers = document["headers"]
    assert headers.get("ce_dataschema", thing.schema_id) == thing.schema_id
    assert headers.get("ce_type", thing.type) == thing.type
    if document.get("value"):
        Draft202012Validator(schema(thing.name)).validate(document["value"])


@pytest.mark.parametrize("name", EXAMPLE_NAMES)
def test_an_examples_headers_are_all_described(name: str) -> None:
    document = example(name)
    described = asyncapi.headers_schema(thing_of(document["topic"]))
    if document["headers"]:
        Draft202012Validator(described).validate(document["headers"])
    assert document["headers"].keys() <= described["properties"].keys()


def test_every_topic_and_every_thing_has_an_example() -> None:
    shown = {example(name)["topic"] for name in EXAMPLE_NAMES}
    assert set(topics.BASE) <= shown
    assert {thing_of(topic).name for topic in shown} == {thing.name for thing in THINGS}


def test_a_complete_example_of_each_thing_leaves_out_no_field() -> None:
    for thing in THINGS:
        value = example(thing.name).get("value")
        if value is not None:
            assert value.keys() == schema(thing.name)["properties"].keys()


def test_the_examples_spans_slice_the_examples_text() -> None:
    def parts(node: Any) -> Iterator[tuple[str, list[list[int]]]]:
        if isinstance(node, dict):
            if node.get("spans") and "text" in node:
                yield node["text"], node["spans"]
            if "span" in node:
                yield node["text"], [node["span"]]
            for child in node.values():
                yield from parts(child)
        elif isinstance(node, list):
            for child in node:
                yield from parts(child)

    text = example("article")["value"]["text"]
    found = [
        part for name in ("extraction", "claim", "claim-estimate") for part in parts(example(name)["value"])
    ]
    assert len(found) > 20
    for piece, spans in found:
        assert " ".join(text[start:end] for start, end in spans) == piece
    content = example("claim")["value"]["content"]
    assert content["prefix"] + content["text"] + content["suffix"] in text
    assert text == samples.TEXT


def test_asyncapi_is_a_document_of_version_3_whose_references_all_resolve() -> None:
    text = (generate.HERE / "asyncapi.yaml").read_text(encoding="utf-8")
    document = yaml.safe_load(text)
    assert document == json.loads(json.dumps(asyncapi.document(load_topics())))
    ApplicationSchema.model_validate(document)
    assert document["asyncapi"] == "3.0.0"
    references = list(_references(document))
    assert len(references) > 30
    for reference in references:
        if reference.startswith("#/"):
            target: Any = document
            for step in reference[2:].split("/"):
                target = target[step]
        else:
            assert (generate.HERE / reference).exists(), reference


def test_asyncapi_has_a_channel_a_topic_and_an_operation_for_who_writes_and_who_reads() -> None:
    document = asyncapi.document(load_topics())
    addresses = {channel["address"] for channel in document["channels"].values()}
    assert {topics.full_name("claimstream", name) for name in topics.BASE} <= addresses
    assert "claimstream.claims.{route}.v1" in addresses
    assert "claimstream.{topic}.v1.{service}.dead" in addresses
    for spec in load_topics().values():
        if "!" not in spec.name:
            channel = spec.name.replace(".", "-")
            for service in spec.written_by:
                assert document["operations"][f"{service}.send.{channel}"]["action"] == "send"
            for service in spec.read_by:
                assert document["operations"][f"{service}.receive.{channel}"]["action"] == "receive"


def _references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "$ref":
                yield value
            else:
                yield from _references(value)
    elif isinstance(node, list):
        for value in node:
            yield from _references(value)
