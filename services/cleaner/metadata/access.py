"""Whether an article is for everybody, as the page marks it for search engines (schema.org, isAccessibleForFree).

Words on the page say nothing here: an appeal to subscribe stands under free articles too. A page that contradicts
itself has said nothing either.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from lxml.html import HtmlElement

from services.cleaner.metadata.evidence import Answer
from services.cleaner.metadata.json_ld import ArticleNode

MARK = "isAccessibleForFree"
_BOOLEANS = {"true": True, "false": False}


@dataclass(frozen=True, slots=True)
class AccessMark:
    """One ``itemprop="isAccessibleForFree"``. ``part``: of a part of the article. ``scope``: the item that the mark, or
    the part, belongs to: a list of articles has several."""

    value: str
    part: bool
    scope: HtmlElement | None


def read_mark(element: HtmlElement) -> AccessMark:
    """The mark that an element is: by content in meta, by href in link, by its words elsewhere."""
    value = element.get("content") or element.get("href") or element.text or ""
    scope = _scope_of(element)
    part = scope is not None and "hasPart" in (scope.get("itemprop") or "").split()
    return AccessMark(value, part, _scope_of(scope) if part else scope)


def _scope_of(element: HtmlElement | None) -> HtmlElement | None:
    if element is None:
        return None
    return next((one for one in element.iterancestors() if one.get("itemscope") is not None), None)


def paywall(article: ArticleNode | None, marks: Sequence[AccessMark]) -> Answer[bool] | None:
    """Whether there is one; None where the page says nothing, or not one thing."""
    stated = _in_json(article)
    marked = _in_microdata(marks)
    both = stated | marked
    return Answer(both.pop(), "json-ld" if stated else "microdata") if len(both) == 1 else None


def _in_json(article: ArticleNode | None) -> set[bool]:
    if article is None:
        return set()
    own = _booleans(article.every(MARK))
    parts = [part for part in article.every("hasPart") if isinstance(part, dict) and _is_element(part)]
    return _verdicts(own, _booleans(part.get(MARK) for part in parts))


def _in_microdata(marks: Sequence[AccessMark]) -> set[bool]:
    if len({mark.scope for mark in marks}) != 1:
        return set()
    return _verdicts(
        _booleans(mark.value for mark in marks if not mark.part),
        _booleans(mark.value for mark in marks if mark.part),
    )


def _verdicts(free: set[bool], parts: set[bool]) -> set[bool]:
    """The answers that follow: none, one, or both where they contradict each other. That a part is free says nothing
    of the rest."""
    answers = {not value for value in free}
    return answers | {True} if False in parts else answers


def _booleans(values: Iterable[object]) -> set[bool]:
    """schema.org writes them as truth values, as words, and as addresses that end in the words."""
    found = set()
    for value in values:
        if isinstance(value, bool):
            found.add(value)
        elif isinstance(value, str):
            word = value.strip().rpartition("/")[2].casefold()
            if word in _BOOLEANS:
                found.add(_BOOLEANS[word])
    return found


def _is_element(part: dict[str, Any]) -> bool:
    """A piece of this page, and not an article that it consists of."""
    return "WebPageElement" in str(part.get("@type")) or "cssSelector" in part
