"""A page in, its article or the reason why there is none out. Pure, synchronous and picklable, for a killable process.

What it cannot know it leaves out; what is no article it returns as a ``Rejection``. Any other exception is a defect
of the cleaner or of its deployment: the pipeline dead-letters the page and stops if that happens too often.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from importlib.metadata import version

from services.cleaner.article import CleanedArticle, Metadata, Rejection
from services.cleaner.blocks import model
from services.cleaner.blocks.classifier import Judged
from services.cleaner.canonical import article_url, site_of
from services.cleaner.charset import decode
from services.cleaner.description import describe
from services.cleaner.language import language_of
from services.cleaner.media_type import MediaKind, kind_of, refuse_binary
from services.cleaner.page import PageInput
from services.cleaner.places import in_page, in_plain_text
from services.cleaner.plain import plain_blocks
from services.cleaner.reading import Reading, read_lines, read_page
from services.cleaner.rejections import EmptyPage, Rejected, TextTooLarge
from shared.contracts.enums import ArticleState
from shared.contracts.text import join_paragraphs

# What an article was cleaned by: rules, model, libraries. Raise the number when the same page gives another text.
_LIBRARIES = ("trafilatura", "readability-lxml", "resiliparse")
CLEANER = "+".join(
    ("claimstream-5", f"model-{model.load().name}", *(f"{lib}-{version(lib)}" for lib in _LIBRARIES))
)

_GONE = (404, 410)
# Bytes; the fetcher takes half of it, a file read by `claimstream clean` may be larger.
LARGEST_PAGE = 16 * 2**20
# UTF-8 bytes of the text. A long novel has 1 MiB; the topic takes 4 MiB with everything around the text.
_LARGEST_TEXT = 2 * 2**20


def clean(page: PageInput) -> CleanedArticle | Rejection:
    """The article of a page as fetched; a gone one for a 404 or 410."""
    if page.status in _GONE:
        url, _ = article_url(page.url, None)
        return CleanedArticle(url, site_of(url), Metadata(), state=ArticleState.GONE)
    try:
        return _clean_text(*opened(page), page)
    except Rejected as rejected:
        return rejected.as_rejection()


def opened(page: PageInput) -> tuple[str, MediaKind]:
    """What the page says, decoded, and whether that is HTML. Raises ``Rejected``."""
    if not page.body.strip():
        raise EmptyPage
    if len(page.body) > LARGEST_PAGE:
        raise TextTooLarge(f"The page has {len(page.body):,} bytes; at most {LARGEST_PAGE:,} are read.")
    refuse_binary(page.body)
    text = decode(page.body, page.content_type).text
    return text, kind_of(text, page.content_type)


def clean_document(
    *, html: str | None = None, text: str | None = None, url: str = "", published_at: str | None = None
) -> CleanedArticle | Rejection:
    """The same for a document that is decoded already: exactly one of ``html`` and ``text``."""
    if (html is None) == (text is None):
        raise ValueError("exactly one of html and text")
    kind = MediaKind.HTML if html is not None else MediaKind.PLAIN
    document = html if html is not None else text or ""
    try:
        if not document.strip():
            raise EmptyPage
        if len(document) > LARGEST_PAGE:
            raise TextTooLarge(f"It has {len(document):,} characters; at most {LARGEST_PAGE:,} are read.")
        return _clean_text(document, kind, PageInput(b"", url, published_at=published_at))
    except Rejected as rejected:
        return rejected.as_rejection()


def warm_up() -> None:
    """Load what is loaded once a process (a second and a half), before the first page waits for it."""
    language_of(
        "The detector of languages loads its model with the first text that is long enough. " * 2, None
    )


def read(text: str, kind: MediaKind, page: PageInput) -> Reading:
    """What stands in a page whose text is ``text``. Raises ``Rejected``."""
    if kind is MediaKind.HTML:
        return read_page(text, page.url, _moment(page.observed_at))
    return read_lines(plain_blocks(text))


def _clean_text(document: str, kind: MediaKind, page: PageInput) -> CleanedArticle:
    reading = read(document, kind, page)
    reading.require_article()
    blocks = reading.blocks
    paragraphs = [block.text for block in blocks]
    text = _joined(paragraphs)
    url, hint = article_url(page.url, reading.stated.canonical() if reading.stated else None)
    named = {"url": "url" if url == article_url(page.url, None)[0] else "link"}
    judged = reading.found.judged
    metadata = describe(reading, text, page.published_at, _moment(page.observed_at))
    return CleanedArticle(
        url,
        site_of(url),
        replace(metadata, provenance=named | metadata.provenance),
        text,
        canonical_hint=hint,
        blocks=in_page(blocks, judged) if kind is MediaKind.HTML else in_plain_text(blocks, document),
        beside=_beside(judged, paragraphs),
    )


def _beside(judged: Sequence[Judged], paragraphs: Sequence[str]) -> tuple[str, ...]:
    """What else stands in the page: of a block that is no article's here, another page may say that it is."""
    inside = frozenset(paragraphs)
    return tuple(block.text for block in judged if block.text not in inside)


def _joined(paragraphs: Sequence[str]) -> str:
    text = join_paragraphs(paragraphs)
    size = len(text.encode())
    if size > _LARGEST_TEXT:
        raise TextTooLarge(f"Its text has {size:,} bytes; at most {_LARGEST_TEXT:,} are passed on.")
    return text


def _moment(observed_at: str | None) -> datetime | None:
    """An instant with its offset, or None: the clock that dates are checked against is the fetcher's."""
    if observed_at is None:
        return None
    moment = datetime.fromisoformat(observed_at)
    return moment if moment.tzinfo else None
