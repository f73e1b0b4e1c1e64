"""Which thing travels on which topic: its model, its event type, its schema and who writes it. One table for
encoders, decoders, generated schemas and AsyncAPI."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from shared.contracts import topics
from shared.contracts.events import (
    ArticleCleaned,
    ClaimChanged,
    ClaimsExtracted,
    Heartbeat,
    PageFetched,
    UrlOutcome,
    UrlSubmitted,
    VisitFate,
)
from shared.contracts.parts import Frozen

MAJOR: Final = 1  # stands in the topics' names; a breaking change is a new topic


@dataclass(frozen=True, slots=True)
class Thing:
    """One kind of record. ``minor`` rises with each addition to ``model``, so that ``ce_dataschema`` names the
    exact schema; a contract test insists. ``sources`` are the services that write it (empty: anybody)."""

    name: str
    model: type[Frozen]
    minor: int
    topics: tuple[str, ...]
    sources: tuple[str, ...]

    @property
    def type(self) -> str:
        """``ce_type``."""
        return f"claimstream.{self.name}.v{MAJOR}"

    @property
    def schema_id(self) -> str:
        """``ce_dataschema``, the ``$id`` of ``schemas/<name>.json``."""
        return f"urn:claimstream:schema:{self.name}:{MAJOR}.{self.minor}"


URL: Final = Thing("url", UrlSubmitted, 0, (topics.URLS, topics.URLS_BULK), ())
PAGE: Final = Thing("page", PageFetched, 0, (topics.PAGES,), ("fetcher",))
ARTICLE: Final = Thing("article", ArticleCleaned, 2, (topics.ARTICLES,), ("cleaner",))
EXTRACTION: Final = Thing("extraction", ClaimsExtracted, 1, (topics.EXTRACTIONS,), ("extractor",))
CLAIM: Final = Thing("claim", ClaimChanged, 1, (topics.CLAIMS,), ("store",))
FATE: Final = Thing("fate", VisitFate, 0, (topics.FATES,), ("fetcher", "cleaner", "extractor", "store"))
OUTCOME: Final = Thing("outcome", UrlOutcome, 0, (topics.OUTCOMES,), ("fetcher",))
HEARTBEAT: Final = Thing("heartbeat", Heartbeat, 1, (topics.HEARTBEAT,), ("fetcher",))

THINGS: Final = (URL, PAGE, ARTICLE, EXTRACTION, CLAIM, FATE, OUTCOME, HEARTBEAT)


def source_of(service: str) -> str:
    """``ce_source`` of what a service of ours writes."""
    return f"/claimstream/{service}"


def thing_of(topic: str) -> Thing:
    """What travels on a topic (short name; a route's carries claims). Raises KeyError for a topic not of ours."""
    for thing in THINGS:
        if topic in thing.topics:
            return thing
    if topic.startswith(topics.CLAIMS + "."):
        return CLAIM
    raise KeyError(topic)
