"""The records of every topic, as frozen models. Field names here are the JSON on the wire.

Times are RFC 3339 in UTC with microseconds (``shared.clock.iso``), as text, so that a record's bytes do not
depend on a library's formatting and that they sort.
"""

from __future__ import annotations

from pydantic import Field

from shared.contracts.enums import ArticleState, Cause, Change, Fate, Kind, Stance
from shared.contracts.parts import (
    ChainLink,
    Chance,
    Content,
    Count,
    Dated,
    ExtractedRelation,
    ExtractorIdentity,
    Figure,
    Frozen,
    LeadImage,
    Ordinal,
    Part,
    Relation,
    SecondReading,
    Skipped,
    Source,
    Span,
    TextBlock,
    When,
)
from shared.contracts.site_memory import SiteMemory


class UrlSubmitted(Frozen):
    """`urls`, `urls.bulk`: please read this page. ``ref`` is the submitter's own id and comes back in the outcome."""

    url: str
    ref: str | None = None
    feed: str | None = None
    published_at: str | None = None
    priority: int = Field(default=0, ge=-100, le=100)
    force: bool = False
    labels: dict[str, str] = Field(default_factory=dict)


class PageFetched(Frozen):
    """`pages`: everything about a page but its bytes. It travels in headers (see ``shared.contracts.page``);
    the value is the page as fetched (decoded of its transfer encodings), compressed with zstd.

    ``sha256`` and ``size`` (bytes) are of the uncompressed page. ``url`` is the canonical URL of the visit,
    ``final_url`` the one that answered after redirects. A 404 or 410 that was confirmed has its status here.
    """

    visit_id: str
    url_id: str
    url: str
    final_url: str
    status: int = Field(ge=0, le=999)
    observed_at: str
    sha256: str
    size: int = Field(le=2**63 - 1)  # what is above MAX_PAGE_BYTES has its own refusal
    content_type: str | None = None
    last_modified: str | None = None
    feed: str | None = None
    published_at: str | None = None
    labels: dict[str, str] = Field(default_factory=dict)


class ArticleCleaned(Frozen):
    """`articles`: one version of an article, or that it is gone (then ``version`` and ``text`` are empty).

    ``version`` is ``sha256:`` and the hex digest of the UTF-8 of ``text``. ``provenance`` says for each
    metadata field which markup gave it; ``confidence`` how often a field of such evidence was right: only of fields
    where that could be measured. ``canonical_hint``: a rel=canonical that does not count for identity. ``language``:
    the text's, ``language_declared``: what the page says of it. ``standfirst``: what stands under the headline and is
    neither that nor the text's beginning. ``paywall``: whether, by the page's own marks (schema.org), the article is
    only for some; None where it does not say, or contradicts itself.
    ``blocks``: the text's paragraphs in order, each with its kind and its place in the page; of a very long text the
    first ones only. ``memory``: which paragraphs went, or stayed, because the site's other articles have them; None
    where nothing was known of any.
    """

    article_id: str
    version: str
    state: ArticleState = ArticleState.CURRENT
    visit_id: str
    url_id: str
    observed_at: str
    url: str
    submitted_url: str
    final_url: str
    canonical_hint: str | None = None
    site: str
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
    page_sha256: str
    page_size: Count = 0
    cleaner: str = ""
    provenance: dict[str, str] = Field(default_factory=dict)
    confidence: dict[str, Chance] = Field(default_factory=dict)
    labels: dict[str, str] = Field(default_factory=dict)
    text: str = ""
    blocks: tuple[TextBlock, ...] = ()
    memory: SiteMemory | None = Field(default=None, exclude_if=lambda memory: memory is None)


