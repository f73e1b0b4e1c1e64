"""A dead letter keeps its original to the byte, whatever that was."""

from __future__ import annotations

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.clock import SystemClock
from shared.contracts.record import Outgoing, Record
from shared.pipeline.dead_letters import dead_letter, fitted, original, reasons_of
from shared.pipeline.results import Dead

OCTETS = st.none() | st.binary(max_size=50)
NAMES = st.text(max_size=10) | st.sampled_from(
    ["dead_code", "dead_headers", "dead_null", "dead_packed", "ce_to"]
)


def letter_of(record: Record, limit: int = 10**9) -> Record:
    verdict = Dead("some-code", "some hint", "some detail")
    out = fitted(dead_letter(record, verdict, service="cleaner", stage="pages", clock=SystemClock()), limit)
    assert out.size <= max(limit, 2_000)
    return Record(out.topic, 0, 7, 1, out.key, out.value, tuple(out.headers))


def as_sent(record: Record) -> Outgoing:
    return Outgoing(record.topic, record.key, record.value, list(record.headers))


@given(key=OCTETS, value=OCTETS, headers=st.lists(st.tuples(NAMES, OCTETS), max_size=5))
def test_the_original_of_a_letter_is_the_record(
    key: bytes | None, value: bytes | None, headers: list[tuple[str, bytes | None]]
) -> None:
    record = Record("pages", 3, 42, 1_700_000_000_000, key, value, headers)
    assert original(letter_of(record)) == as_sent(record)


def test_a_letter_says_why_and_where_its_original_lies() -> None:
    letter = letter_of(Record("pages", 3, 42, 1_700_000_000_000, b"k", None, ()))
    assert letter.topic == "pages!cleaner"
    reasons = reasons_of(letter)
    assert {
        name: reasons[name] for name in ("code", "service", "stage", "topic", "partition", "offset", "null")
    } == {
        "code": "some-code",
        "service": "cleaner",
        "stage": "pages",
        "topic": "pages",
        "partition": "3",
        "offset": "42",
        "null": "value",
    }


def test_an_original_larger_than_its_letters_topic_is_packed() -> None:
    record = Record("pages", 0, 0, 0, b"k", b"x" * 100_000, [("ce_id", b"1")])
    letter = letter_of(record, limit=10_000)
    assert original(letter) == as_sent(record)


def test_an_original_that_cannot_be_made_to_fit_leaves_its_reasons_and_coordinates() -> None:
    letter = letter_of(Record("pages", 5, 6, 0, b"k", os.urandom(100_000), [("ce_id", b"1")]), limit=10_000)
    reasons = reasons_of(letter)
    assert (reasons["code"], reasons["partition"], reasons["offset"]) == ("some-code", "5", "6")
    assert reasons["dropped"] == "key,value,headers"
    with pytest.raises(ValueError, match="too large"):
        original(letter)


@pytest.mark.parametrize(
    "headers",
    [(), (("dead_code", b"x"),), (("dead_headers", b"0"), ("dead_topic", b"t"), ("dead_packed", b"zstd"))],
    ids=["none", "no coordinates", "packed, but not zstd"],
)
def test_what_is_no_dead_letter_is_refused(headers: tuple[tuple[str, bytes], ...]) -> None:
    with pytest.raises(ValueError):
        original(Record("pages!cleaner", 0, 0, 0, b"k", b"v", headers))
