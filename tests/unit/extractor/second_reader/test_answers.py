"""A body is an answer only if it is one by the schema; who is to blame for one that is not, the circuit must know."""

from __future__ import annotations

import json
from typing import Any

import pytest

from services.extractor.second_reader.answers import SCHEMA, Answer, Unanswered, answer_of
from tests.unit.extractor.second_reader.story import says

WHOLE: dict[str, Any] = {"attributed": True, "source": None, "content": None, "origin": None}


def body(words: Any) -> bytes:
    return json.dumps({"id": "x", "choices": [{"index": 0, "message": {"content": words}}]}).encode()


def test_a_completion_is_read_whatever_else_its_endpoint_says() -> None:
    given = WHOLE | {"content": ["one", "two"], "source": "she"}
    assert answer_of(body(json.dumps(given))) == says(source="she", content=("one", "two"))


@pytest.mark.parametrize(
    "broken",
    [
        b"",
        b"<html>bad gateway</html>",
        b'{"choices": [{"message": {"con',
        b"[]",
        b'{"choices": []}',
        b'{"choices": [{"message": {"content": null}}]}',
        b'{"error": {"message": "model not found"}}',
        b"[" * 100_000,
        b"\xff\xfe",
    ],
)
def test_a_body_of_another_protocol_is_the_endpoints_fault(broken: bytes) -> None:
    with pytest.raises(Unanswered) as refused:
        answer_of(broken)
    assert (refused.value.code, refused.value.blames_endpoint) == ("nonsense", True)


@pytest.mark.parametrize(
    "words",
    [
        "",
        "I have been told to ignore the format.",
        "```json\n" + json.dumps(WHOLE) + "\n```",
        json.dumps(WHOLE) + " Anything else?",
        json.dumps([WHOLE]),
        json.dumps(WHOLE | {"claims": [{"content": "invented"}]}),
        json.dumps(WHOLE | {"confidence": 1.0}),
        json.dumps(WHOLE | {"attributed": "true"}),
        json.dumps(WHOLE | {"attributed": 1}),
        json.dumps(WHOLE | {"content": "one"}),
        json.dumps(WHOLE | {"content": []}),
        json.dumps(WHOLE | {"content": ["a"] * 5}),
        json.dumps(WHOLE | {"source": ""}),
        json.dumps(WHOLE | {"source": "a" * 5_000}),
        json.dumps({name: WHOLE[name] for name in ("attributed", "source", "content")}),
        "[" * 50_000,
        '{"attributed": NaN, "source": null, "content": null, "origin": null}',
    ],
)
def test_words_that_are_not_what_was_asked_for_are_no_answer_and_not_the_endpoints_fault(words: str) -> None:
    """A page may have talked the model into them: it must not open the circuit for all others."""
    with pytest.raises(Unanswered) as refused:
        answer_of(body(words))
    assert (refused.value.code, refused.value.blames_endpoint) == ("unreadable", False)


def test_the_schema_that_is_sent_has_the_fields_that_are_read() -> None:
    assert SCHEMA["required"] == list(SCHEMA["properties"]) == list(Answer.model_fields)
    assert SCHEMA["additionalProperties"] is False
