from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.contracts.canonical import (
    CANONICAL_VERSION,
    MAX_URL_LENGTH,
    UrlRefused,
    canonical_url,
    host_key,
)
from tests.unit.contracts.vectors import load

VECTORS = load("canonical_url")


def test_the_vectors_are_of_this_version() -> None:
    assert VECTORS["canonical_version"] == CANONICAL_VERSION


@pytest.mark.parametrize("vector", VECTORS["accepted"], ids=lambda vector: vector["case"])
def test_a_spelling_has_the_canonical_form_of_its_vector(vector: dict[str, Any]) -> None:
    assert canonical_url(vector["url"]) == vector["canonical"]
    assert canonical_url(vector["canonical"]) == vector["canonical"]


@pytest.mark.parametrize("vector", VECTORS["refused"], ids=lambda vector: ascii(vector["url"]))
def test_what_nobody_would_fetch_is_refused_with_code_and_hint(vector: dict[str, Any]) -> None:
    with pytest.raises(UrlRefused) as refused:
        canonical_url(vector["url"])
    assert refused.value.code == vector["code"]
    assert refused.value.hint


def test_ten_thousand_characters_are_refused() -> None:
    with pytest.raises(UrlRefused) as refused:
        canonical_url("https://news.example/" + "x" * 9_979)
    assert refused.value.code == "url-too-long"


def test_the_limit_holds_for_the_canonical_form_which_may_be_longer() -> None:
    longest = "https://news.example/" + "x" * (MAX_URL_LENGTH - 21)
    assert canonical_url(longest) == longest
    with pytest.raises(UrlRefused) as refused:
        canonical_url("https://news.example/" + "ö" * 600)
    assert refused.value.code == "url-too-long"


def test_half_of_a_surrogate_pair_is_refused() -> None:
    for url in ("https://news.example/\ud800", "https://\udfff.example/", "https://news.example/?a=\ud800"):
        with pytest.raises(UrlRefused) as refused:
            canonical_url(url)
        assert refused.value.code == "url-malformed"


_TEXT = st.text(max_size=60)
_PIECES = st.lists(
    st.one_of(
        st.sampled_from(
            ["/", "//", "..", ".", "?", "&", "=", "#", "%", "%2e", "%2F", "%7e", "%c3", "utm_x", "[", "]"]
        ),
        st.sampled_from(
            [":", "@", "\\", "+", " ", "ö", "ﬁ", "。", "１", "a", "0x1", "xn--", "fbclid", "\u200d", "İ"]
        ),
        st.text(max_size=3),
    ),
    max_size=12,
).map("".join)


@given(st.one_of(_TEXT, _PIECES.map("https://".__add__), _PIECES.map("http://news.example/".__add__)))
def test_any_text_has_one_canonical_form_or_is_refused(text: str) -> None:
    try:
        url = canonical_url(text)
    except UrlRefused:
        return
    assert url.isascii()
    assert len(url) <= MAX_URL_LENGTH
    assert canonical_url(url) == url


def test_politeness_is_owed_to_host_and_port() -> None:
    assert host_key(canonical_url("https://News.Example:443/a")) == "news.example"
    assert host_key(canonical_url("http://127.0.0.1:8080/a")) == "127.0.0.1:8080"
    assert host_key(canonical_url("http://[::1]:8080/a")) == "[::1]:8080"
