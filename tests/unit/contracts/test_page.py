from __future__ import annotations

import hashlib
import os
import pickle

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from shared.contracts import codec
from shared.contracts.envelope import parse
from shared.contracts.events import PageFetched
from shared.contracts.page import (
    MAX_COMPRESSED_BYTES,
    MAX_PAGE_BYTES,
    CompressedPage,
    compress_page,
    decode_page,
    decompress_page,
)
from shared.contracts.record import Record
from shared.errors import Undecodable
from shared.topics_file import load_topics

BODY = "<p>Grüße aus Estreya.</p>".encode() * 40


def page(body: bytes = BODY, **fields: object) -> PageFetched:
    given: dict[str, object] = {
        "visit_id": "11111111-1111-5111-8111-111111111111",
        "url_id": "22222222-2222-5222-8222-222222222222",
        "url": "https://news.example/w%C3%B6rter",
        "final_url": "https://news.example/w%C3%B6rter.html",
        "status": 200,
        "observed_at": "2026-01-05T12:00:00.000000Z",
        "sha256": hashlib.sha256(body).hexdigest(),
        "size": len(body),
    }
    return PageFetched.model_validate(given | fields)


def read(
    fetched: PageFetched, value: bytes | None, drop: str = "", **changed: bytes | None
) -> CompressedPage:
    outgoing = codec.pages(fetched, value or b"")
    headers = [(n, v) for n, v in outgoing.headers if n not in changed and n != drop] + list(changed.items())
    record = Record("pages", 0, 0, 0, outgoing.key, value, headers)
    return decode_page(record, parse(headers))


def code_of(fetched: PageFetched, value: bytes | None, drop: str = "", **changed: bytes | None) -> str:
    with pytest.raises(Undecodable) as refused:
        read(fetched, value, drop, **changed).open()
    assert refused.value.hint
    return refused.value.code


def test_a_page_comes_back_as_it_was_fetched_with_all_that_is_known_of_it() -> None:
    fetched = page(
        content_type="text/html; charset=iso-8859-1",
        last_modified="Mon, 05 Jan 2026 11:00:00 GMT",
        feed="https://news.example/feed",
        published_at="2026-01-05",
        labels={"désk": "wörld", "a": ""},
    )
    back = read(fetched, compress_page(BODY))
    assert back.page == fetched
    assert back.open() == BODY


@given(st.builds(page, labels=st.dictionaries(st.text(max_size=5), st.text(max_size=5), max_size=3)))
def test_any_labels_survive_the_headers(fetched: PageFetched) -> None:
    if "\0" in "".join([*fetched.labels, *fetched.labels.values()]):
        return
    assert read(fetched, compress_page(BODY)).page == fetched


def test_an_empty_page_is_a_page() -> None:
    assert read(page(b""), compress_page(b"")).open() == b""


def test_a_compressed_page_goes_to_a_worker_process_unopened() -> None:
    assert pickle.loads(pickle.dumps(read(page(), compress_page(BODY)))).open() == BODY


def test_the_same_page_has_the_same_bytes_and_headers() -> None:
    assert codec.pages(page(), compress_page(BODY)) == codec.pages(page(), compress_page(BODY))


def test_a_page_of_the_largest_size_fits_its_topic_with_its_headers() -> None:
    fetched = page(url="https://news.example/" + "x" * 2027, final_url="https://news.example/" + "y" * 2027)
    assert codec.pages(fetched, b"x" * MAX_COMPRESSED_BYTES).size < load_topics()["pages"].max_bytes


@pytest.mark.parametrize("sized", [True, False], ids=["that says its size", "that hides its size"])
def test_a_decompression_bomb_is_refused_before_it_unfolds(sized: bool) -> None:
    bomb = zstandard.ZstdCompressor(write_content_size=sized).compress(bytes(64 * 2**20))
    assert len(bomb) < 10_000
    assert code_of(page(size=len(BODY)), bomb) in ("page-bomb", "page-corrupt")
    assert code_of(page(size=MAX_PAGE_BYTES), bomb) in ("page-bomb", "page-corrupt")
    assert code_of(page(size=2**40), bomb) == "page-bomb"
    with pytest.raises(Undecodable):
        decompress_page(bomb, 0)


def test_bytes_that_are_not_those_named_are_refused() -> None:
    value = compress_page(BODY)
    assert code_of(page(), compress_page(BODY[:-1] + b"!")) == "page-corrupt"
    assert code_of(page(), compress_page(BODY[:-1])) == "page-corrupt"
    assert code_of(page(), value[:-4]) == "page-corrupt"
    assert code_of(page(), value + b"x") == "page-corrupt"
    assert code_of(page(), value + value) == "page-corrupt"
    assert code_of(page(), b"<html>") == "page-corrupt"
    assert code_of(page(), os.urandom(64)) == "page-corrupt"


@pytest.mark.parametrize("value", [None, b""])
def test_a_page_without_bytes_is_undecodable(value: bytes | None) -> None:
    assert code_of(page(), value) in ("null-value", "empty-value")


def test_a_page_in_an_archive_says_so() -> None:
    assert code_of(page(), b"", ce_archiveref=b"s3://pages/1") == "page-archived"


@pytest.mark.parametrize(
    "header",
    [
        *("ce_visitid", "ce_urlid", "ce_url", "ce_finalurl", "ce_status", "ce_observedat"),
        *("ce_pagesha256", "ce_pagesize"),
    ],
)
def test_a_needed_header_that_is_absent_null_or_binary_is_named(header: str) -> None:
    value = compress_page(BODY)
    for changed in ({}, {header: None}, {header: b"\xff\xfe"}):
        with pytest.raises(Undecodable) as refused:
            read(page(), value, header, **changed)
        assert refused.value.code == "wrong-shape"
        assert header in refused.value.message


def test_nonsense_in_a_header_is_named() -> None:
    value = compress_page(BODY)
    assert code_of(page(), value, ce_status=b"two hundred") == "wrong-shape"
    assert code_of(page(), value, ce_pagesize=b"-1") == "page-bomb"
    assert code_of(page(), value, ce_labels=b"{") == "malformed-json"
    assert code_of(page(), value, ce_labels=b'{"a":1}') == "wrong-shape"
    assert code_of(page(), value, ce_labels=b"[" * 5000) == "malformed-json"
    assert code_of(page(), value, ce_feed=b"a\0b") == "nul-character"
    assert code_of(page(), value, ce_labels=b'{"a":"\\u0000"}') == "nul-character"
    assert code_of(page(), value, ce_type=b"claimstream.claim.v1") == "wrong-type"
