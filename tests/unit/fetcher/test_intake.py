"""From a record to a submission, without a database: pure, and total."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest

from services.fetcher.crawl.manners import Manners
from services.fetcher.feeds.feeds_file import load_feeds
from services.fetcher.intake import Unreadable, decode, storable, submission
from shared.contracts.envelope import parse
from shared.contracts.record import Headers, Record

ROOT = Path(__file__).parents[3]


def record(value: bytes | None, *, topic: str = "urls", headers: Headers = ()) -> Record:
    return Record(topic, 3, 7, 0, None, value, headers)


def read(one: Record) -> Any:
    envelope = parse(one.headers)
    return submission(one, envelope, decode(one, envelope))


@pytest.mark.parametrize("value", [None, b"", b"\xff\xfe", b"{", b"[]", b'{"url": 1}', b"two words", b"\0"])
def test_whatever_lies_on_urls_is_a_submission_or_undecodable(value: bytes | None) -> None:
    one = read(record(value))
    assert one.opening is None
    assert one.code
    assert one.coordinates == "urls:3:7"
    assert isinstance(decode(record(value), parse(())), Unreadable)


def test_a_null_header_does_no_harm() -> None:
    assert read(record(b"https://a.example/", headers=[("ce_id", None), ("x", b"\xff")])).opening.url


def test_spellings_of_one_url_are_one_url() -> None:
    first, second = (
        read(record(value)) for value in (b"https://A.example/x#y", b'{"url": "https://a.example:443/x"}')
    )
    assert first.opening.url_id == second.opening.url_id
    assert first.url == "https://A.example/x#y"


def test_an_unacceptable_url_has_the_identity_of_its_text() -> None:
    first, second = read(record(b"ftp://a.example/")), read(record(b"ftp://a.example/b"))
    assert first.refused[0] == "url-scheme"
    assert first.opening.url_id != second.opening.url_id
    assert not first.opening.fetched


def test_a_backfill_is_known_by_its_topic() -> None:
    assert read(record(b"https://a.example/", topic="urls.bulk")).opening.bulk
    assert not read(record(b"https://a.example/")).opening.bulk


def test_the_key_of_a_redriven_record_is_that_of_its_first_coordinates() -> None:
    redriven = Record("urls", 0, 99, 0, None, b"https://a.example/", [("ce_origin", b"urls:3:7")])
    assert read(redriven).key == read(record(b"https://a.example/")).key


@pytest.mark.parametrize("text", ["a\0b", "a\ud800b", "plain"])
def test_what_is_written_down_is_text_that_every_database_takes(text: str) -> None:
    assert "\0" not in storable(text)
    storable(text).encode()


def test_back_off_doubles_up_to_its_limit_and_never_comes_at_once() -> None:
    manners = Manners(backoff_first=10, backoff_longest=100, rng=random.Random(1))
    waits = [[manners.backoff(failures) for _ in range(50)] for failures in range(1, 8)]
    for failures, seen in enumerate(waits):
        ceiling = min(100, 10 * 2**failures)
        assert ceiling / 2 <= min(seen) < max(seen) <= ceiling
    assert manners.backoff(10_000) <= 100


def test_the_feeds_file_that_is_delivered_can_be_read() -> None:
    assert load_feeds(ROOT / "deploy" / "feeds.toml", every=900) == []
