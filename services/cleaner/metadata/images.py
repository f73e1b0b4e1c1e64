"""The picture that an article opens with, and whom it is by: addresses and words of the page, nothing is fetched.

What stands where a picture would and shows nothing of the story is none: a site's logo, the grey square of a template,
the pixel that counts readers. Nor is what a browser would not fetch from a server (``data:``, ``javascript:``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

from services.cleaner.metadata.figures import Figure
from services.cleaner.metadata.json_ld import ArticleNode
from services.cleaner.metadata.markup import Markup
from services.cleaner.metadata.values import clean_value
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
_NO_PICTURE = frozenset(
    (
        "logo",
        "placeholder",
        "default",
        "blank",
        "spacer",
        "pixel",
        "beacon",
        "transparent",
        "favicon",
        "avatar",
    )
    + ("sprite", "icon", "tracker", "tracking", "noimage", "fallback", "dummy", "empty")
)
_FEW_WORDS = 3
_NOWHERE = (
    "",
    "#",
    "/",
    "http:",
    "https:",
    "http://",
    "https://",
)  # relative to a page, these are the page or its root
_DRAWN = (".svg", ".ico")  # vector drawings are logos
_SIZE_IN_NAME = re.compile(r"[-_.@](?:\d{2,4}x\d{2,4}|\d{3,4}w?|scaled|[23]x)$", re.I)
_SHORTEST_NAME = 5  # characters; "1.jpg" names no picture

_LONGEST_CREDIT = 200  # characters, and words below: what is longer is a caption
_LONGEST_CREDIT_WORDS = 20
_CREDIT_LABEL = re.compile(
    r"\(?(?:(?:photo(?:graph(?:er|y)?)?s?|image|picture|illustration|foto|bild|crédits?(?: photo)?)"
    r"(?:[ -]?(?:credit|courtesy|source))?s?|credits?|source|quelle)\s*(?::|\b(?:by|of|von|de|par)\b|©)\s*",
    re.I,
)
_CREDIT_FIELDS = ("creditText", "credit", "creator", "copyrightHolder", "copyrightNotice")


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
            credit = _credit(found, objects, markup.figures, base)
            return Pictured(LeadImage(url=found, credit=credit and credit[0]), origin, credit and credit[1])
    return None


def absolute(address: object, base: str) -> str | None:
    """An http or https address without credentials in its canonical form, or None."""
    if not isinstance(address, str) or len(address) > MAX_URL_LENGTH:
        return None
    address = address.strip()
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


def credit_of(text: object) -> str | None:
    """Whom a credit names, without "Photo:", "Credit:" and brackets; None for what is no credit."""
    line = clean_value(text)
    if line is None or len(line) > _LONGEST_CREDIT or "<" in line:
        return None
    label = _CREDIT_LABEL.match(line)
    line = (line[label.end() :] if label else line).strip(" |-–—:;,.")
    line = (
        line.strip("()[]").strip()
        if line.startswith(("(", "[")) or line.count("(") != line.count(")")
        else line
    )
    named = any(character.isalpha() for character in line) and "://" not in line
    return line if named and len(line.split()) <= _LONGEST_CREDIT_WORDS else None


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
    name = unquote(urlsplit(url).path.rpartition("/")[2]).casefold()
    if name.endswith(_DRAWN):
        return True
    words = _WORD.findall(name.rpartition(".")[0] or name)
    return len(words) <= _FEW_WORDS and not _NO_PICTURE.isdisjoint(words)


def _credit(
    url: str, objects: Sequence[dict[str, Any]], figures: Sequence[Figure], base: str
) -> tuple[str, str] | None:
    """Of the picture's own object, then of the figure that shows it."""
    name = _name(url)
    for image in objects:
        if any(_is_same(url, name, absolute(address, base)) for address in _addresses(image)):
            for field in _CREDIT_FIELDS:
                if found := next(filter(None, map(credit_of, _names(image.get(field)))), None):
                    return found, "json-ld"
    for figure in figures:
        if any(_is_same(url, name, absolute(address, base)) for address in figure.images):
            marked = map(credit_of, figure.credits)
            said = (credit_of(c[label.start() :]) for c in figure.captions if (label := _last_label(c)))
            if found := next(filter(None, (*marked, *said)), None):
                return found, "html"
    return None


def _names(value: object) -> list[object]:
    values = value if isinstance(value, list) else [value]
    return [one.get("name") if isinstance(one, dict) else one for one in values[:_MOST]]


def _last_label(caption: str) -> re.Match[str] | None:
    """Where a caption's credit begins: at its last label, behind the sentence's end or a bracket."""
    labels = [
        m for m in _CREDIT_LABEL.finditer(caption) if m[0].rstrip().endswith((":", "©")) or m[0][0] == "("
    ]
    return labels[-1] if labels else None


def _name(url: str) -> str:
    """What a picture's file is called, without the size that a crop of it adds."""
    stem = unquote(urlsplit(url).path.rpartition("/")[2]).rpartition(".")
    name = (stem[0] or stem[2]).casefold()
    while (shorter := _SIZE_IN_NAME.sub("", name)) != name:
        name = shorter
    return name


def _is_same(url: str, name: str, other: str | None) -> bool:
    return other is not None and (other == url or (len(name) >= _SHORTEST_NAME and _name(other) == name))
