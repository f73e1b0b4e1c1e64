"""What a worker process does with one article: read the record, extract, and write the record for `extractions`.

Reading and writing are done here too, so that the service's event loop only carries bytes.
"""

from __future__ import annotations

from services.extractor.handler import Extraction, about_of, extract
from services.extractor.reader import configured
from services.extractor.structure import About
from shared.contracts import codec, envelope
from shared.contracts.enums import ArticleState
from shared.contracts.events import ArticleCleaned, ClaimsExtracted
from shared.contracts.parts import ExtractorIdentity
from shared.contracts.record import Record
from shared.pipeline.results import Dead, Emit

# `extractions` takes 4 MiB (deploy/topics.toml).
MAX_EXTRACTION_BYTES = 4 * 2**20 - 65_536


def work(record: Record) -> Emit | Dead:
    """The result of one article. An article that is gone has no text and is passed by.

    Raises :class:`~shared.errors.Undecodable`.
    """
    article = article_of(record)
    return Emit() if article is None else result_of(article, configured().identity, read(article))


def article_of(record: Record) -> ArticleCleaned | None:
    """The article of a record, unless it is gone."""
    article = codec.decode_article(record, envelope.parse(record.headers))
    return article if article.state is ArticleState.CURRENT else None


def read(article: ArticleCleaned) -> Extraction:
    """Its claims, as this process's reader finds them."""
    reader = configured()
    return extract(
        article.text,
        language=article.language,
        title=article.title,
        published_at=_published(article),
        publisher=article.publisher,
        site=article.site,
        tagger=reader.tagger,
        statements=reader.statements,
    )


def about(article: ArticleCleaned) -> About:
    """What its claims are read with, beside its text."""
    return about_of(article.title, article.publisher or article.site, _published(article))


def _published(article: ArticleCleaned) -> str | None:
    return article.published_at.value if article.published_at else None


def result_of(article: ArticleCleaned, by: ExtractorIdentity, found: Extraction) -> Emit | Dead:
    """The record for `extractions`, if one holds it."""
    extraction = codec.extractions(
        ClaimsExtracted(
            article_id=article.article_id,
            version=article.version,
            visit_id=article.visit_id,
            observed_at=article.observed_at,
            language=article.language,
            extractor=by,
            claims=found.claims,
            skipped=found.skipped,
        )
    )
    if extraction.size > MAX_EXTRACTION_BYTES:
        return Dead(
            "extraction-too-large",
            "One article gave more claims than a record holds. Look whether its text is an article at all.",
            f"{extraction.size} bytes, {len(found.claims)} claims",
        )
    return Emit((extraction,))
