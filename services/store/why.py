"""Why a claim is what it is: from its words to the bytes that were fetched, verified on the way, not recited."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from services.store import models
from services.store.ledger.proof import TEXT, TITLE, parts_of, sliced
from services.store.read import find_claim
from shared.contracts import ids
from shared.contracts.enums import ArticleState
from shared.contracts.events import ArticleCleaned, ClaimChanged, ClaimsExtracted
from shared.contracts.text import is_normal
from shared.database import read

CONTEXT = 120  # characters shown on either side of a claim's content
# Occurrences of one text in one article that are tried; more than a handful was never seen.
MAX_OCCURRENCE = 1000


@dataclass(frozen=True)
class Check:
    """One link of the chain. ``what`` was claimed, ``shown`` is what was found."""

    name: str
    ok: bool
    what: str
    shown: str


@dataclass(frozen=True)
class Provenance:
    """``claim`` is the last revision, ``page`` the page that it names (None: not kept), ``extraction`` the
    extraction of that version by the extractor that it names. ``before``, ``words`` and ``after``: the content in
    its text, slices of what is stored."""

    claim: ClaimChanged
    revisions: tuple[ClaimChanged, ...]
    page: ArticleCleaned | None
    extraction: ClaimsExtracted | None
    before: str
    words: str
    after: str
    checks: tuple[Check, ...]

    @property
    def verified(self) -> bool:
        return all(check.ok for check in self.checks)


async def provenance(engine: AsyncEngine, wanted: str) -> Provenance:
    """Verify the claim with that id or beginning of one. Raises :class:`~shared.errors.UsageError`."""
    revisions = await find_claim(engine, wanted)
    claim = revisions[-1]
    async with read(engine) as connection:
        text = await _text(connection, claim)
        page = await _page(connection, claim)
        extraction = await _extraction(connection, claim)
    title = page.title if page is not None else claim.article.title
    checks = (
        *_in_text(claim, text, title),
        _version(claim, text),
        _page_named(claim, page),
        _article(claim),
        _identity(revisions),
        _revisions(revisions),
        _extracted(claim, extraction),
    )
    before, words, after = _excerpt(claim, title if claim.content.in_ == TITLE else text)
    return Provenance(claim, revisions, page, extraction, before, words, after, checks)


def _in_text(claim: ClaimChanged, text: str | None, title: str | None) -> Iterator[Check]:
    """Every part is the slices of the stored text that its spans name."""
    for name, part in parts_of(claim):
        where = f"{part.in_} " + " ".join(f"[{start}:{end}]" for start, end in part.spans)
        if part.in_ == TEXT and text is None:
            yield Check(name, False, f"{where} is {part.text!r}", "the text is not stored")
            continue
        shown = sliced(part, text or "", title)
        yield Check(name, shown == part.text, f"{where} is {part.text!r}", repr(shown))


def _version(claim: ClaimChanged, text: str | None) -> Check:
    shown = "no such text" if text is None else ids.version_of(text)
    ok = text is not None and shown == claim.article.version and is_normal(text)
    return Check("text", ok, f"the text's hash is {claim.article.version}", shown)


def _page_named(claim: ClaimChanged, page: ArticleCleaned | None) -> Check:
    what = f"the text was cleaned from page {claim.article.page_sha256}, fetched {claim.article.observed_at}"
    if page is None:
        return Check("page", False, what, "no visit with that page is stored")
    ok = page.observed_at == claim.article.observed_at and page.url == claim.article.url
    return Check("page", ok, what, f"visit {page.visit_id} of {page.final_url} at {page.observed_at}")


def _article(claim: ClaimChanged) -> Check:
    derived = ids.article_id(claim.article.url)
    return Check(
        "article", derived == claim.article.id, f"{claim.article.url} is article {claim.article.id}", derived
    )


def _identity(revisions: Sequence[ClaimChanged]) -> Check:
    """The claim id is derived from the texts at its first assertion."""
    first = revisions[0]
    source = None if first.source is None else first.source.text
    for occurrence in range(MAX_OCCURRENCE):
        if ids.claim_id(first.article.id, source, first.content.text, occurrence) == first.claim_id:
            return Check("claim id", True, f"{first.claim_id} is derived", f"occurrence {occurrence}")
    return Check("claim id", False, f"{first.claim_id} is derived", "no occurrence gives this id")


def _revisions(revisions: Sequence[ClaimChanged]) -> Check:
    numbers = [revision.revision for revision in revisions]
    ok = numbers == list(range(1, len(numbers) + 1)) and len({r.claim_id for r in revisions}) == 1
    return Check("revisions", ok, "without a gap", ", ".join(str(number) for number in numbers))


def _extracted(claim: ClaimChanged, extraction: ClaimsExtracted | None) -> Check:
    by = claim.extractor
    what = f"{by.name} {by.version} (sequence {by.sequence}, model {by.model}) found it"
    if extraction is None:
        return Check("extractor", False, what, "its extraction of this version is not stored")
    found = [c.n for c in extraction.claims if c.content == claim.content]
    return Check(
        "extractor", bool(found), what, f"claim {found[0]} of its extraction" if found else "not in it"
    )


def _excerpt(claim: ClaimChanged, text: str | None) -> tuple[str, str, str]:
    spans = claim.content.spans
    if text is None or not spans:
        return "", "", ""
    start, end = min(s for s, _ in spans), max(e for _, e in spans)
    return text[max(0, start - CONTEXT) : start], text[start:end], text[end : end + CONTEXT]


async def _text(connection: AsyncConnection, claim: ClaimChanged) -> str | None:
    v = models.article_version.c
    found = await connection.execute(
        select(v.text).where(v.article_id == claim.article.id, v.version == claim.article.version)
    )
    return found.scalar_one_or_none()


async def _page(connection: AsyncConnection, claim: ClaimChanged) -> ArticleCleaned | None:
    s = models.sighting.c
    rows = await connection.execute(
        select(s.record)
        .where(
            s.article_id == claim.article.id,
            s.version == claim.article.version,
            s.state == ArticleState.CURRENT.value,
        )
        .order_by(s.observed_at)
    )
    pages = [ArticleCleaned.model_validate_json(record) for record in rows.scalars()]
    same = [page for page in pages if page.page_sha256 == claim.article.page_sha256]
    at_that_time = [page for page in same if page.observed_at == claim.article.observed_at]
    return next(iter(at_that_time or same), None)


async def _extraction(connection: AsyncConnection, claim: ClaimChanged) -> ClaimsExtracted | None:
    e, by = models.extraction.c, claim.extractor
    found = await connection.execute(
        select(e.record).where(
            e.article_id == claim.article.id,
            e.version == claim.article.version,
            e.sequence == by.sequence,
            e.extractor_version == by.version,
            e.extractor_name == by.name,
            e.model == by.model,
        )
    )
    record = found.scalar_one_or_none()
    return None if record is None else ClaimsExtracted.model_validate_json(record)
