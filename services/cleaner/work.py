"""What a worker process does with one page: open it, clean it, and write the record for `articles`.

Opening and writing are done here too, so that the service's event loop only carries bytes. Where there is a memory of
sites, a page comes in two steps: :func:`look` says what stands in it, and when the memory has answered, :func:`finish`
writes the record as it says.
"""

from __future__ import annotations

from dataclasses import dataclass

from services.cleaner.article import CleanedArticle, Rejection
from services.cleaner.handler import CLEANER, clean
from services.cleaner.memory.recall import recall
from services.cleaner.memory.seen import Seen, seen_of
from services.cleaner.page import PageInput
from services.cleaner.rejections import TextTooLarge
from shared.contracts import codec, ids
from shared.contracts.canary import is_canary_article
from shared.contracts.enums import ArticleState
from shared.contracts.events import ArticleCleaned, PageFetched
from shared.contracts.page import CompressedPage
from shared.contracts.site_memory import SiteMemory
from shared.pipeline.results import Emit, Reject

# `articles` takes 4 MiB (deploy/topics.toml); what is larger is a rejected page, not a dead letter.
MAX_ARTICLE_BYTES = 4 * 2**20 - 65_536


@dataclass(frozen=True, slots=True)
class Looked:
    """A page that was cleaned without the memory: its record, and what the memory is asked about it."""

    emit: Emit
    seen: Seen


@dataclass(frozen=True, slots=True)
class Remembering:
    """The same page with the memory's answer: ``article`` is the value of the record that :class:`Looked` has."""

    article: bytes
    memory: SiteMemory


Task = CompressedPage | Remembering
Outcome = Emit | Reject | Looked


def step(task: Task) -> Outcome:
    """One step of a page; what a worker is given."""
    return finish(task) if isinstance(task, Remembering) else look(task)


def work(page: CompressedPage) -> Emit | Reject:
    """The result of one page, without a memory of its site. Raises :class:`~shared.errors.Undecodable` when its bytes
    are not what was named."""
    return _result(page.page, _clean(page))


def look(page: CompressedPage) -> Outcome:
    """As :func:`work`; with what the memory is asked, if it is."""
    cleaned = _clean(page)
    result = _result(page.page, cleaned)
    asked = None if isinstance(cleaned, Rejection) else asked_of(cleaned, page.page.sha256)
    return result if asked is None or isinstance(result, Reject) else Looked(result, asked)


def asked_of(cleaned: CleanedArticle, page_sha256: str) -> Seen | None:
    """What the memory of its site is asked about an article; None where there is nothing to ask: a file has no site, a
    gone article no text, and the canary tells the same story every minute."""
    if (
        not cleaned.site
        or cleaned.state is not ArticleState.CURRENT
        or is_canary_article(ids.article_id(cleaned.url))
    ):
        return None
    return seen_of(cleaned, page_sha256)


def finish(task: Remembering) -> Emit | Reject:
    """The record as the memory leaves it."""
    article = ArticleCleaned.model_validate_json(task.article)
    return _emitted(recall(article, task.memory))


def _clean(page: CompressedPage) -> CleanedArticle | Rejection:
    about = page.page
    return clean(
        PageInput(
            body=page.open(),
            url=about.final_url,
            content_type=about.content_type,
            status=about.status,
            published_at=about.published_at,
            observed_at=about.observed_at,
        )
    )


def _result(page: PageFetched, cleaned: CleanedArticle | Rejection) -> Emit | Reject:
    if isinstance(cleaned, Rejection):
        return Reject(cleaned.code, cleaned.hint)
    return _emitted(article_of(page, cleaned))


def _emitted(article: ArticleCleaned) -> Emit | Reject:
    record = codec.articles(article)
    if record.size > MAX_ARTICLE_BYTES:
        return Reject(TextTooLarge.code, TextTooLarge.hint)
    return Emit((record,))


def article_of(page: PageFetched, cleaned: CleanedArticle) -> ArticleCleaned:
    """The record of a cleaned page: what the page was, and what is in it."""
    metadata = cleaned.metadata
    return ArticleCleaned(
        article_id=ids.article_id(cleaned.url),
        version=cleaned.version,
        state=cleaned.state,
        visit_id=page.visit_id,
        url_id=page.url_id,
        observed_at=page.observed_at,
        url=cleaned.url,
        submitted_url=page.url,
        final_url=page.final_url,
        canonical_hint=cleaned.canonical_hint,
        site=cleaned.site,
        title=metadata.title,
        authors=metadata.authors,
        publisher=metadata.publisher,
        section=metadata.section,
        language=metadata.language,
        language_declared=metadata.language_declared,
        published_at=metadata.published_at,
        modified_at=metadata.modified_at,
        standfirst=metadata.standfirst,
        tags=metadata.tags,
        image=metadata.image,
        paywall=metadata.paywall,
        page_sha256=page.sha256,
        page_size=page.size,
        cleaner=CLEANER,
        provenance=metadata.provenance,
        confidence=metadata.confidence,
        labels=page.labels,
        text=cleaned.text,
        blocks=cleaned.blocks,
    )
