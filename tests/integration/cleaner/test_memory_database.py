"""The memory in its database: shared by replicas, bounded, and the same answer to the same page."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, func, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from quality.memory.stream import Stream
from services.cleaner.memory import database as module
from services.cleaner.memory.database import SiteMemories, forget_old
from services.cleaner.memory.schema import migrate
from services.cleaner.memory.tables import VERSION_TABLE, articles, metadata, sites
from shared.database import open_database, read, transact, write
from shared.errors import DatabaseAway, SchemaMissing
from tests.unit.cleaner.memory.pages import APPEAL, page, story


async def rows(engine: AsyncEngine, table: object = articles) -> int:
    async with read(engine) as connection:
        return int(await connection.scalar(select(func.count()).select_from(table)) or 0)  # type: ignore[arg-type]


async def test_the_migrations_make_the_tables_that_the_code_says(engine: AsyncEngine) -> None:
    def differences(connection: Connection) -> list[object]:
        options = {"version_table": VERSION_TABLE, "compare_server_default": False}
        context = MigrationContext.configure(connection, opts=options)
        return list(compare_metadata(context, metadata))

    async with read(engine) as connection:
        assert await connection.run_sync(differences) == []


async def test_it_answers_as_the_rules_do_without_a_database(engine: AsyncEngine) -> None:
    memories, stream = SiteMemories(engine), Stream()
    rounds = [[0, 1], [2], [3, 4, 1], [5, 5, 0]]
    for numbers in rounds:
        pages = [page(n, [*story(n), APPEAL], beside=story(n + 40, 2)) for n in numbers]
        assert await memories.ask(pages) == stream.ask(*pages)


async def test_two_replicas_know_what_the_other_one_saw(engine: AsyncEngine) -> None:
    one, other = SiteMemories(engine), SiteMemories(engine)
    await one.ask([page(0, [*story(0), APPEAL])])
    await other.ask([page(1, [*story(1), APPEAL])])
    assert len((await one.ask([page(2, [*story(2), APPEAL])]))[0].removed) == 1


async def test_replicas_at_once_lose_no_article(engine: AsyncEngine) -> None:
    replicas = [SiteMemories(engine) for _ in range(4)]
    batches = [[page(n, [*story(n), APPEAL]) for n in range(k, 40, 8)] for k in range(8)]
    await asyncio.gather(*(replicas[k % 4].ask(batch) for k, batch in enumerate(batches)))
    async with read(engine) as connection:
        numbers = list(
            (await connection.execute(select(articles.c.number).order_by(articles.c.number))).scalars()
        )
        last = await connection.scalar(select(sites.c.articles))
    assert numbers == list(range(1, 41))
    assert last == 40


async def test_a_record_that_comes_again_has_the_same_answer_and_counts_once(engine: AsyncEngine) -> None:
    memories = SiteMemories(engine)
    first = page(0, [*story(0), APPEAL])
    answer = await memories.ask([first])
    await memories.ask([page(n, [*story(n), APPEAL]) for n in range(1, 6)])
    assert await SiteMemories(engine).ask([first, first]) == answer * 2
    assert await rows(engine) == 6


async def test_a_site_keeps_its_last_articles(engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "ROWS_A_SITE", 5)
    memories = SiteMemories(engine)
    for n in range(9):
        await memories.ask([page(n, story(n))])
    assert await rows(engine) == 5


async def test_what_was_not_seen_for_long_does_not_count_and_goes(engine: AsyncEngine) -> None:
    memories = SiteMemories(engine)
    await memories.ask([page(n, [*story(n), APPEAL]) for n in range(3)])
    async with write(engine) as connection:
        await connection.execute(update(articles).values(seen_at=1))
        await connection.execute(update(sites).values(seen_at=1))
    assert (await memories.ask([page(7, [*story(7), APPEAL])]))[0].removed == ()
    assert await transact(engine, forget_old) == 3
    assert await rows(engine) == 1
    assert await rows(engine, sites) == 1


async def test_of_too_many_sites_the_longest_silent_ones_go_with_their_articles(
    engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_SITES", 2)
    memories = SiteMemories(engine)
    for n in range(5):
        async with write(engine) as connection:
            await connection.execute(update(sites).values(seen_at=sites.c.seen_at - 1_000_000))
        await memories.ask([replace(page(n, story(n)), site=f"gull{n}.example")])
    await transact(engine, forget_old)
    async with read(engine) as connection:
        left = set((await connection.execute(select(articles.c.site))).scalars())
    assert left == {"gull3.example", "gull4.example"}
    assert await rows(engine, sites) == 2


async def test_a_database_without_tables_is_a_broken_deployment(database_url: str) -> None:
    engine = open_database(database_url)
    with pytest.raises(SchemaMissing):
        await SiteMemories(engine).ask([page(0, story(0))])
    await engine.dispose()


async def test_a_database_that_is_away_is_the_dependencys_fault() -> None:
    engine = open_database("postgresql+asyncpg://nobody:nothing@127.0.0.1:9/none")
    with pytest.raises(DatabaseAway):
        await SiteMemories(engine).ask([page(0, story(0))])
    await engine.dispose()


async def test_migrating_twice_changes_nothing(database_url: str) -> None:
    await migrate(database_url)
    await migrate(database_url)
