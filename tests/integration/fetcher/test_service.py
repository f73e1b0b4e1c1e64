"""The fetcher as it is wired, on the memory transport: a URL goes in, a page comes out, a fate comes back."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import inspect
from sqlalchemy.ext.asyncio import AsyncEngine

from services.fetcher.app import NAME, build
from services.fetcher.frontier.tables import metadata
from services.fetcher.settings import FetcherSettings
from shared.contracts import codec, topics
from shared.contracts.enums import Fate
from shared.contracts.envelope import parse
from shared.contracts.events import UrlOutcome, UrlSubmitted
from shared.contracts.record import Outgoing
from shared.errors import SchemaMissing
from shared.pipeline.memory import MemoryTransport
from shared.settings import load
from tests.integration.fetcher.loopback_site import LoopbackHost, Reply
from tests.integration.fetcher.rig import fate_of, record_of


def settings(url: str, **values: Any) -> FetcherSettings:
    return load(
        FetcherSettings,
        database_url=url,
        contact="tests@news.example",
        allow_networks=("127.0.0.0/8",),
        crawl_delay=0.01,
        heartbeat_interval=0.2,
        **values,
    )


async def nowhere(_: Outgoing) -> None:
    raise AssertionError("nothing here goes to the dead letters")


async def test_a_url_goes_in_a_page_comes_out_and_its_fate_is_told(
    engine: AsyncEngine, database_url: str, site: LoopbackHost
) -> None:
    site.pages["/a"] = Reply(200, b"<p>News</p>")
    service = build(settings(database_url))
    transport = MemoryTransport(max_bytes=lambda _: 2**22, keep_dead=nowhere)
    told: asyncio.Queue[UrlOutcome] = asyncio.Queue()
    beats: asyncio.Queue[Outgoing] = asyncio.Queue()

    async def on_page(outgoing: Outgoing) -> None:
        record = record_of(outgoing)
        page = codec.decode_page(record, parse(record.headers)).page
        await transport.send([codec.fates(fate_of(page.visit_id, Fate.STORED, claims=1))])

    async def on_outcome(outgoing: Outgoing) -> None:
        told.put_nowait(UrlOutcome.model_validate_json(outgoing.value or b""))

    async def on_beat(outgoing: Outgoing) -> None:
        beats.put_nowait(outgoing)

    transport.tap(topics.PAGES, on_page)
    transport.tap(topics.OUTCOMES, on_outcome)
    transport.tap(topics.HEARTBEAT, on_beat)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(service.resources.aclose)
        stack.push_async_callback(transport.close)
        transport.add(service)
        await service.ready["fetcher-database"]()
        submitted = UrlSubmitted(url=site.url("/a"), ref="r")
        await transport.send([codec.urls(submitted, id="1", source="//t", time="2026-01-01T00:00:00Z")])
        async with asyncio.timeout(20):
            outcome = await told.get()
            await beats.get()
        transport.raise_failure()
    assert (outcome.fate, outcome.claims, outcome.submissions[0].ref) == (Fate.STORED, 1, "r")


async def test_a_database_without_the_tables_is_not_ready(tmp_path: Path) -> None:
    service = build(settings(f"sqlite+aiosqlite:///{tmp_path / 'empty.db'}"))
    assert service.name == NAME
    async with service.resources:
        with pytest.raises(SchemaMissing):
            await service.ready["fetcher-database"]()


async def test_the_migrations_make_the_tables_that_the_code_knows(engine: AsyncEngine) -> None:
    def shape(connection: Any) -> dict[str, Any]:
        found = inspect(connection)
        return {
            table.name: (
                {column["name"]: column["nullable"] for column in found.get_columns(table.name)},
                {index["name"] for index in found.get_indexes(table.name)},
                found.get_pk_constraint(table.name)["constrained_columns"],
            )
            for table in metadata.sorted_tables
        }

    async with engine.connect() as connection:
        found = await connection.run_sync(shape)
    by_expression = {"fetcher_visits_queue"}  # SQLite's inspector passes an index over an expression by
    for table in metadata.sorted_tables:
        columns, indexes, key = found[table.name]
        assert columns == {column.name: bool(column.nullable) for column in table.columns}
        assert indexes - by_expression == {index.name for index in table.indexes} - by_expression
        assert key == [column.name for column in table.primary_key]
