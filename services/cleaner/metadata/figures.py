"""A picture in the page with what stands under it: where the credit of the lead image may be read."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml.html import HtmlElement

from services.cleaner.metadata.values import text_of

_MOST_IN_ONE = 60  # elements; a figure that holds more is a part of the page
_SOURCES = ("src", "data-src", "data-lazy-src", "data-original")
_CREDIT = re.compile(
    r"(?:^|[\W_]|[a-z](?=[A-Z]))(?i:credits?|copyright|photographer|photo-?by|byline|attribution)(?:$|[\W_]|(?=[A-Z]))"
    r"|(?:^|\s)copyrightHolder(?:$|\s)"
)


@dataclass(frozen=True, slots=True)
class Figure:
    """Addresses, whole captions, and the texts of the elements whose names say that they are credits."""

    images: list[str]
    captions: list[str]
    credits: list[str]


def read_figure(element: HtmlElement) -> Figure:
    """What a figure element holds; nothing where that is half the page."""
    figure = Figure([], [], [])
    for number, inner in enumerate(
        element.iterdescendants("img", "figcaption", "span", "small", "cite", "p", "div")
    ):
        if number >= _MOST_IN_ONE:
            return Figure([], [], [])
        if inner.tag == "img":
            figure.images.extend(address for name in _SOURCES if (address := inner.get(name)))
            continue
        is_caption = inner.tag == "figcaption"
        is_credit = _CREDIT.search(f"{inner.get('class') or ''} {inner.get('itemprop') or ''}") is not None
        if (is_caption or is_credit) and (text := text_of(inner)):
            (figure.credits if is_credit else figure.captions).append(text)
    return figure
