"""Everything in a page that metadata may be read from, gathered in one walk over the tree."""

from __future__ import annotations

import html
from dataclasses import dataclass, field

from lxml.html import HtmlElement

from shared.contracts.text import normalise

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
# Longer values are keyword dumps and inlined scripts, never a name or a title.
_LONGEST_VALUE = 1000


@dataclass(slots=True)
class Markup:
    """``meta`` maps a lower-cased name, property or itemprop to its contents in order. ``times`` are (class and
    itemprop words, machine-readable date) of time elements and of elements with itemprop datePublished."""

    meta: dict[str, list[str]] = field(default_factory=dict)
    canonicals: list[str] = field(default_factory=list)
    json_ld: list[str] = field(default_factory=list)
    title: str | None = None
    h1: list[str] = field(default_factory=list)
    headings: int = 0
    times: list[tuple[str, str]] = field(default_factory=list)
    author_links: list[str] = field(default_factory=list)
    language: str | None = None
    password_fields: int = 0

    def first(self, *names: str) -> str | None:
        """The first usable content under the first of the names that has one."""
        for name in names:
            for value in self.meta.get(name, ()):
                return value
        return None


def read_markup(tree: HtmlElement) -> Markup:
    """Walk the tree once. Nothing is changed in it."""
    found = Markup(language=tree.get("lang") or tree.get("xml:lang"))
    for element in tree.iter():
        tag = element.tag
        if not isinstance(tag, str):
            continue
        if tag == "meta":
            _read_meta(element, found)
        elif tag == "link":
            if "canonical" in (element.get("rel") or "").lower().split() and element.get("href"):
                found.canonicals.append(element.get("href"))
        elif tag == "script":
            if "ld+json" in (element.get("type") or "").lower() and element.text:
                found.json_ld.append(element.text)
        elif tag == "title":
            found.title = found.title or _text_of(element)
        elif tag in _HEADINGS:
            found.headings += 1
            if tag == "h1" and (text := _text_of(element)):
                found.h1.append(text)
        elif tag == "input":
            found.password_fields += (element.get("type") or "").lower() == "password"
        else:
            _read_annotated(element, tag, found)
    return found


def _read_meta(element: HtmlElement, found: Markup) -> None:
    name = (
        element.get("property") or element.get("name") or element.get("itemprop") or element.get("http-equiv")
    )
    value = clean_value(element.get("content"))
    if name and value:
        found.meta.setdefault(name.strip().lower(), []).append(value)


def _read_annotated(element: HtmlElement, tag: str, found: Markup) -> None:
    prop = element.get("itemprop") or ""
    if tag == "time" or prop in ("datePublished", "dateModified"):
        value = element.get("datetime") or element.get("content")
        if value:
            words = f"{prop} {element.get('class') or ''} {'pubdate' if element.get('pubdate') is not None else ''}"
            found.times.append((words.lower(), value))
    elif (tag == "a" and "author" in (element.get("rel") or "").lower().split()) or prop == "author":
        text = _text_of(element)
        if text:
            found.author_links.append(text)


def _text_of(element: HtmlElement) -> str | None:
    return clean_value(" ".join(element.itertext()))


def clean_value(value: object) -> str | None:
    """A markup's value as one normal line, or None. Entities that were escaped twice are resolved."""
    if not isinstance(value, str) or len(value) > 4 * _LONGEST_VALUE:
        return None
    if "&" in value:
        value = html.unescape(value)
    line = normalise(value).replace("\n", " ").replace("  ", " ")
    return line if line and len(line) <= _LONGEST_VALUE else None
