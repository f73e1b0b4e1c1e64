"""What the cleaner makes of a page: an article, or the reason why it is none."""

from __future__ import annotations

from dataclasses import dataclass, field

from shared.contracts import ids
from shared.contracts.enums import ArticleState
from shared.contracts.parts import Dated, LeadImage, TextBlock


@dataclass(frozen=True, slots=True)
class Metadata:
    """What the page says of the article. None where it does not say, or where we are not sure.

    ``provenance`` names for each field that is set the markup it came from: json-ld, microdata, meta, html, link, time,
    url, feed, text (the article's own lines) or detected; for the article's URL, link where the page names another than
    it was fetched under, else url. ``confidence``: for the fields whose truth somebody has marked on enough pages, how
    often one of this origin, so supported by the others, was right.
    """

    title: str | None = None
    authors: tuple[str, ...] = ()
    publisher: str | None = None
    section: str | None = None
    language: str | None = None
    language_declared: str | None = None
    published_at: Dated | None = None
    modified_at: Dated | None = None
    standfirst: str | None = None
    tags: tuple[str, ...] = ()
    image: LeadImage | None = None
    paywall: bool | None = None
    provenance: dict[str, str] = field(default_factory=dict)
    confidence: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CleanedArticle:
    """The article of a page. ``url`` is the one that its identity comes from, ``canonical_hint`` a rel=canonical
    that does not count for it. ``blocks``: the text's paragraphs, and where in the page they stand; ``beside``: the
    texts of the page's other blocks. A gone article (``state``) has neither text nor version."""

    url: str
    site: str
    metadata: Metadata
    text: str = ""
    state: ArticleState = ArticleState.CURRENT
    canonical_hint: str | None = None
    blocks: tuple[TextBlock, ...] = ()
    beside: tuple[str, ...] = field(default=(), repr=False)

    @property
    def version(self) -> str:
        """The text's (:func:`~shared.contracts.ids.version_of`); empty where there is none."""
        return ids.version_of(self.text) if self.text else ""


@dataclass(frozen=True, slots=True)
class Rejection:
    """This page gives no article. ``code`` is stable, ``hint`` says what the page is and what can be done."""

    code: str
    hint: str
