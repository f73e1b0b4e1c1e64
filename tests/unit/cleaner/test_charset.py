"""Wrong, missing and lying charsets."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from services.cleaner.article import CleanedArticle
from services.cleaner.charset import decode
from services.cleaner.handler import clean
from services.cleaner.page import PageInput

RUSSIAN = (
    "Министр заявил в понедельник, что переговоры продолжатся до конца недели. "
    "«Мы не видим причин прерывать работу», — сказал он журналистам в Москве. "
) * 4
QUOTES = "“They left,” she said – it’s all about the €5 fee. " * 3
JAPANESE = "首相は月曜日、交渉は今週末まで続くと述べた。「作業を中断する理由はない」と語った。" * 4


@pytest.mark.parametrize(
    ("text", "encoding", "content_type", "charset"),
    [
        (RUSSIAN, "utf-8", "text/html; charset=windows-1251", "utf-8"),
        (RUSSIAN, "cp1251", "text/html; charset=utf-8", "cp1251"),
        (RUSSIAN, "cp1251", "text/html", "cp1251"),
        (RUSSIAN, "cp1251", "text/html; charset=windows-1251", "cp1251"),
        (
            RUSSIAN.replace("«", '"').replace("»", '"').replace("—", "-"),
            "koi8-r",
            "text/html; charset=koi8-r",
            "koi8-r",
        ),
        (RUSSIAN, "utf-16", "text/html; charset=utf-8", "utf-16"),
        (QUOTES, "cp1252", "text/html; charset=ISO-8859-1", "cp1252"),
        (QUOTES, "cp1252", "text/html; charset=us-ascii", "cp1252"),
        (QUOTES, "utf-8", "text/html; charset=iso-8859-1", "utf-8"),
        (QUOTES, "utf-8-sig", "text/html; charset=iso-8859-1", "utf-8"),
        (QUOTES, "utf-16-le", "text/html", "utf-16-le"),
        (QUOTES, "utf-16-be", "text/html; charset=utf-16be", "utf-16-be"),
        (JAPANESE, "shift_jis", "text/html; charset=Shift_JIS", "cp932"),
        (JAPANESE, "iso2022_jp", "text/html; charset=iso-2022-jp", "iso2022_jp"),
        (JAPANESE, "euc_jp", 'text/html; charset="euc-jp"', "euc_jp"),
        (QUOTES, "utf-8", "text/html; charset=no-such-thing", "utf-8"),
        (QUOTES, "utf-8", "text/html; charset=unicode_escape", "utf-8"),
    ],
)
def test_the_text_comes_out_whatever_the_header_says(
    text: str, encoding: str, content_type: str, charset: str
) -> None:
    decoded = decode(text.encode(encoding), content_type)
    assert decoded.text == text
    assert decoded.charset == charset


@pytest.mark.parametrize(
    "declaration",
    [
        '<meta charset="windows-1251">',
        '<meta http-equiv="Content-Type" content="text/html; charset=windows-1251">',
    ],
)
@pytest.mark.parametrize("header", ["text/html", "text/html; charset=utf-8"])
def test_the_page_is_asked_where_the_header_is_silent_or_lies(declaration: str, header: str) -> None:
    page = f"<html><head>{declaration}</head><body><p>{RUSSIAN}</p></body></html>"
    decoded = decode(page.encode("cp1251"), header)
    assert decoded.text == page
    assert decoded.origin == "meta"


def test_a_page_cut_within_a_character_stays_what_it_is() -> None:
    body = RUSSIAN.encode()[:-3]
    decoded = decode(body, "text/html; charset=windows-1251")
    assert decoded.charset == "utf-8"
    assert decoded.text.startswith(RUSSIAN[:-3])


def test_a_page_declared_as_utf_16_by_itself_is_none() -> None:
    page = f'<meta charset="utf-16"><p>{QUOTES}</p>'
    assert decode(page.encode()).text == page


def test_the_article_of_a_mislabelled_page_is_read() -> None:
    page = f"<html><body><article><h1>Переговоры</h1><p>{RUSSIAN}</p><p>{RUSSIAN}</p></article></body></html>"
    cleaned = clean(PageInput(page.encode("cp1251"), "https://news.example/a", "text/html; charset=utf-8"))
    assert isinstance(cleaned, CleanedArticle)
    assert "«Мы не видим причин прерывать работу»" in cleaned.text
    assert cleaned.metadata.language == "ru"


@given(
    st.binary(max_size=400),
    st.sampled_from(["", "utf-8", "utf-16", "shift_jis", "hz", "utf-7", "idna", "rot13"]),
)
@example(codecs.BOM_UTF16_LE + b"\x00\xd8", "utf-8")
@example(codecs.BOM_UTF32_BE + b"\xff\xff", "")
@example(b"\x00", "utf-32")
@settings(max_examples=150)
def test_no_bytes_and_no_label_raise(body: bytes, label: str) -> None:
    decode(body, f"text/html; charset={label}").text.encode("utf-8")
