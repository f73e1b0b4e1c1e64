"""Our headers beside the CloudEvents SDK's: each reads what the other writes."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from cloudevents.core.bindings.kafka import KafkaMessage, from_binary, to_binary
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent
from hypothesis import given
from hypothesis import strategies as st

from shared.contracts.envelope import SPEC_VERSION, Envelope, headers_of, parse
from shared.contracts.record import Headers
from tests.contract.committed import EXAMPLE_NAMES, example, record_of

WITH_HEADERS = [name for name in EXAMPLE_NAMES if example(name)["headers"]]


@pytest.mark.parametrize("name", WITH_HEADERS)
def test_the_sdk_reads_what_we_write(name: str) -> None:
    record = record_of(example(name))
    headers = {header: value or b"" for header, value in record.headers}
    event = from_binary(KafkaMessage(headers=headers, key=None, value=record.value or b""), JSONFormat())
    envelope = parse(record.headers)
    assert event.get_specversion() == SPEC_VERSION
    assert event.get_id() == envelope.id
    assert event.get_source() == envelope.source
    assert event.get_type() == envelope.type
    assert event.get_subject() == envelope.subject
    assert event.get_dataschema() == envelope.dataschema
    assert event.get_datacontenttype() == envelope.datacontenttype
    moment = event.get_time()
    assert moment is not None
    assert moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ") == envelope.time
    for extension, value in envelope.extensions.items():
        assert event.get_extension(extension) == value
    if envelope.datacontenttype == "application/json":
        assert event.get_data() == example(name)["value"]
    else:
        assert event.get_data() == record.value


def test_we_read_what_the_sdk_writes() -> None:
    event = CloudEvent(
        attributes={
            "id": "1",
            "source": "/upstream",
            "type": "com.example.link",
            "time": datetime(2026, 1, 6, 9, 30, tzinfo=UTC),
            "subject": "größe",
            "datacontenttype": "application/json",
            "dataschema": "urn:example:link",
            "attempt": "3",
            "visitid": "v",
        },
        data={"url": "https://news.example/"},
    )
    message = to_binary(event, JSONFormat())
    envelope = parse(list(message.headers.items()))
    assert envelope == Envelope(
        id="1",
        source="/upstream",
        type="com.example.link",
        time="2026-01-06T09:30:00Z",
        subject="größe",
        dataschema="urn:example:link",
        datacontenttype="application/json",
        extensions={"attempt": "3", "visitid": "v"},
    )
    assert envelope.attempt == 3
    assert envelope.visit_id == "v"


@pytest.mark.parametrize("name", WITH_HEADERS)
def test_attribute_names_are_those_that_the_specification_allows(name: str) -> None:
    for header in example(name)["headers"]:
        assert header in ("content-type", "traceparent") or re.fullmatch(r"ce_[a-z0-9]{1,20}", header), header


_TEXT = st.text(st.characters(codec="utf-8"), max_size=12)
_EXTENSIONS = st.dictionaries(st.from_regex(r"\Ax[a-z0-9]{1,8}\Z"), _TEXT, max_size=4)
_SOME = st.text(st.characters(codec="utf-8"), min_size=1, max_size=12)
_MAYBE = st.one_of(st.none(), _TEXT)


@given(
    st.builds(
        Envelope,
        id=_SOME,
        source=_SOME,
        type=_SOME,
        time=_MAYBE,
        subject=_MAYBE,
        dataschema=_MAYBE,
        datacontenttype=_MAYBE,
        traceparent=_MAYBE,
        extensions=_EXTENSIONS,
    )
)
def test_an_envelope_comes_back_as_it_was_written(envelope: Envelope) -> None:
    assert parse(headers_of(envelope)) == envelope


_NAMES = st.one_of(
    st.sampled_from(
        ["ce_id", "ce_source", "ce_type", "ce_attempt", "ce_to", "content-type", "traceparent", "ce_", ""]
    ),
    st.text(max_size=6),
)


@given(st.lists(st.tuples(_NAMES, st.one_of(st.none(), st.binary(max_size=6))), max_size=8))
def test_no_header_however_broken_stops_the_parser(headers: Headers) -> None:
    envelope = parse(headers)
    assert envelope.attempt >= 1
    for name, value in headers:
        readable = value is not None and _is_text(value)
        assert readable or name in envelope.broken


def test_of_a_repeated_header_the_first_readable_value_counts() -> None:
    envelope = parse(
        [
            ("ce_id", None),
            ("ce_id", b"\xff"),
            ("ce_id", b"1"),
            ("ce_id", b"2"),
            ("ce_x", b"a"),
            ("ce_x", b"b"),
        ]
    )
    assert envelope.id == "1"
    assert envelope.extensions == {"x": "a"}
    assert envelope.broken == ("ce_id", "ce_id")


@pytest.mark.parametrize("text", ["0", "-1", "1.5", "", "x", "²", "1" * 400, " 2"])
def test_a_nonsensical_attempt_is_the_first(text: str) -> None:
    assert parse([("ce_attempt", text.encode())]).attempt == 1


@pytest.mark.parametrize("lacking", ["id", "source", "type"])
def test_an_event_without_what_cloudevents_requires_is_never_written(lacking: str) -> None:
    given = {"id": "1", "source": "/x", "type": "t"} | {lacking: None}
    with pytest.raises(ValueError, match="needs id, source and type"):
        headers_of(Envelope(**given))  # type: ignore[arg-type]


def _is_text(value: bytes) -> bool:
    try:
        value.decode()
    except UnicodeDecodeError:
        return False
    return True
