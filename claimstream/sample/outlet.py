"""An outlet of the sample site: its settings, its articles, its templates."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from string import Template

from claimstream.sample.article import Article, read_articles

OUTLETS = ("courier", "ledger", "dispatch")


@dataclass(frozen=True)
class Outlet:
    """What stands in an outlet's `outlet.toml`, and its articles in all versions.

    `feed` is "rss" or "atom"; `section` is the path before an article's slug; `charset` is the encoding
    of its pages and its feed; `gzip` says whether it compresses for clients that accept it.
    """

    key: str
    title: str
    tagline: str
    language: str
    charset: str
    feed: str
    feed_path: str
    section: str
    gzip: bool
    robots: str
    articles: tuple[Article, ...]

    def path(self, slug: str) -> str:
        """The path of the article's own URL."""
        return f"/{self.section}/{slug}"

    def current(self, version: int) -> list[Article]:
        """Each article as it stands when the site is at this version: the newest that is not later."""
        newest = {article.slug: article for article in self.articles if article.version <= version}
        return sorted(newest.values(), key=lambda article: article.updated, reverse=True)

    def template(self, name: str) -> Template:
        """A template of this outlet's own folder."""
        return _template(f"{self.key}/{name}")


def shared_template(name: str) -> Template:
    """A template that all outlets use."""
    return _template(name)


@cache
def load_outlets() -> dict[str, Outlet]:
    """All outlets, in the order in which they get their loopback addresses."""
    return {key: _load(key) for key in OUTLETS}


def _root() -> Traversable:
    return files("claimstream.sample") / "outlets"


@cache
def _template(name: str) -> Template:
    return Template((_root() / name).read_text(encoding="utf-8"))


def _load(key: str) -> Outlet:
    folder = _root() / key
    settings = tomllib.loads((folder / "outlet.toml").read_text(encoding="utf-8"))
    return Outlet(key=key, articles=tuple(read_articles(folder / "articles")), **settings)
