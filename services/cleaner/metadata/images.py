"""The picture that an article opens with, and whom it is by: addresses and words of the page, nothing is fetched.

What stands where a picture would and shows nothing of the story is none: a site's logo, the grey square of a template,
the pixel that counts readers. Nor is what a browser would not fetch from a server (``data:``, ``javascript:``).
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

from services.cleaner.metadata.credits import credit
from services.cleaner.metadata.json_ld import ArticleNode
from services.cleaner.metadata.markup import Markup
from shared.contracts.canonical import MAX_URL_LENGTH, UrlRefused, canonical_url
from shared.contracts.parts import LeadImage

_META = (
    "og:image:secure_url",
    "og:image",
    "og:image:url",
    "twitter:image",
    "twitter:image:src",
    "image",
    "thumbnailurl",
)
_MOST = 10  # addresses that one origin states: crops of one picture
_SMALLEST = 60  # pixels a side; a face beside a byline has as many, a counting pixel one
_WORD = re.compile(r"[a-z]+")
# What files are called that show nothing of a story, where the name says little else.
_NO_PICTURE_WORDS = (
    "logo placeholder default blank spacer pixel beacon transparent favicon avatar sprite icon tracker tracking "
    "noimage fallback dummy empty"
)
_NO_PICTURE = frozenset(_NO_PICTURE_WORDS.split())
_FEW_WORDS = 3
# Relative to a page, these are the page or its root.
_NOWHERE = ("", "#", "/", "http:", "https:", "http://", "https://")
_DRAWN = (".svg", ".ico")  # vector drawings are logos
_SIZE_IN_NAME = re.compile(r"[-_.@](?:\d{2,4}x\d{2,4}|\d{3,4}w?|scaled|[23]x)$", re.I)
_SHORTEST_NAME = 5  # characters; "1.jpg" names no picture


@dataclass(frozen=True, slots=True)
class Pictured:
    """The picture, where it was stated, and where its credit was."""

    image: LeadImage
    origin: str
    credit_origin: str | None = None


def lead_image(markup: Markup, article: ArticleNode | None, url: str) -> Pictured | None:
    """The first usable one of the best origin: the article's own in JSON-LD, then the meta tags'."""
    base = _base(url, markup.base)
    objects = _objects(article)
    logos = set(_logos(article, base))
    stated = [(address, "json-ld") for one in objects if _is_large(one) for address in _addresses(one)]
    if _is_large({"width": markup.first("og:image:width"), "height": markup.first("og:image:height")}):
        stated += [(address, "meta") for name in _META for address in markup.meta.get(name, ())[:_MOST]]
    for address, origin in stated:
        found = absolute(address, base)
        if found and found not in logos and not _shows_nothing(found):
            by, said = credit(objects, markup.figures, _shows(found, base)) or (None, None)
            return Pictured(LeadImage(url=found, credit=by), origin, said)
    return None


def absolute(address: object, base: str) -> str | None:
    """An http or https address without credentials in its canonical form, or None."""
    if not isinstance(address, str) or len(address) > MAX_URL_LENGTH:
        return None
    address = html.unescape(address.strip())
    if not address.isprintable() or address.casefold() in _NOWHERE:
        return None
    try:
        return canonical_url(urljoin(base, address))
    except (UrlRefused, ValueError):
        return None


def _base(url: str, stated: str | None) -> str:
    try:
        return urljoin(url, stated) if stated else url
    except ValueError:
        return url


def _objects(article: ArticleNode | None) -> list[dict[str, Any]]:
    """The article's images in JSON-LD, those that are only an address too."""
    values = article.values("image")[:_MOST] if article else []
    return [value if isinstance(value, dict) else {"url": value} for value in values]


def _addresses(image: dict[str, Any]) -> list[Any]:
    stated = (image.get(name) for name in ("url", "contentUrl", "@id"))
    return [one for value in stated for one in (value if isinstance(value, list) else [value])[:_MOST]]


def _logos(article: ArticleNode | None, base: str) -> Iterator[str]:
    for publisher in article.values("publisher")[:_MOST] if article else ():
        logo = publisher.get("logo") if isinstance(publisher, dict) else None
        for address in _addresses(logo if isinstance(logo, dict) else {"url": logo}):
            if found := absolute(address, base):
                yield found


def _is_large(image: dict[str, Any]) -> bool:
    """Unless its sides are stated, and one is smaller than any picture's."""
    return all(
        side is None or side >= _SMALLEST for side in (_pixels(image.get(n)) for n in ("width", "height"))
    )


def _pixels(value: object) -> float | None:
    """ "600", 600, "600px"; schema.org also has an object with the value."""
    value = value.get("value") if isinstance(value, dict) else value
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    number = re.match(r"\d{1,6}", str(value))
    return float(number[0]) if number else None


def _shows_nothing(url: str) -> bool:
    name = _file(url)
    if name.endswith(_DRAWN):
        return True
    words = _WORD.findall(_stem(name))
    return len(words) <= _FEW_WORDS and not _NO_PICTURE.isdisjoint(words)


def _file(url: str) -> str:
    """What the file at an address is called, in small letters."""
    return unquote(urlsplit(url).path.rpartition("/")[2]).casefold()


def _stem(name: str) -> str:
    """A file's name without its suffix."""
    before, _, last = name.rpartition(".")
    return before or last


def _name(url: str) -> str:
    """What a picture's file is called, without the size that a crop of it adds."""
    name = _stem(_file(url))
    while (shorter := _SIZE_IN_NAME.sub("", name)) != name:
        name = shorter
    return name


def _shows(url: str, base: str) -> Callable[[object], bool]:
    """Whether an address (or one of a list) is this picture's, or that of a crop of it."""
    name = _name(url)

    def is_it(stated: object) -> bool:
        if isinstance(stated, list):
            return any(map(is_it, (one for one in stated[:_MOST] if isinstance(one, str))))
        other = absolute(stated, base)
        return other is not None and (other == url or (len(name) >= _SHORTEST_NAME and _name(other) == name))

    return is_it
