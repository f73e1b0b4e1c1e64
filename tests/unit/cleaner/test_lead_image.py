"""The lead image: an address that a browser could fetch, of a picture that shows something, and whom it is by."""

from __future__ import annotations

import json
from typing import Any

import pytest
from lxml.html import document_fromstring

from services.cleaner.metadata.credits import credit_of
from services.cleaner.metadata.images import Pictured
from services.cleaner.metadata.markup import read_markup
from services.cleaner.metadata.read import Stated

URL = "https://news.example/2026/a"
BRIDGE = "https://img.news.example/old-bridge.jpg"
OG = '<meta property="og:image" content="{}">'


def pictured(head: str = "", body: str = "", **stated: Any) -> Pictured | None:
    node = {"@type": "NewsArticle", "headline": "The old bridge"} | stated
    script = f'<script type="application/ld+json">{json.dumps(node)}</script>'
    page = f"<html><head>{script}{head}</head><body>{body}<p>a</p></body></html>"
    return Stated(read_markup(document_fromstring(page)), URL, None).image()


def address(head: str = "", **stated: Any) -> str | None:
    found = pictured(head, **stated)
    return found.image.url if found else None


@pytest.mark.parametrize(
    "image",
    [
        BRIDGE,
        [BRIDGE, "https://img.news.example/other.jpg"],
        {"@type": "ImageObject", "url": BRIDGE, "width": 1200},
        [{"url": [BRIDGE]}],
        [{"contentUrl": BRIDGE, "width": {"value": 800}}],
        [None, 7, True, {"url": None}, [BRIDGE], "javascript:x", BRIDGE],
    ],
)
def test_json_ld_names_it_in_each_of_its_forms(image: Any) -> None:
    assert address(image=image) == BRIDGE
    assert address(OG.format("https://img.news.example/card.jpg"), image=image) == BRIDGE


@pytest.mark.parametrize(
    ("stated", "absolute"),
    [
        ("/img/a-ship.jpg", "https://news.example/img/a-ship.jpg"),
        ("//cdn.example/a-ship.jpg?w=1200&amp;s=9", "https://cdn.example/a-ship.jpg?w=1200&s=9"),
        ("https://cdn.example/a-ship.jpg?w=1200&amp;amp;s=9", "https://cdn.example/a-ship.jpg?w=1200&s=9"),
        ("  https://cdn.example/a ship.jpg ", "https://cdn.example/a%20ship.jpg"),
        ('https://cdn.example/a"><script>.jpg', "https://cdn.example/a%22%3E%3Cscript%3E.jpg"),
    ],
)
def test_an_address_is_absolute_and_escaped(stated: str, absolute: str) -> None:
    assert address(OG.format(stated.replace('"', "&quot;"))) == absolute


def test_an_address_is_relative_to_the_pages_base() -> None:
    assert (
        address('<base href="/archive/">' + OG.format("a-ship.jpg"))
        == "https://news.example/archive/a-ship.jpg"
    )
    assert address('<base href="javascript:alert(1)//">' + OG.format("a-ship.jpg")) is None
    assert (
        address('<base href="https://[">' + OG.format("a-ship.jpg")) == "https://news.example/2026/a-ship.jpg"
    )


@pytest.mark.parametrize(
    "hostile",
    [
        "javascript:alert(1)", "JavaScript://news.example/%0aalert(1)", "data:image/png;base64,iVBORw0KGgo=", "blob:a",
        "file:///etc/passwd", "ftp://news.example/a-ship.jpg", "https://user:word@news.example/a-ship.jpg", "https://",
        "https://[::1/a-ship.jpg", "http:///a-ship.jpg", "https://news.example/a\x00ship.jpg",
        "https://news.example/" + "a" * 3000, " ", "https://news.example/a-ship.jpg\nhttps://news.example/b.jpg",
    ],
)  # fmt: skip
def test_what_is_no_address_of_a_picture_is_left_out(hostile: str) -> None:
    assert address(image=hostile) is None
    assert address(image={"url": hostile, "contentUrl": BRIDGE}) == BRIDGE


