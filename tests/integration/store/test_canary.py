"""A canary goes through the ledger like any article, tells its fate, and leaves nothing that anybody could read."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select

from services.store import models
from services.store.ledger.routes import Route
from services.store.shelf import DatabaseShelf
from shared.contracts import topics
from shared.contracts.canary import canary_url, canary_visit_id, is_canary_article
from shared.contracts.enums import Fate
from shared.contracts.events import ArticleCleaned, ClaimsExtracted
from shared.database import read
from tests.integration.store.ledger import Ledger
from tests.unit.store.press import extraction, page, said

SLOT = 7


def run_of(key: str, minute: int) -> tuple[ArticleCleaned, ClaimsExtracted]:
    """Article and extraction of one run."""
    about = page(said(f"The pier holds in run {key}"), minute, url=canary_url(SLOT))
    about = about.model_copy(update={"visit_id": canary_visit_id(key)})
    return about, extraction(about)


async def rows(ledger: Ledger) -> dict[str, int]:
    tables: list[Any] = [
        models.article_version,
        models.sighting,
        models.extraction,
        models.claim,
        models.claim_revision,
    ]
    async with read(ledger.engine) as connection:
        return {
            table.name: await connection.scalar(select(func.count()).select_from(table)) or 0
            for table in tables
        }


async def test_a_canary_is_told_its_fate_and_leaves_no_row_and_no_claim(ledger: Ledger) -> None:
    everything = Route("all", stance=frozenset({"asserts"}))
    ledger.shelf = DatabaseShelf(ledger.engine, routes=(everything,), clock=ledger.clock)
    about, made = run_of("a", 0)
    assert is_canary_article(about.article_id)
    await ledger.deliver(about, made)
    sent = await ledger.relay()
    assert [record.topic for record in sent] == [topics.FATES]
    assert set((await rows(ledger)).values()) == {0}
    async with read(ledger.engine) as connection:
        standing = await connection.execute(select(models.article.c.current_version))
        assert [row.current_version for row in standing] == [None]


async def test_each_run_is_stored_anew_with_its_claims_whichever_side_comes_first(ledger: Ledger) -> None:
    first, second = (
        run_of("a", 0),
        run_of("b", 60),
    )
    await ledger.deliver(*first, second[1], second[0])
    told = await ledger.told()
    assert [(fate.visit_id, fate.fate, fate.claims) for fate in told] == [
        (canary_visit_id("a"), Fate.STORED, 1),
        (canary_visit_id("b"), Fate.STORED, 1),
    ]


async def test_two_runs_of_one_url_at_once_both_come_through(ledger: Ledger) -> None:
    first, second = (
        run_of("a", 0),
        run_of("b", 1),
    )
    await ledger.deliver(first[0], second[0], second[1], first[1])
    assert {fate.visit_id for fate in await ledger.told()} == {canary_visit_id("a"), canary_visit_id("b")}
    assert set((await rows(ledger)).values()) == {0}


async def test_what_a_lost_or_repeated_run_left_goes_with_the_next_of_its_url(ledger: Ledger) -> None:
    lost, repeated, later = (
        run_of("lost", 0),
        run_of("repeated", 1),
        run_of("later", 60),
    )
    await ledger.deliver(lost[0], *repeated, repeated[1])
    assert (await rows(ledger))["store_sighting"] == 1
    assert (await rows(ledger))["store_extraction"] == 1
    await ledger.deliver(*later)
    assert set((await rows(ledger)).values()) == {0}


async def test_any_other_article_is_kept_as_ever(ledger: Ledger) -> None:
    about = page(said("The pier holds"), 1)
    await ledger.deliver(about, extraction(about))
    changes, fates = await ledger.news()
    assert (len(changes), len(fates)) == (1, 1)
