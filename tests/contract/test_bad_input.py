"""Bad input at every topic's door: one clear code with a hint, and nothing but :class:`Undecodable`."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.contracts import registry, topics
from shared.contracts.codec import DECODERS
from shared.contracts.envelope import Envelope, parse
from shared.contracts.record import Headers, Record
from shared.contracts.refusal import HINTS
from shared.errors import Undecodable
from shared.topics_file import load_topics
from tests.contract.committed import EXAMPLE_NAMES, example, record_of, schema

JSON_TOPICS = [topic for topic in DECODERS if topic != topics.PAGES]
NO_ENVELOPE = Envelope()
WHOLE = {example(name)["topic"]: example(name) for name in reversed(EXAMPLE_NAMES)}


def refusal(topic: str, value: bytes | None, headers: Headers = (), key: bytes | None = b"k") -> Undecodable:
    with pytest.raises(Undecodable) as refused:
        DECODERS[topic](Record(topic, 0, 0, 0, key, value, headers), parse(headers))
    assert refused.value.hint == HINTS[refused.value.code]
    assert refused.value.owner == "record"
    return refused.value


@pytest.mark.parametrize("topic", DECODERS)
def test_an_empty_value_is_refused(topic: str) -> None:
    assert refusal(topic, b"").code == "empty-value"


@pytest.mark.parametrize("topic", [topic for topic in DECODERS if topic != topics.CLAIMS])
def test_a_null_value_is_refused_where_nothing_is_ever_erased(topic: str) -> None:
    assert refusal(topic, None).code == "null-value"


@pytest.mark.parametrize("topic", DECODERS)
def test_null_key_with_null_value_is_refused(topic: str) -> None:
    assert refusal(topic, None, key=None).code == "null-value"


def test_a_tombstone_on_claims_is_no_error() -> None:
    assert DECODERS[topics.CLAIMS](Record("claims", 0, 0, 0, b"claim", None, ()), NO_ENVELOPE) is None


MALFORMED = {
    "cut off": b'{"url": "https://news.exa',
    "two values": b"{} {}",
    "single quotes": b"{'url': 1}",
    "no utf-8": b'{"url": "\xff\xfe"}',
    "utf-16": '{"url": "a"}'.encode("utf-16-le"),
    "half a surrogate pair": b'{"url": "\\ud800"}',
    "a bare control character": b'{"url": "a\nb"}',
    "nested too deep": b'{"url":' * 5_000,
    "nested too deep in an unknown field": b'{"x":' + b"[" * 5_000 + b"]" * 5_000 + b"}",
    "a number without end": b'{"url": 1' + b"0" * 20_000 + b"}",
}


@pytest.mark.parametrize("topic", JSON_TOPICS)
@pytest.mark.parametrize("case", MALFORMED)
def test_malformed_json_is_refused(topic: str, case: str) -> None:
    assert refusal(topic, MALFORMED[case]).code == "malformed-json"


@pytest.mark.parametrize("topic", [topic for topic in JSON_TOPICS if not topic.startswith(topics.URLS)])
@pytest.mark.parametrize("value", [b"null", b"1", b'"text"', b"true", b"[]", b"{}", b"NaN"])
def test_json_of_another_shape_is_refused(topic: str, value: bytes) -> None:
    assert refusal(topic, value).code in ("wrong-shape", "malformed-json")


@pytest.mark.parametrize(
    "value", [b"null", b"1", b"true", b"news.example/a", b"  ", b"\x00\x01", b"https:", b'"']
)
def test_what_is_neither_json_nor_a_url_is_refused_on_urls(value: bytes) -> None:
    assert refusal(topics.URLS, value).code == "no-url"


def test_two_urls_in_one_record_are_refused() -> None:
    assert refusal(topics.URLS, b"https://a.example/\nhttps://b.example/").code == "no-url"


@pytest.mark.parametrize(
    "value", [b"[]", b'["https://news.example/a"]', b"{}", b'{"ref": "1"}', b'{"url": null}']
)
def test_json_without_a_url_is_refused_on_urls(value: bytes) -> None:
    assert refusal(topics.URLS, value).code == "wrong-shape"


@pytest.mark.parametrize("topic", [topic for topic in DECODERS if not topic.startswith(topics.URLS)])
def test_each_field_of_a_wrong_type_is_named(topic: str) -> None:
    fields = WHOLE[topic].get("value", {})
    for field in fields:
        error = refusal(topic, json.dumps({**fields, field: [[{}]]}).encode())
        assert error.code == "wrong-shape"
        assert error.message.startswith(field)


@pytest.mark.parametrize("topic", JSON_TOPICS)
def test_a_nul_in_any_string_is_refused_for_the_databases_sake(topic: str) -> None:
    thing = registry.thing_of(topic)
    fields = {"url": "https://news.example/"} if thing is registry.URL else WHOLE[topic]["value"]
    texts = [
        name
        for name, described in schema(thing.name)["properties"].items()
        if described.get("type") == "string"
    ]
    assert texts
    for field in texts:
        assert refusal(topic, json.dumps({**fields, field: "a\0b"}).encode()).code == "nul-character"
    if "labels" in schema(thing.name)["properties"]:
        for labels in ({"a": "\0"}, {"\0": "a"}):
            assert refusal(topic, json.dumps({**fields, "labels": labels}).encode()).code == "nul-character"


def test_a_backslash_u0000_that_is_text_is_no_nul() -> None:
    record = Record("urls", 0, 0, 0, None, b'{"url": "https://news.example/\\\\u0000"}', ())
    assert DECODERS[topics.URLS](record, NO_ENVELOPE).url == "https://news.example/\\u0000"


@pytest.mark.parametrize("topic", [topic for topic in DECODERS if not topic.startswith(topics.URLS)])
def test_a_record_of_another_topic_is_refused_by_its_type(topic: str) -> None:
    other = registry.FATE if topic != topics.FATES else registry.CLAIM
    record = record_of(WHOLE[topic])
    headers = [(name, value) for name, value in record.headers if name != "ce_type"]
    error = refusal(topic, record.value or b"x", [*headers, ("ce_type", other.type.encode())])
    assert error.code == "wrong-type"


def test_an_upstreams_own_type_and_headers_are_accepted_on_urls() -> None:
    headers: Headers = [
        ("ce_type", b"com.example.link"),
        ("ce_id", None),
        ("ce_source", b"\xff"),
        ("x", None),
        ("", b"\xff"),
    ]
    for value in (
        b'{"url": "https://news.example/"}',
        b" https://news.example/ \r\n",
        b'"https://news.example/"',
    ):
        read = DECODERS[topics.URLS](Record("urls", 0, 0, 0, None, value, headers), parse(headers))
        assert read.url == "https://news.example/"


def test_a_byte_order_mark_is_no_part_of_a_url() -> None:
    for value in (b'\xef\xbb\xbf{"url": "https://news.example/"}', b"\xef\xbb\xbfhttps://news.example/"):
        read = DECODERS[topics.URLS](Record("urls", 0, 0, 0, None, value, ()), NO_ENVELOPE)
        assert read.url == "https://news.example/"


def test_a_structured_cloudevent_is_told_to_use_binary_mode() -> None:
    event = {
        "specversion": "1.0",
        "id": "1",
        "source": "/x",
        "type": "t",
        "data": {"url": "https://news.example/"},
    }
    headers: Headers = [("content-type", b"application/cloudevents+json; charset=UTF-8")]
    assert refusal(topics.URLS, json.dumps(event).encode(), headers).code == "structured-mode"


@pytest.mark.parametrize("topic", JSON_TOPICS)
def test_the_largest_value_that_a_topic_takes_is_judged_like_any_other(topic: str) -> None:
    limit = load_topics()[topic].max_bytes
    assert refusal(topic, b'{"x": "' + b"a" * (limit - 9) + b'"}').code == "wrong-shape"
    assert refusal(topic, b"\xff" * limit).code == "malformed-json"


CODES = {None, *HINTS}


def code_or_none(record: Record) -> str | None:
    """None where the record could be read; any other error than ours goes through and fails the test."""
    try:
        DECODERS[record.topic](record, parse(record.headers))
    except Undecodable as error:
        return error.code
    return None


_MAYBE_BYTES = st.one_of(st.none(), st.binary(max_size=40))
_HEADERS = st.lists(st.tuples(st.text(max_size=8), st.one_of(st.none(), st.binary(max_size=8))), max_size=4)


@pytest.mark.parametrize("topic", DECODERS)
@given(
    value=st.one_of(st.none(), st.binary(max_size=40)),
    key=st.one_of(st.none(), st.binary(max_size=4)),
    headers=_HEADERS,
)
def test_whatever_lies_on_a_topic_is_read_or_refused(
    topic: str, value: bytes | None, key: bytes | None, headers: Headers
) -> None:
    assert code_or_none(Record(topic, 0, 0, 0, key, value, headers)) in CODES


_JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=4)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=4,
)


@pytest.mark.parametrize("topic", [topic for topic in JSON_TOPICS if not topic.startswith(topics.URLS)])
@given(choice=st.integers(0, 100), wrong=_JSON)
def test_any_json_in_any_field_is_read_or_refused(topic: str, choice: int, wrong: Any) -> None:
    value = dict(WHOLE[topic]["value"])
    value[sorted(value)[choice % len(value)]] = wrong
    assert code_or_none(Record(topic, 0, 0, 0, b"k", json.dumps(value).encode(), ())) in CODES
