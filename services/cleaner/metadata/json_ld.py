"""The article as the page describes it in JSON-LD (schema.org)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

from services.cleaner.metadata.values import clean_value

_ARTICLE_TYPE = re.compile(
    r"article$|^(?:blogposting|liveblogposting|report|socialmediaposting|review)$", re.I
)
# Wrappers that templates put around the JSON, which browsers pass over and parsers do not.
_WRAPPER = re.compile(r"^\s*(?://\s*)?(?:<!--|<!\[CDATA\[)|(?://\s*)?(?:-->|\]\]>)\s*$|;\s*$")
_LARGEST_SCRIPT = 2**20  # characters; real ones end at 200,000, with the whole article inside
_DEEPEST = 12


@dataclass(frozen=True, slots=True)
class ArticleNode:
    """One Article of the page's JSON-LD; ``lookup`` resolves references by ``@id`` within the page. ``twins``: other
    nodes that describe the same article."""

    node: dict[str, Any]
    lookup: dict[str, dict[str, Any]]
    twins: tuple[ArticleNode, ...] = ()

    def text(self, *names: str) -> str | None:
        for name in names:
            for value in self.values(name):
                if text := clean_value(value):
                    return text
        return None

    def values(self, name: str) -> list[Any]:
        """The values of a property, as a list, with references resolved."""
        value = self.node.get(name)
        return [
            self._resolved(item)
            for item in (value if isinstance(value, list) else [value])
            if item is not None
        ]

    def every(self, name: str) -> list[Any]:
        """The values of a property here and in the twins: all that the page says of it."""
        return self.values(name) + [value for twin in self.twins for value in twin.values(name)]

    def names(self, name: str) -> list[tuple[str, str]]:
        """(name, lower-cased type or '') of the people or organisations under a property."""
        found: list[tuple[str, str]] = []
        for value in self.values(name):
            kind = ""
            if isinstance(value, dict):
                kinds = value.get("@type")
                kind = str(kinds[0] if isinstance(kinds, list) and kinds else kinds or "").lower()
                value = value.get("name") or " ".join(
                    part for key in ("givenName", "familyName") if isinstance(part := value.get(key), str)
                )
            texts = map(clean_value, value if isinstance(value, list) else [value])
            found += [(text, kind) for text in texts if text]
        return found

    def _resolved(self, value: Any) -> Any:
        if isinstance(value, dict) and isinstance(value.get("@id"), str) and "name" not in value:
            return self.lookup.get(value["@id"], value)
        return value


def article_node(scripts: list[str], url: str, titles: list[str]) -> ArticleNode | None:
    """The node that describes this page's article. Where several articles are described, the one that names the
    page's URL or title; None where that does not decide: it is then one of a list of links."""
    nodes = [node for script in scripts for node in _nodes(script)]
    lookup = {node["@id"]: node for node in nodes if isinstance(node.get("@id"), str) and len(node) > 1}
    articles = [ArticleNode(node, lookup) for node in nodes if _is_article(node)]
    if len({article.text("headline", "name") for article in articles}) <= 1:
        articles.sort(key=lambda article: len(article.node), reverse=True)
        return replace(articles[0], twins=tuple(articles[1:])) if articles else None
    wanted = {title.casefold() for title in titles}
    return next(
        (
            article
            for article in articles
            if _names_page(article.node, url) or (article.text("headline", "name") or "").casefold() in wanted
        ),
        None,
    )


def _nodes(script: str) -> Iterator[dict[str, Any]]:
    if len(script) > _LARGEST_SCRIPT:
        return
    try:
        parsed = json.loads(script, strict=False)
    except RecursionError:
        return
    except ValueError:
        try:
            parsed = json.loads(_WRAPPER.sub("", _WRAPPER.sub("", script)), strict=False)
        except (ValueError, RecursionError):
            return
    yield from _walk(parsed, 0)


def _walk(value: Any, depth: int) -> Iterator[dict[str, Any]]:
    if depth > _DEEPEST:
        return
    if isinstance(value, list):
        for item in value:
            yield from _walk(item, depth + 1)
    elif isinstance(value, dict):
        yield value
        for key in ("@graph", "mainEntity", "mainEntityOfPage", "author", "publisher"):
            if isinstance(value.get(key), dict | list):
                yield from _walk(value[key], depth + 1)


def _is_article(node: dict[str, Any]) -> bool:
    kinds = node.get("@type")
    return any(
        isinstance(kind, str) and _ARTICLE_TYPE.search(kind)
        for kind in (kinds if isinstance(kinds, list) else [kinds])
    )


def _names_page(node: dict[str, Any], url: str) -> bool:
    page = node.get("mainEntityOfPage")
    candidates = [node.get("url"), node.get("@id"), page.get("@id") if isinstance(page, dict) else page]
    return any(isinstance(candidate, str) and _path(candidate) == _path(url) for candidate in candidates)


def _path(url: str) -> str | None:
    try:
        return urlsplit(url).path.rstrip("/") or None
    except ValueError:
        return None
