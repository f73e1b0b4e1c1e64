"""Pages of a scenario on two outlets of the sample site. A path without an outlet is of the first one.

``/mill`` is the courier's, ``ledger:/copy`` the ledger's: hosts of their own, so that neither may speak for the other.
"""

from __future__ import annotations

import html
from asyncio import StreamWriter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from claimstream.sample import Request, SampleSite, respond

HOME = "courier"
ROBOTS = b"User-agent: *\nAllow: /\n"


@dataclass(frozen=True)
class Article:
    """An article of the scenario file. ``filler``: whether the paragraphs that all articles share stand in it too.

    ``marker`` stands in the text, where a stage can find it. ``canonical`` is a path, also of another outlet.
    """

    title: str
    quotes: Sequence[str]
    language: str = "en"
    canonical: str | None = None
    marker: str | None = None
    filler: bool = True


class ScenarioSite:
    """``filler``: paragraphs between which the quotes of an article stand."""

    def __init__(self, site: SampleSite, filler: Sequence[str] = ()) -> None:
        self._site = site
        self._filler = tuple(filler)
        self._published: set[str] = set()
        for outlet in site.base_urls:
            site.add(outlet, "/robots.txt", _answer(ROBOTS, "text/plain"))

    def url(self, path: str) -> str:
        """The URL of a path; one with a scheme, ``ftp://…``, is a URL already."""
        if "://" in path:
            return path
        outlet, path = _split(path)
        return self._site.url(outlet, path)

    def path(self, url: str) -> str:
        """The inverse; a URL of no outlet stays as it is."""
        for outlet, base in self._site.base_urls.items():
            if url.startswith(base + "/"):
                path = url[len(base) :]
                return path if outlet == HOME else f"{outlet}:{path}"
        return url

    def publish(self, path: str, article: Article) -> None:
        """From now on the article stands at this path, instead of what stood there."""
        page = self._page(article)
        self._site.add(*_split(path), _answer(page.encode(), "text/html; charset=utf-8"))
        self._published.add(path)

    def take_down(self, path: str) -> None:
        """From now on the path answers 404."""
        self._published.remove(path)
        self._site.remove(*_split(path))

    def _page(self, article: Article) -> str:
        texts = list(article.quotes)
        if article.filler:
            texts = [self._filler[0], *texts, *self._filler[1:]]
        if article.marker:
            texts.append(f"The reference of this report at the county's news desk is {article.marker}.")
        paragraphs = "\n".join(f"<p>{html.escape(text, quote=False)}</p>" for text in texts)
        canonical = ""
        if article.canonical is not None:
            canonical = f'<link rel="canonical" href="{html.escape(self.url(article.canonical))}">'
        title = html.escape(article.title, quote=False)
        return (
            f'<!DOCTYPE html>\n<html lang="{article.language}">\n'
            f'<head><meta charset="utf-8"><title>{title}</title>{canonical}'
            '<meta property="og:type" content="article"></head>\n'
            f"<body>\n<article>\n<h1>{title}</h1>\n{paragraphs}\n</article>\n</body>\n</html>\n"
        )


def _split(path: str) -> tuple[str, str]:
    outlet, colon, rest = path.partition(":")
    return (outlet, rest) if colon else (HOME, path)


def _answer(body: bytes, content_type: str):  # type: ignore[no-untyped-def]
    async def responder(_request: Request, writer: StreamWriter) -> None:
        await respond(writer, 200, {"Content-Type": content_type, "Connection": "close"}, body)

    return responder


def articles_of(tables: Mapping[str, Mapping[str, object]]) -> dict[str, Article]:
    """The articles of a scenario file by name, without ``filler``, which is none."""
    return {name: Article(**table) for name, table in tables.items() if name != "filler"}  # type: ignore[arg-type]
