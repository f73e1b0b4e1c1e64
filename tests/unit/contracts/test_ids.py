from __future__ import annotations

from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.contracts import ids
from shared.contracts.canonical import CANONICAL_VERSION
from shared.contracts.envelope import Envelope
from shared.contracts.record import Record
from tests.unit.contracts.vectors import load

VECTORS = load("ids")
URL = "https://news.example/a"
RECORD = Record("urls", 3, 17, 0, None, b"", ())


@pytest.mark.parametrize("vector", VECTORS["derived"], ids=lambda v: f"{v['function']}{v['arguments']!a}")
def test_an_id_is_that_of_its_vector(vector: dict[str, Any]) -> None:
    assert getattr(ids, vector["function"])(*vector["arguments"]) == vector["result"]


def test_the_vectors_are_of_these_namespaces() -> None:
    assert VECTORS["root"] == str(ids.ROOT)
    assert VECTORS["canonical_version"] == CANONICAL_VERSION


def test_another_language_derives_the_same_from_the_documentation_alone() -> None:
    root = uuid5(NAMESPACE_URL, "urn:claimstream:ids:1")
    url = str(uuid5(uuid5(root, "url;canonical=1"), URL))
    assert ids.url_id(URL) == url
    assert ids.visit_id(url, 1, 12) == str(uuid5(uuid5(root, "visit"), f"{url}\x1f1\x1f12"))
    assert ids.article_id(URL) == str(uuid5(uuid5(root, "article;canonical=1"), URL))
    assert UUID(url).version == 5


@pytest.mark.parametrize("vector", VECTORS["normal_text"], ids=lambda v: ascii(v["text"]))
def test_a_text_is_normalised_as_in_its_vector(vector: dict[str, str]) -> None:
    assert ids.normal_text(vector["text"]) == vector["normal"]


@given(st.text(max_size=40))
def test_normalising_twice_changes_nothing_and_leaves_no_separator(text: str) -> None:
    normal = ids.normal_text(text)
    assert ids.normal_text(normal) == normal
    assert ids.SEPARATOR not in normal


def test_typography_makes_no_other_claim_but_words_and_occurrence_do() -> None:
    article = ids.article_id(URL)
    first = ids.claim_id(article, "The mayor", "“We didn't know,”", 0)
    assert ids.claim_id(article, "the  mayor", '"We didn’t know"', 0) == first
    assert ids.claim_id(article, "the mayor", "We didn't go", 0) != first
    assert ids.claim_id(article, "the mayor", "We didn't know", 1) != first
    assert ids.claim_id(ids.article_id(URL + "b"), "the mayor", "We didn't know", 0) != first


def test_parts_cannot_run_into_each_other() -> None:
    article = ids.article_id(URL)
    assert ids.claim_id(article, "a", "b c", 0) != ids.claim_id(article, "a b", "c", 0)
    assert ids.event_id("a", "bc") != ids.event_id("ab", "c")
    with pytest.raises(ValueError, match="separator"):
        ids.event_id("a\x1fb", "c")


def test_a_refused_url_and_a_fetched_one_never_share_an_id() -> None:
    assert ids.refused_url_id(URL) != ids.url_id(URL)


@given(st.text(st.characters(exclude_categories=()), max_size=30))
def test_any_text_has_an_id_when_it_is_refused(text: str) -> None:
    assert UUID(ids.refused_url_id(text)).version == 5


def test_an_article_is_one_whatever_the_spelling_of_its_url() -> None:
    assert ids.article_id("HTTPS://News.Example:443/a?utm_source=x#top") == ids.article_id(URL)


def test_a_submission_is_known_by_source_and_id() -> None:
    envelope = Envelope(id="1", source="feed")
    elsewhere = Record("urls", 9, 99, 0, None, b"", ())
    assert ids.submission_key(envelope, RECORD) == ids.submission_key(envelope, elsewhere)
    assert ids.submission_key(envelope, RECORD) != ids.submission_key(Envelope(id="2", source="feed"), RECORD)
    assert ids.submission_key(Envelope(id="b", source="a\x1f"), RECORD) != ids.submission_key(
        Envelope(id="\x1fb", source="a"), RECORD
    )


@pytest.mark.parametrize("envelope", [Envelope(), Envelope(id="1"), Envelope(source="feed")])
def test_a_submission_without_both_is_known_by_its_first_coordinates(envelope: Envelope) -> None:
    first = ids.submission_key(envelope, RECORD)
    assert first != ids.submission_key(envelope, Record("urls", 3, 18, 0, None, b"", ()))
    assert first != ids.submission_key(envelope, Record("urls.bulk", 3, 17, 0, None, b"", ()))
    redriven = Envelope(id=envelope.id, source=envelope.source, extensions={"origin": "urls:3:17"})
    assert ids.submission_key(redriven, Record("urls", 0, 400, 0, None, b"", ())) == first


@pytest.mark.parametrize("vector", VECTORS["file_urn"], ids=lambda v: v["hex"])
def test_a_file_without_a_url_is_named_by_its_bytes(vector: dict[str, str]) -> None:
    assert ids.file_urn(bytes.fromhex(vector["hex"])) == vector["urn"]