@pytest.mark.parametrize(
    "name",
    ["logo.png", "site-logo_600x60.png", "default.jpg", "placeholder-image.jpg", "pixel.gif", "1x1-transparent.gif",
     "tracking/pixel.gif?u=1", "masthead.svg", "favicon.ico", "og_default.png", "avatar.jpg"],
)  # fmt: skip
def test_a_logo_a_placeholder_and_a_pixel_are_no_pictures_of_a_story(name: str) -> None:
    assert address(OG.format(f"https://news.example/{name}")) is None


def test_what_is_stated_to_be_tiny_or_to_be_the_publishers_logo_is_none() -> None:
    assert address(image={"url": BRIDGE, "width": 1, "height": "1"}) is None
    assert address(OG.format(BRIDGE) + '<meta property="og:image:width" content="1">') is None
    assert address(image=BRIDGE, publisher={"name": "Post", "logo": {"url": BRIDGE}}) is None
    assert address(image="https://img.news.example/how-a-logo-is-made-by-hand.jpg") is not None


def test_ten_thousand_images_are_read_no_further_than_the_first_few() -> None:
    assert address(image=["javascript:x"] * 10_000 + [BRIDGE]) is None
    assert address(OG.format("javascript:x") * 10_000 + OG.format(BRIDGE)) is None


CREDITED = [
    ({"creditText": "Photo: Ana Lund / Agency"}, "Ana Lund / Agency"),
    ({"creator": {"@type": "Person", "name": "Ana Lund"}}, "Ana Lund"),
    ({"creator": [{"name": "Ana Lund"}, {"name": "Tom Witt"}]}, "Ana Lund"),
    ({"copyrightHolder": "Agency"}, "Agency"),
    ({"creditText": "x" * 5000, "copyrightHolder": "Agency"}, "Agency"),
    ({"creditText": ["", None, 7, "Ana Lund"]}, "Ana Lund"),
    ({"creditText": "<b>Ana</b>"}, None),
    ({"creditText": {"name": {"name": "x"}}}, None),
    ({}, None),
]


@pytest.mark.parametrize(("stated", "credit"), CREDITED)
def test_the_pictures_own_object_says_whom_it_is_by(stated: dict[str, Any], credit: str | None) -> None:
    found = pictured(image={"url": BRIDGE} | stated)
    assert found is not None
    assert (found.image.credit, found.credit_origin) == (credit, "json-ld" if credit else None)


FIGURES = [
    ('<figure><img src="{}"><figcaption>A ship. <span class="c-Photo__credit">Ana Lund</span></figcaption></figure>',
     "Ana Lund"),
    ('<figure><img src="{}"><figcaption>The bridge in May. Photograph: Ana Lund/Agency</figcaption></figure>',
     "Ana Lund/Agency"),
    ('<figure><img src="{}"><figcaption>The bridge (Photo by Ana Lund)</figcaption></figure>', "Ana Lund"),
    ('<figure><img src="{}"><figcaption>The council is the source of the trouble.</figcaption></figure>', None),
    ('<figure><img src="/img/a-ship.jpg"><p class="credit">Tom Witt</p></figure>', None),
    ('<figure><img data-src="{}"><p class="credit">' + "Tom " * 1500 + "</p></figure>", None),
    ('<figure><img src="{}">' + "<p>a</p>" * 100 + '<p class="credit">Tom Witt</p></figure>', None),
    ('<img src="{}"><p class="credit">Tom Witt</p>', None),
]  # fmt: skip


@pytest.mark.parametrize(("figure", "credit"), FIGURES)
def test_or_the_figure_that_shows_it(figure: str, credit: str | None) -> None:
    found = pictured(body=figure.format(BRIDGE.replace(".jpg", "-1024x683.jpg")), image=BRIDGE)
    assert found is not None
    assert (found.image.credit, found.credit_origin) == (credit, "html" if credit else None)


@pytest.mark.parametrize(
    ("stated", "credit"),
    [
        ("© Ana Lund", "© Ana Lund"),
        ("Foto: dpa", "dpa"),
        ("Image copyright Agency Images", "Agency Images"),
        ("(Ana Lund/Agency)", "Ana Lund/Agency"),
        ("Image credit: Agency (2026)", "Agency (2026)"),
        ("Credit:", None),
        ("https://news.example", None),
        ("...", None),
        (None, None),
        (7, None),
    ],
)
def test_a_credit_is_a_name_without_its_label(stated: object, credit: str | None) -> None:
    assert credit_of(stated) == credit