class ClaimBody(Frozen):
    """What an extractor says of one claim; the ledger adds identity and history. ``sentence`` lies in whatever the
    content lies in. ``second_reading``: there where a second reader changed the claim."""

    kind: Kind
    stance: Stance = Stance.ASSERTS
    negated: bool = False
    hedges: tuple[str, ...] = ()
    confidence: Chance = 1.0
    content: Content
    cue: Part | None = None
    source: Source | None = None
    sentence: Span | None = None
    chain: tuple[ChainLink, ...] = ()
    figures: tuple[Figure, ...] = ()
    times: tuple[When, ...] = ()
    second_reading: SecondReading | None = Field(default=None, exclude_if=lambda reading: reading is None)


class ExtractedClaim(ClaimBody):
    """A claim of one extraction: ``n`` counts from 1 by content offset."""

    n: Ordinal
    relations: tuple[ExtractedRelation, ...] = ()


class ClaimsExtracted(Frozen):
    """`extractions`: all claims of one article version by one extractor."""

    article_id: str
    version: str
    visit_id: str
    observed_at: str
    language: str | None = None
    extractor: ExtractorIdentity
    claims: tuple[ExtractedClaim, ...] = ()
    skipped: Skipped | None = None


class ArticleRef(Frozen):
    """The article version that a claim's spans slice. ``site``: the registrable domain of ``url`` (``bbc.co.uk``),
    the host where it has none, empty for a file."""

    id: str
    version: str
    observed_at: str
    url: str
    site: str
    title: str | None = None
    authors: tuple[str, ...] = ()
    publisher: str | None = None
    language: str | None = None
    published_at: Dated | None = None
    page_sha256: str
    claims: Count = 0
    origin_article_id: str | None = None
    copies: Count = 1


class ClaimChanged(ClaimBody):
    """`claims`, `claims.<route>`: one revision of one claim. What is not newer than (epoch, revision) is a repeat."""

    claim_id: str
    epoch: Count
    revision: Count
    change: Change
    cause: Cause
    changed: tuple[str, ...] = ()
    replaces: str | None = None
    replaced_by: str | None = None
    relations: tuple[Relation, ...] = ()
    article: ArticleRef
    extractor: ExtractorIdentity
    first_seen: str
    changed_at: str
    labels: dict[str, str] = Field(default_factory=dict)


class VisitFate(Frozen):
    """`fates`: what a service has to say of the end of a visit; the fetcher's account decides between several."""

    visit_id: str
    fate: Fate
    code: str | None = None
    hint: str | None = None
    service: str
    attempt: Ordinal = 1
    at: str
    article_id: str | None = None
    version: str | None = None
    claims: Count | None = None


class SubmissionRef(Frozen):
    """One submission that a visit answers."""

    ref: str | None = None
    url: str
    feed: str | None = None
    labels: dict[str, str] = Field(default_factory=dict)


class UrlOutcome(Frozen):
    """`outcomes`: the public answer to the submissions of one visit; a later revision replaces an earlier one."""

    url_id: str
    visit_id: str
    revision: Count
    url: str
    submissions: tuple[SubmissionRef, ...] = ()
    fate: Fate
    code: str | None = None
    hint: str | None = None
    attempt: Ordinal = 1
    article_id: str | None = None
    version: str | None = None
    claims: Count | None = None
    observed_at: str | None = None
    decided_at: str


class FeedCounts(Frozen):
    """Feeds by their last polls."""

    ok: Count = 0
    failing: Count = 0
    silent: Count = 0


class CanaryPulse(Frozen):
    """When a synthetic article last came through all services with its claims, and how long it took."""

    last_success: str
    seconds: float = Field(ge=0)


class Heartbeat(Frozen):
    """`heartbeat`: every 30 seconds. ``complete_through``: everything fetched before it has its fate.
    ``unexplained`` names visits sent on long ago without a fate; None when it cannot be known now.
    ``canary`` None: none came through yet."""

    at: str
    complete_through: str
    open: Count
    oldest_open_seconds: float | None = None
    unexplained: tuple[str, ...] | None = ()
    feeds: FeedCounts = FeedCounts()
    canary: CanaryPulse | None = None
