"""Bad input: each page that is no article gets one clear code, and nothing raises."""

from __future__ import annotations

import html

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from services.cleaner.article import CleanedArticle, Rejection
from services.cleaner.handler import clean
from services.cleaner.page import PageInput
from shared.contracts.text import is_normal

URL = "https://news.example/2026/a"
SENTENCE = "The council said on Wednesday that the bridge will be closed to all traffic from June. "
PROSE = f"<p>{SENTENCE * 3}</p><p>{SENTENCE * 4}</p>"
LOGIN = (
    '<html><body><h1>Sign in</h1><form><p>Please enter your name and your password to read on here today.</p>\
<input name="u"><input type="password" name="p"><button>Go</button></form></body></html>'
)
LINKS = "".join(
    f'<li><a href="/{n}">The headline number {n} of today with some more words</a></li>' for n in range(12)
)


@pytest.mark.parametrize(
    ("code", "body", "content_type"),
    [
        ("empty-page", b"", "text/html"),
        ("empty-page", b" \r\n\t ", None),
        ("not-an-article", b"<html><head><title>x</title></head><body></body></html>", "text/html"),
        ("not-an-article", b"<html></html>", "text/html"),
        ("login-page", LOGIN.encode(), "text/html"),
        ("index-page", f"<html><body><h1>News</h1><ul>{LINKS}</ul></body></html>".encode(), "text/html"),
        (
            "not-an-article",
            b"<html><body><script>render()</script><p>Enable JavaScript.</p></body></html>",
            "text/html",
        ),
        ("not-an-article", b'<?xml version="1.0"?><rss version="2.0"><channel/></rss>', "application/xml"),
        ("not-an-article", b'<?xml version="1.0"?>\n<!-- made by x --><feed xmlns="a"></feed>', "text/html"),
        ("not-an-article", b'{"error": "not found"}', None),
        ("not-an-article", b"Too short.", "text/plain"),
        ("not-text", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", "text/html"),
        ("not-text", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "image/png"),
        ("not-text", b"GIF89a\x01\x00\x01\x00", None),
        ("not-text", b"PK\x03\x04\x14\x00\x06\x00", "application/octet-stream"),
        ("not-text", b"\x1f\x8b\x08\x00\x00\x00\x00\x00", "text/html"),
        ("not-text", bytes(range(256)) * 40, "text/plain"),
        ("not-text", SENTENCE.encode() * 9, "application/json"),
        ("not-text", b"a,b\n1,2\n", "text/csv"),
        ("text-too-large", SENTENCE.encode() * 30_000, "text/plain"),
        ("text-too-large", b" x" * (9 * 2**20), "text/plain"),
    ],
)
def test_what_is_no_article_is_rejected_with_a_code_and_a_hint(
    code: str, body: bytes, content_type: str | None
) -> None:
    rejection = clean(PageInput(body, URL, content_type))
    assert isinstance(rejection, Rejection)
    assert rejection.code == code
    assert len(rejection.hint) > 20


def test_a_home_page_is_no_article_unless_it_says_so() -> None:
    page = f"<html><head>{{}}</head><body><h1>The day</h1>{PROSE}</body></html>"
    rejection = clean(PageInput(page.format("").encode(), "https://news.example/", "text/html"))
    assert isinstance(rejection, Rejection)
    assert "home page" in rejection.hint
    claimed = page.format('<meta property="og:type" content="article">')
    assert isinstance(
        clean(PageInput(claimed.encode(), "https://news.example/", "text/html")), CleanedArticle
    )


@pytest.mark.parametrize(
    "content_type", [None, "application/octet-stream", "text/html", "text/plain", "nonsense"]
)
def test_html_is_recognised_under_any_label(content_type: str | None) -> None:
    page = f"<!-- a comment --><!DOCTYPE html><html><body><h1>Bridge</h1>{PROSE}</body></html>"
    cleaned = clean(PageInput(page.encode(), URL, content_type))
    assert isinstance(cleaned, CleanedArticle)
    assert cleaned.text == f"{(SENTENCE * 3).strip()}\n\n{(SENTENCE * 4).strip()}"


HOSTILE = {
    "unclosed preformatted text": "<pre>" * 50_000 + PROSE,
    "deep nesting": "<div>" * 20_000 + SENTENCE + "</div>" * 20_000,
    "tags without end": "<div>" * 150_000 + SENTENCE,
    "deep inline nesting": "<b><i>" * 5_000 + SENTENCE,
    "deep lists": "<ul><li>" * 3_000 + SENTENCE,
    "deep tables": "<table><tr><td>" * 2_000 + SENTENCE,
    "nul bytes": f"<p>\0{SENTENCE}\0</p>" * 5,
    "frames": "<frameset><frame src=a><noframes>" + PROSE + "</noframes></frameset>",
    "CDATA": f"<p><![CDATA[{SENTENCE * 3}]]></p>{PROSE}",
    "an unclosed comment": f"{PROSE}<!-- {SENTENCE}",
    "an unclosed script": f"{PROSE}<script>{SENTENCE}",
    "a megabyte of text in one paragraph": f"<p>{SENTENCE * 12_000}</p>",
    "ten megabytes of markup": "<p>" + "<br>" * 2_500_000 + SENTENCE * 9,
    "ten megabytes of attributes": "<p title='" + "<b " * 3_000_000 + "'>" + SENTENCE * 9,
    "a word of a megabyte": "<p>" + "A" * 2**20 + "</p>",
    "many attributes": "<p " + " ".join(f"a{n}=b" for n in range(20_000)) + f">{SENTENCE * 9}</p>",
    "entities": "<p>" + "&amp;#0;&#xD800;&#x110000;&nosuch;&#1;" * 50 + SENTENCE * 9 + "</p>",
    "nested JSON-LD": '<script type="application/ld+json">' + "[" * 100_000 + "</script>" + PROSE,
    "JSON-LD of other shapes": '<script type="application/ld+json">{"@type": ["NewsArticle", 3],'
    ' "author": [[[]], {"name": {}}],'
    ' "headline": {"a": 1}, "publisher": 7, "datePublished": ["x", {}], "@graph": "no"}</script>' + PROSE,
    "a byline of capitals": "<h1>Bridge</h1><p>By " + "A" * 60 + "!</p>" + PROSE,
    "meta without content": "<meta name=author><meta property><meta content=x><link rel=canonical>" + PROSE,
    "an XML declaration": '<?xml version="1.0" encoding="utf-16"?><html><body>' + PROSE + "</body></html>",
    "processing instructions": "<?php echo 1 ?><?x" + PROSE,
    "a canonical that is no URL": '<link rel=canonical href="https://[">' + PROSE,
}


@pytest.mark.parametrize("page", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_html_gives_an_article_or_a_rejection(page: str) -> None:
    result = clean(
        PageInput(f"<html><body>{page}</body></html>".encode("utf-8", "surrogatepass"), URL, "text/html")
    )
    assert isinstance(result, Rejection) or (result.text and is_normal(result.text))


FRAGMENTS = st.sampled_from(
    [
        *(
            "<p>",
            "</p>",
            "<div>",
            "</div>",
            "<table>",
            "<td>",
            "<!--",
            "-->",
            "<![CDATA[",
            "]]>",
            "<pre>",
            "</pre>",
        ),
        *(
            "<html",
            "<body ",
            "<svg>",
            "<math>",
            "<select>",
            "<option>",
            "<template>",
            "<blockquote>",
            "<li>",
            "<br/>",
        ),
        *(
            "<script>",
            "</script>",
            '<script type="application/ld+json">',
            '{"@type":"NewsArticle"',
            "<title>",
            "<h1>",
        ),
        *(
            "<meta property=og:title content=",
            "<time datetime=",
            "<a href='",
            "'",
            '"',
            ">",
            "<",
            "&",
            "&#0;",
            "\0",
            "\x0b",
        ),
        *(
            "\ud800",
            "\u2028",
            "\u0301",
            "“",
            SENTENCE,
            "By Ann Lee",
            "Read more",
            "AP / TASS",
            "support us",
            "4 March 2026",
        ),
    ]
)


@given(
    st.lists(FRAGMENTS | st.text(max_size=8), max_size=40),
    st.sampled_from(["text/html", "text/plain", "", "x/y"]),
)
@example(["<html", "/>"], "text/html")
@settings(max_examples=120, deadline=None)
def test_no_soup_of_markup_raises(fragments: list[str], content_type: str) -> None:
    body = html.unescape("".join(fragments)).encode("utf-8", "surrogatepass")
    result = clean(PageInput(body, URL, content_type))
    assert isinstance(result, Rejection) or (result.text and is_normal(result.text))


@given(st.binary(max_size=300))
@settings(max_examples=100, deadline=None)
def test_no_bytes_raise(body: bytes) -> None:
    assert isinstance(clean(PageInput(body, URL, "text/html")), Rejection | CleanedArticle)
