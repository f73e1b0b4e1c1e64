"""The metadata of a page, each field from the best markup that states it: JSON-LD, then meta tags, then the rest."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from services.cleaner.headline import without_site
from services.cleaner.metadata.authors import split_authors
from services.cleaner.metadata.dates import date_in_url, parse_date
from services.cleaner.metadata.json_ld import ArticleNode, article_node
from services.cleaner.metadata.markup import Markup
from shared.contracts.parts import Dated

_TITLE_META = (
    "og:title",
    "citation_title",
    "dc.title",
    "dcterms.title",
    "parsely-title",
    "sailthru.title",
    "twitter:title",
)
_AUTHOR_META = (
    "author",
    "article:author",
    "og:article:author",
    "byl",
    "parsely-author",
    "sailthru.author",
    "dc.creator",
    "dcterms.creator",
    "citation_author",
)
_PUBLISHER_META = ("og:site_name", "publisher", "dc.publisher", "dcterms.publisher", "citation_journal_title")
_SECTION_META = ("article:section", "og:article:section", "parsely-section", "section")
_PUBLISHED_META = (
    "article:published_time",
    "og:article:published_time",
    "datepublished",
    "parsely-pub-date",
    "sailthru.date",
    "citation_publication_date",
    "citation_date",
    "dcterms.issued",
    "dc.date.issued",
    "dcterms.created",
    "dcterms.date",
    "dc.date",
    "publication_date",
    "publish-date",
    "publishdate",
    "pubdate",
    "cxenseparse:recs:publishtime",
    "date",
)
_MODIFIED_META = (
    "article:modified_time",
    "og:updated_time",
    "datemodified",
    "dcterms.modified",
    "last-modified",
)
_PUBLISHED_WORDS = ("datepublished", "pubdate", "published", "publish", "entry-date", "post-date", "posted")


class Stated:
    """Reads the fields of one page; every answer is (value, origin) or None."""

    def __init__(self, markup: Markup, url: str, observed: datetime | None) -> None:
        self.markup = markup
        self.url = url
        self.observed = observed
        titles = [title for title in (markup.first("og:title"), *markup.h1) if title]
        self.article: ArticleNode | None = article_node(markup.json_ld, url, titles)

    @property
    def says_article(self) -> bool:
        """The page itself claims to be an article."""
        kind = (self.markup.first("og:type") or "").lower()
        return (
            self.article is not None
            or kind.startswith("article")
            or "article:published_time" in self.markup.meta
        )

    @property
    def says_video(self) -> bool:
        """The page itself claims to be a video and no article."""
        return (self.markup.first("og:type") or "").lower().startswith("video") and not self.says_article

    def title(self) -> tuple[str, str] | None:
        if self.article and (headline := self.article.text("headline")):
            return headline, "json-ld"
        if stated := self.markup.first(*_TITLE_META):
            return without_site(stated), "meta"
        if len(self.markup.h1) == 1:
            return self.markup.h1[0], "html"
        return (without_site(self.markup.title), "html") if self.markup.title else None

    def title_forms(self) -> list[str]:
        """Every form of the title, for finding it again in the text."""
        forms = [self.article.text("headline", "name") if self.article else None]
        forms += [self.markup.first(name) for name in _TITLE_META]
        forms += [self.markup.title, *self.markup.h1[:3]]
        return list(dict.fromkeys(form for form in forms if form))

    def publisher(self) -> tuple[str, str] | None:
        if self.article and (names := self.article.names("publisher")):
            return names[0][0], "json-ld"
        stated = self.markup.first(*_PUBLISHER_META)
        return (stated, "meta") if stated and not stated.startswith(("http", "@")) else None

    def authors(self) -> tuple[tuple[str, ...], str] | None:
        publisher = self.publisher()
        others = (publisher[0] if publisher else None, self.markup.first("og:site_name"))
        if self.article:
            people = [name for name, kind in self.article.names("author") if "organization" not in kind]
            if names := split_authors(people, others):
                return names, "json-ld"
        for name in _AUTHOR_META:
            if names := split_authors(self.markup.meta.get(name, ()), others):
                return names, "meta"
        # More links than a byline has are a list of the site's writers.
        if 0 < len(self.markup.author_links) <= 4 and (
            names := split_authors(self.markup.author_links, others)
        ):
            return names, "link"
        return None

    def section(self) -> tuple[str, str] | None:
        if self.article and (section := self.article.text("articleSection")):
            return section, "json-ld"
        stated = self.markup.first(*_SECTION_META)
        return (stated, "meta") if stated else None

    def published_at(self, feed: str | None) -> Dated | None:
        timed = [
            value for words, value in self.markup.times if any(word in words for word in _PUBLISHED_WORDS)
        ]
        return (
            self._date(self.article.values("datePublished") if self.article else (), "json-ld")
            or self._meta_date(_PUBLISHED_META)
            or self._date([feed], "feed")
            or self._agreed(timed or [value for _, value in self.markup.times])
            or date_in_url(self.url, self.observed)
        )

    def modified_at(self) -> Dated | None:
        return self._date(
            self.article.values("dateModified") if self.article else (), "json-ld"
        ) or self._meta_date(_MODIFIED_META)

    def declared_language(self) -> str | None:
        in_json = self.article.text("inLanguage") if self.article else None
        return (
            in_json or self.markup.language or self.markup.first("content-language", "language", "og:locale")
        )

    def canonical(self) -> str | None:
        """The page's rel=canonical, raw; None where it names several (search engines trust none of them then)."""
        named = {href.strip() for href in self.markup.canonicals if href.strip()}
        return named.pop() if len(named) == 1 else None

    def _meta_date(self, names: Iterable[str]) -> Dated | None:
        for name in names:
            if found := self._date(self.markup.meta.get(name, ()), "meta"):
                return found
        return None

    def _date(self, values: Iterable[object], origin: str) -> Dated | None:
        read: Callable[[str], Dated | None] = lambda value: parse_date(value, origin, self.observed)  # noqa: E731
        return next((found for value in values if isinstance(value, str) and (found := read(value))), None)

    def _agreed(self, values: list[str]) -> Dated | None:
        """Of time elements without a hint of which is the article's, only an undisputed day counts."""
        found = [date for value in values if (date := parse_date(value, "time", self.observed))]
        return found[0] if found and len({date.value[:10] for date in found}) == 1 else None
