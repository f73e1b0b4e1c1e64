"""What a worker process does with one article: read the record, extract, and write the record for `extractions`.

Reading and writing are done here too, so that the service's event loop only carries bytes.
"""

from __future__ import annotations

from services.extractor.handler import extract
from services.extractor.reader import configured
from shared.contracts import codec, envelope
from shared.contracts.enums import ArticleState
from shared.contracts.events import ClaimsExtracted
from shared.contracts.record import Record
from shared.pipeline.results import Dead, Emit

# `extractions` takes 4 MiB (deploy/topics.toml).
MAX_EXTRACTION_BYTES = 4 * 2**20 - 65_536


def work(record: Record) -> Emit | Dead:
    """The result of one article. An article that is gone has no text and is passed by.

    Raises :class:`~shared.errors.Undecodable`.
    """
    article = codec.decode_article(record, envelope.parse(record.headers))
    if article.state is not ArticleState.CURRENT:
        return Emit()
    reader = configured()
    found = extract(
        article.text,
        language=article.language,
        title=article.title,
        published_at=article.published_at.value if article.published_at else None,
        publisher=article.publisher,
        site=article.site,
        tagger=reader.tagger,
        statements=reader.statements,
    )
    extraction = codec.extractions(
        ClaimsExtracted(
            article_id=article.article_id,
            version=article.version,
            visit_id=article.visit_id,
            observed_at=article.observed_at,
            language=article.language,
            extractor=reader.identity,
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
