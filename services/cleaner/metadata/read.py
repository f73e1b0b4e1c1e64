"""The metadata of a page, each field from the best markup that states it: JSON-LD, then meta tags, then the rest.

Where two origins are equally good and say different things, neither is believed.
"""

from __future__ import annotations

from datetime import datetime

from services.cleaner.headline import without_site
from services.cleaner.metadata import access, images, when
from services.cleaner.metadata.authors import split_authors
from services.cleaner.metadata.evidence import (
    CONTRADICTED,
    Answer,
    best,
    is_telling,
    same_people,
    same_title,
    support,
)
from services.cleaner.metadata.json_ld import ArticleNode, article_node
from services.cleaner.metadata.markup import Markup
from services.cleaner.metadata.tags import read_tags
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
_TAG_META = ("article:tag", "parsely-tags", "sailthru.tags", "news_keywords", "keywords")
_DESCRIPTION_META = ("og:description", "description", "twitter:description")
_SECTION_META = ("article:section", "og:article:section", "parsely-section", "section")

_MOST_AUTHOR_LINKS = 4
_MOST_HEADINGS = 30  # first headings; a page of nothing else has thousands


class Stated:
    """Reads the fields of one page."""

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

    def title(self, shown: str | None = None) -> Answer[str] | None:
        """``shown``: the headline that stands over the text. Where another is stated, in words for search engines and
        social networks, and a first heading agrees with what is shown, it is that."""
        stated = self._stated_title()
        headings = self.markup.h1[:_MOST_HEADINGS]
        if stated is None:
            return self._written_title()
        title, origin = stated
        seen = [*headings, *filter(None, (shown,))]
        supported = support(title, seen, same_title)
        if supported == CONTRADICTED and shown:
            h1 = next((h1 for h1 in headings if is_telling(h1) and same_title(h1, shown)), None)
            if h1 is not None:
                return Answer(h1, "html", CONTRADICTED)
        return Answer(title, origin, supported)

    def _stated_title(self) -> tuple[str, str] | None:
        if self.article and (headline := self.article.text("headline")):
            return headline, "json-ld"
        stated = self.markup.first(*_TITLE_META)
        return (without_site(stated), "meta") if stated else None

    def _written_title(self) -> Answer[str] | None:
        """The one first heading, or the page's own title."""
        headings, written = self.markup.h1, [self.markup.title] if self.markup.title else []
        if len(headings) == 1:
            return Answer(headings[0], "html", support(headings[0], written, same_title))
        return Answer(without_site(written[0]), "html") if written else None

    def title_forms(self) -> list[str]:
        """Every form of the title, for finding it again in the text."""
        forms = [self.article.text("headline", "name") if self.article else None]
        forms += [self.markup.first(name) for name in _TITLE_META]
        forms += [self.markup.title, *self.markup.h1[:3]]
        return list(dict.fromkeys(form for form in forms if form))

    def publisher(self) -> Answer[str] | None:
        if self.article and (names := self.article.names("publisher")):
            return Answer(names[0][0], "json-ld")
        stated = self.markup.first(*_PUBLISHER_META)
        return Answer(stated, "meta") if stated and not stated.startswith(("http", "@")) else None

    def not_people(self) -> tuple[str | None, ...]:
        """Publisher and site, which sign as authors."""
        publisher = self.publisher()
        return publisher.value if publisher else None, self.markup.first("og:site_name")

    def authors(
        self, shown: tuple[str, ...] = (), said: tuple[str, ...] = ()
    ) -> Answer[tuple[str, ...]] | None:
        """``shown``: the names that stand in the page's byline, ``said``: those in a line of the text that is one."""
        others = self.not_people()
        people = self.article.names("author") if self.article else []
        in_meta = (split_authors(self.markup.meta.get(name, ()), others) for name in _AUTHOR_META)
        links = self.markup.author_links
        stated = (
            (split_authors((name for name, kind in people if "organization" not in kind), others), "json-ld"),
            (next(filter(None, in_meta), ()), "meta"),
            (split_authors(links, others) if len(links) <= _MOST_AUTHOR_LINKS else (), "link"),
            (shown, "html"),
            (said, "text"),
        )
        return best([(names, origin) for names, origin in stated if names], same_people)

    def section(self) -> Answer[str] | None:
        if self.article and (section := self.article.text("articleSection")):
            return Answer(section, "json-ld")
        stated = self.markup.first(*_SECTION_META)
        return Answer(stated, "meta") if stated else None

    def published_at(self, feed: str | None) -> Answer[Dated] | None:
        dates = when.published(self.markup, self.article, self.url, feed, self.observed)
        return best([(date, date.from_) for date in dates], when.same_day)

    def modified_at(self, published: Dated | None) -> Answer[Dated] | None:
        date = when.modified(self.markup, self.article, published, self.observed)
        return Answer(date, date.from_) if date else None

    def declared_language(self) -> Answer[str] | None:
        if self.article and (stated := self.article.text("inLanguage")):
            return Answer(stated, "json-ld")
        if self.markup.language:
            return Answer(self.markup.language, "html")
        in_meta = self.markup.first("content-language", "language", "og:locale")
        return Answer(in_meta, "meta") if in_meta else None

    def descriptions(self) -> list[tuple[str, str]]:
        """(what it says that the article is about, and other headlines; origin)."""
        names = ("description", "alternativeHeadline")
        stated = [(self.article.text(name), "json-ld") for name in names] if self.article else []
        stated += [(self.markup.first(name), "meta") for name in _DESCRIPTION_META]
        return [(text, origin) for text, origin in stated if text]

    def tags(self) -> Answer[tuple[str, ...]] | None:
        if self.article and (tags := read_tags(self.article.values("keywords"))):
            return Answer(tags, "json-ld")
        in_meta = (read_tags(self.markup.meta.get(name, ())) for name in _TAG_META)
        tags = next(filter(None, in_meta), ())
        return Answer(tags, "meta") if tags else None

    def image(self) -> images.Pictured | None:
        return images.lead_image(self.markup, self.article, self.url)

    def paywall(self) -> Answer[bool] | None:
        return access.paywall(self.article, self.markup.access)

    def canonical(self) -> str | None:
        """The page's rel=canonical, raw; None where it names several (search engines trust none of them then)."""
        named = {href.strip() for href in self.markup.canonicals if href.strip()}
        return named.pop() if len(named) == 1 else None
