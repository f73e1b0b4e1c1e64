"""Everything in a page that metadata may be read from, gathered in one place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from lxml.etree import XPath
from lxml.html import HtmlElement

from services.cleaner.metadata.access import MARK, AccessMark, read_mark
from services.cleaner.metadata.figures import Figure, read_figure
from services.cleaner.metadata.values import clean_value, text_of

_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_MOST_FIGURES = 12  # the lead image is among the first; a gallery has hundreds
_MOST_MARKS = 20  # an article has two or three


@dataclass(slots=True)
class Markup:
    """``meta`` maps a lower-cased name, property or itemprop to its contents in order. ``times`` are (class and
    itemprop words, machine-readable date) of time elements and of elements with itemprop datePublished. ``access``:
    marks of whether the article is for everybody. ``figures``: the first few. ``base``: what relative addresses are
    relative to, where that is not the page."""

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
    access: list[AccessMark] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)
    base: str | None = None

    def first(self, *names: str) -> str | None:
        """The first usable content under the first of the names that has one."""
        for name in names:
            for value in self.meta.get(name, ()):
                return value
        return None


def read_markup(tree: HtmlElement) -> Markup:
    """Gather what there is. Nothing is changed in the tree."""
    found = Markup(language=tree.get("lang") or tree.get("xml:lang"))
    for element in tree.iter(
        "meta", "link", "script", "title", "input", "time", "figure", "base", *_HEADINGS
    ):
        _READERS[element.tag](element, found)
    for element in _ANNOTATED(tree):
        _read_annotation(element, found)
    return found


def _read_meta(element: HtmlElement, found: Markup) -> None:
    name = (
        element.get("property") or element.get("name") or element.get("itemprop") or element.get("http-equiv")
    )
    value = clean_value(element.get("content"))
    if name and value:
        found.meta.setdefault(name.strip().lower(), []).append(value)


def _read_link(element: HtmlElement, found: Markup) -> None:
    if "canonical" in (element.get("rel") or "").lower().split() and element.get("href"):
        found.canonicals.append(element.get("href"))


def _read_script(element: HtmlElement, found: Markup) -> None:
    if element.text and "ld+json" in (element.get("type") or "").lower():
        found.json_ld.append(element.text)


def _read_title(element: HtmlElement, found: Markup) -> None:
    found.title = found.title or text_of(element)


def _read_heading(element: HtmlElement, found: Markup) -> None:
    found.headings += 1
    if element.tag == "h1" and (text := text_of(element)):
        found.h1.append(text)


def _read_input(element: HtmlElement, found: Markup) -> None:
    found.password_fields += (element.get("type") or "").lower() == "password"


def _read_time(element: HtmlElement, found: Markup) -> None:
    value = element.get("datetime") or element.get("content")
    if value:
        pubdate = "pubdate" if element.get("pubdate") is not None else ""
        words = f"{element.get('itemprop') or ''} {element.get('class') or ''} {pubdate}"
        found.times.append((words.lower(), value))


def _read_annotation(element: HtmlElement, found: Markup) -> None:
    name = element.get("itemprop")
    if name == MARK:
        if len(found.access) < _MOST_MARKS:
            found.access.append(read_mark(element))
    elif element.tag in _READ_BY_TAG:
        return
    elif name == "datePublished":
        _read_time(element, found)
    elif (name == "author" or element.get("rel") == "author") and (text := text_of(element)):
        found.author_links.append(text)


def _read_figure(element: HtmlElement, found: Markup) -> None:
    if len(found.figures) < _MOST_FIGURES:
        found.figures.append(read_figure(element))


def _read_base(element: HtmlElement, found: Markup) -> None:
    found.base = found.base or element.get("href")


def link_texts(tree: HtmlElement) -> set[str]:
    """The texts of all links that are as long as headlines."""
    texts = (text_of(element) for element in tree.iter("a"))
    return {text for text in texts if text and text.count(" ") >= 2}


_READERS: dict[str, Callable[[HtmlElement, Markup], None]] = {
    "meta": _read_meta,
    "link": _read_link,
    "script": _read_script,
    "title": _read_title,
    "input": _read_input,
    "time": _read_time,
    "figure": _read_figure,
    "base": _read_base,
    **dict.fromkeys(_HEADINGS, _read_heading),
}
# Microdata and rel=author. Half the time of one condition for both.
_ANNOTATED = XPath('//*[@itemprop]|//a[@rel="author"]')
_READ_BY_TAG = frozenset(("meta", "time", "link"))
