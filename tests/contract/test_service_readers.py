"""The services themselves read every example of their topics, also with a field and a header of tomorrow."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from services.cleaner.work import work as clean
from services.extractor.work import work as extract
from services.fetcher.intake import Unreadable, submission
from services.fetcher.intake import decode as take_in
from shared.clock import ManualClock
from shared.contracts import asyncapi, codec, topics
from shared.contracts.envelope import parse
from shared.contracts.page import decode_page
from shared.contracts.record import Record
from shared.pipeline.dead_letters import dead_letter, fitted, reasons_of
from shared.pipeline.results import Dead, Emit
from shared.topics_file import load_topics
from tests.contract.committed import EXAMPLE_NAMES, example, record_of


def examples_on(*of: str) -> list[str]:
    return [name for name in EXAMPLE_NAMES if example(name)["topic"] in of]


def of_tomorrow(document: dict[str, Any]) -> dict[str, Any]:
    newer = copy.deepcopy(document)
    newer["headers"]["ce_tomorrow"] = "x"
    if isinstance(newer.get("value"), dict):
        newer["value"]["tomorrow"] = {"a": [1]}
    return newer


@pytest.mark.parametrize("name", examples_on(topics.URLS, topics.URLS_BULK))
def test_the_fetcher_takes_in_every_submission(name: str) -> None:
    for document in (example(name), of_tomorrow(example(name))):
        record = record_of(document)
        read = take_in(record, parse(record.headers))
        assert not isinstance(read, Unreadable)
        assert submission(record, parse(record.headers), read).refused is None


@pytest.mark.parametrize("name", examples_on(topics.PAGES))
def test_the_cleaner_reads_every_page(name: str) -> None:
    now, tomorrow = (
        clean(decode_page(record, parse(record.headers)))
        for record in (record_of(example(name)), record_of(of_tomorrow(example(name))))
    )
    assert now == tomorrow


@pytest.mark.parametrize("name", examples_on(topics.ARTICLES))
def test_the_extractor_reads_every_article(name: str) -> None:
    now, tomorrow = extract(record_of(example(name))), extract(record_of(of_tomorrow(example(name))))
    assert isinstance(now, Emit)
    assert now == tomorrow
    for outgoing in now.records:
        record = Record(outgoing.topic, 0, 0, 0, outgoing.key, outgoing.value, outgoing.headers)
        assert (
            codec.decode_extraction(record, parse(record.headers)).article_id
            == example(name)["value"]["article_id"]
        )


def test_the_headers_of_a_dead_letter_are_those_that_asyncapi_describes() -> None:
    record = record_of(example("claim"))
    letter = dead_letter(record, Dead("code", "hint"), service="store", stage="claims", clock=ManualClock())
    written: set[str] = set()
    for out in (letter, fitted(letter, letter.size - 1), fitted(letter, 10)):
        written |= {f"dead_{name}" for name in reasons_of(Record("x", 0, 0, 0, None, None, out.headers))}
    described = asyncapi.document(load_topics())["components"]["messages"]["dead"]["headers"]["properties"]
    assert written == set(described)
