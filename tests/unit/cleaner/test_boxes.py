"""Sign-up forms, polls and share prices between the paragraphs go; fields and fragments of an article's own stay."""

from __future__ import annotations

import pytest
from lxml.html import HtmlElement, document_fromstring

from services.cleaner.body import Block
from services.cleaner.boxes import boxes

LEAD = "The council said on Wednesday that the bridge will be closed, and that nobody will be sent across it."
REST = "Engineers found cracks in four of the nine steel arches, which were built in 1931 by the navy."


def lines(*texts: str) -> list[Block]:
    return [Block(text, index=i) for i, text in enumerate(texts)]


def of_page(html: str) -> list[Block]:
    """A block each element that has text of its own."""
    page: HtmlElement = document_fromstring(html)
    return [
        Block(element.text, element.tag == "h2", i, ((0, 1),), element)
        for i, element in enumerate(page.iter("p", "h2", "b"))
        if element.text
    ]


@pytest.mark.parametrize(
    "field",
    [
        '<input type="email">',
        '<input name="e-mail">',
        '<input type="text" id="mail">',
        '<input type="radio">',
    ],
)
def test_what_stands_around_the_field_for_an_address_or_a_vote_goes(field: str) -> None:
    box = f"<div><b>The letter</b><p>We write it on Sundays.</p><form>{field}</form></div>"
    page = f"<body><p>{LEAD}</p>{box}<p>{REST}</p>"
    assert boxes(of_page(page)) == {1, 2}


@pytest.mark.parametrize(
    "field",
    [
        '<input type="search">',
        '<input name="q">',
        '<input type="hidden" name="mail">',
        '<input type="checkbox">',
    ],
)
def test_other_fields_take_nothing_with_them(field: str) -> None:
    page = f"<body><p>{LEAD}</p><div><b>The letter</b><form>{field}</form></div><p>{REST}</p>"
    assert not boxes(of_page(page))


def test_of_a_short_note_beside_a_form_nothing_goes() -> None:
    assert not boxes(of_page(f"<body><div><p>{LEAD}</p><input type='email'></div><p>Nobody was hurt.</p>"))


def test_in_lines_the_heading_of_a_newsletters_promise_goes() -> None:
    assert boxes(lines(LEAD, "The Sunday letter", "The week, delivered every Sunday.", REST)) == {1}
    assert not boxes(lines(LEAD, "What comes next", "Read more: Ferries were full", REST))


@pytest.mark.parametrize(
    ("texts", "gone"),
    [
        ((LEAD, "Poll: Should the bridge be closed?", "Yes", "No", REST), {1, 2, 3}),
        ((LEAD, "Reader poll", "Should the bridge be closed?", "Yes", "No", "Not yet"), {1, 2, 3, 4, 5}),
        ((LEAD, "Umfrage: Soll die Brücke gesperrt werden?", "Ja", "Nein", REST), {1, 2, 3}),
        ((LEAD, "Poll: Who leads in the north?", REST), set()),
        ((LEAD, "Poll", REST), set()),
    ],
)
def test_a_poll_goes_with_its_answers_and_a_heading_about_one_stays(
    texts: tuple[str, ...], gone: set[int]
) -> None:
    assert boxes(lines(*texts)) == gone


def test_a_share_price_goes_and_a_table_of_them_stays() -> None:
    assert boxes(lines(LEAD, "KRL", "214.5p", "−3.1%", REST)) == {1, 2, 3}
    assert not boxes(lines(LEAD, "KRL", "214.5p", "−3.1%", "BWT", "80.0p", "+1.4%", REST))
