"""What a worker process does with one page: open it, clean it, and write the record for `articles`.

Opening and writing are done here too, so that the service's event loop only carries bytes.
"""

from __future__ import annotations

from services.cleaner.article import CleanedArticle, Rejection
from services.cleaner.handler import CLEANER, clean
from services.cleaner.page import PageInput
from services.cleaner.rejections import TextTooLarge
from shared.contracts import codec, ids
from shared.contracts.events import ArticleCleaned, PageFetched
from shared.contracts.page import CompressedPage
from shared.pipeline.results import Emit, Reject

# `articles` takes 4 MiB (deploy/topics.toml); what is larger is a rejected page, not a dead letter.
MAX_ARTICLE_BYTES = 4 * 2**20 - 65_536


def work(page: CompressedPage) -> Emit | Reject:
    """The result of one page. Raises :class:`~shared.errors.Undecodable` when its bytes are not what was named."""
    about = page.page
    cleaned = clean(
        PageInput(
            body=page.open(),
            url=about.final_url,
            content_type=about.content_type,
            status=about.status,
            published_at=about.published_at,
            observed_at=about.observed_at,
        )
    )
    if isinstance(cleaned, Rejection):
        return Reject(cleaned.code, cleaned.hint)
    record = codec.articles(article_of(about, cleaned))
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
        published_at=metadata.published_at,
        modified_at=metadata.modified_at,
        page_sha256=page.sha256,
        page_size=page.size,
        cleaner=CLEANER,
        provenance=metadata.provenance,
        labels=page.labels,
        text=cleaned.text,
        blocks=cleaned.blocks,
    )
