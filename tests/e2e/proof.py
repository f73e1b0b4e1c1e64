"""What holds for everything that was ever published, whatever happened on the way."""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import func, select

from services.store import models
from shared.contracts import topics
from shared.contracts.events import ClaimChanged
from shared.database import read
from tests.e2e.world import World, decoded


async def check_claims(world: World) -> int:
    """Every value on `claims` is read by the decoder and slices from the stored text, a repeat has the same bytes,
    and each claim's revisions, on the topic as in the ledger, run from 1 without a gap. How many were repeats."""
    values: dict[tuple[str, int, int], bytes | None] = {}
    published: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for record in world.records[topics.CLAIMS]:
        claim = decoded(record)
        assert isinstance(claim, ClaimChanged)
        revision = (claim.claim_id, claim.epoch, claim.revision)
        if revision in values:
            assert values[revision] == record.value, f"a repeat of {revision} has other bytes"
            continue
        values[revision] = record.value
        published[claim.claim_id].append((claim.epoch, claim.revision))
        await check_slices(world, claim)
    for claim_id, revisions in published.items():
        assert revisions == [(1, number) for number in range(1, len(revisions) + 1)], claim_id
    assert published == await world.revisions()
    return len(world.records[topics.CLAIMS]) - len(values)


async def check_slices(world: World, claim: ClaimChanged) -> None:
    """Content, cue, source, chain and figures are what stands at their spans in the text that the claim names."""
    text = await world.text(claim.article.id, claim.article.version)
    parts = [claim.content, claim.cue, claim.source, *claim.chain]
    for part in parts:
        if part is not None and part.spans:
            assert part.in_ == "text" or part.in_ == "title"
            whole = text if part.in_ == "text" else claim.article.title or ""
            assert " ".join(whole[start:end] for start, end in part.spans) == part.text
    for figure in claim.figures:
        start, end = figure.span
        assert text[start:end] == figure.text
    start = claim.content.spans[0][0]
    assert text[:start].endswith(claim.content.prefix)


async def check_nothing_twice(world: World, *, articles: int, versions: int) -> None:
    """So many articles and so many texts; as many claims as the current texts have; one fate a visit."""
    async with read(world.ledger) as connection:
        stored = [
            await connection.scalar(select(func.count()).select_from(table))
            for table in (models.article, models.article_version)
        ]
    assert stored == [articles, versions]
    told = [(fate.url, fate.visit) for fate in await world.told()]
    assert len(told) == len(set(told)) == (await world.account()).visits
