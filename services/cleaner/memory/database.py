"""The memory's database, shared by all replicas: one read and one write for a round of pages.

A site's row is locked first, in the order of the sites, so two replicas that clean pages of one site take turns, and
what one decided the other knows. The answer is written before it is given: a record that comes again (its offset was
not committed) has the same one.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from sqlalchemy import and_, delete, or_, select, tuple_, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from services.cleaner import metrics
from services.cleaner.memory.deciding import WINDOW, Row, answers
from services.cleaner.memory.seen import BLOCK, Seen
from services.cleaner.memory.tables import articles, sites
from services.cleaner.memory.works import Remembered
from shared.contracts.site_memory import SiteMemory
from shared.database import now_us, read, transact

# Rows of a site: the window, and behind it articles whose page may come again (a revisit, a redrive) and must then have
# the answer that it had. 2,000 are a week of a busy site, 2 MB.
ROWS_A_SITE = 2_000
MOST_SITES = 200_000  # the last ones seen; with some twenty articles each, 4 GB
KEEP_DAYS = 30  # an article that was not seen for so long, and a site of which none was
_DAY_US = 86_400 * 1_000_000
FORGET_EVERY = 200  # rounds of one process between two looks for what is too old
FORGET_AT_ONCE = 1_000


class SiteMemories:
    """What is remembered of all sites. ``engine`` is the owner's to close."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._rounds = 0

    async def ask(self, pages: Sequence[Seen]) -> list[SiteMemory]:
        """The answer to each page, in order, and it is remembered. Raises :class:`~shared.errors.DatabaseAway`: then
        nothing was remembered, and the pages are to be asked about again."""
        started = time.perf_counter()
        self._rounds += 1
        forget = self._rounds % FORGET_EVERY == 0
        found, new_sites = await transact(self._engine, lambda connection: _round(connection, pages))
        if forget:
            await transact(self._engine, forget_old)
        metrics.memory_seconds.observe(time.perf_counter() - started)
        metrics.memory_sites.inc(new_sites)
        for memory in found:
            metrics.memory_pages.labels("yes" if memory.articles else "no").inc()
            for block in memory.removed:
                metrics.memory_removed.labels(block.why).inc()
        return found

    async def peek(self, page: Seen) -> SiteMemory:
        """The answer that the page would have now. Nothing is remembered of it. Raises
        :class:`~shared.errors.DatabaseAway`."""
        async with read(self._engine) as connection:
            number = await connection.scalar(select(sites.c.articles).where(sites.c.site == page.site))
            last = number or 0
            known = await _known(connection, [page], {page.site: last})
        return answers([page], known[page.site], last)[0].memory


async def _round(connection: AsyncConnection, pages: Sequence[Seen]) -> tuple[list[SiteMemory], int]:
    """The answers, and how many sites are new."""
    by_site: dict[str, list[int]] = defaultdict(list)
    for place, page in enumerate(pages):
        by_site[page.site].append(place)
    last = await _lock(connection, sorted(by_site))
    new_sites = sum(number == 0 for number in last.values())
    known = await _known(connection, pages, last)
    found: dict[int, SiteMemory] = {}
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    for site, places in by_site.items():
        decided = answers([pages[place] for place in places], known[site], last[site])
        for place, row in zip(places, decided, strict=True):
            found[place] = row.memory
            rows[site, row.article.article_id] = _values(site, row)
            last[site] = max(last[site], row.number)
    await _write(connection, [rows[key] for key in sorted(rows)], last)
    return [found[place] for place in range(len(pages))], new_sites


async def _lock(connection: AsyncConnection, names: Sequence[str]) -> dict[str, int]:
    """The highest number given of each site; their rows are ours until the transaction ends."""
    statement = _insert(connection, sites).values([{"site": name, "seen_at": now_us()} for name in names])
    locked = statement.on_conflict_do_update(
        index_elements=["site"], set_={"seen_at": statement.excluded.seen_at}
    ).returning(sites.c.site, sites.c.articles)
    return {row.site: row.articles for row in await connection.execute(locked)}


async def _known(
    connection: AsyncConnection, pages: Sequence[Seen], last: Mapping[str, int]
) -> dict[str, list[Row]]:
    """Of each site the window, and the pages' own articles."""
    a = articles.c
    horizon = now_us() - KEEP_DAYS * _DAY_US
    windows = [
        and_(a.site == site, a.number > number - WINDOW, a.seen_at > horizon) for site, number in last.items()
    ]
    own = tuple_(a.site, a.article_id).in_(sorted({(page.site, page.article_id) for page in pages}))
    found: dict[str, list[Row]] = {site: [] for site in last}
    for row in await connection.execute(
        select(articles).where(or_(own, *windows)).order_by(a.site, a.number)
    ):
        blocks = np.frombuffer(row.blocks, BLOCK)
        found[row.site].append(
            Row(
                Remembered(row.article_id, row.work, row.title, blocks),
                row.number,
                row.page_sha256,
                SiteMemory.model_validate_json(row.decision),
            )
        )
    return found


async def _write(
    connection: AsyncConnection, rows: Sequence[dict[str, Any]], last: Mapping[str, int]
) -> None:
    statement = _insert(connection, articles)
    changed = {name: statement.excluded[name] for name in _CHANGES}
    await connection.execute(
        statement.values({"seen_at": now_us()}).on_conflict_do_update(
            index_elements=["site", "article_id"], set_=changed
        ),
        list(rows),
    )
    for site, number in sorted(last.items()):
        await connection.execute(update(sites).where(sites.c.site == site).values(articles=number))
        if number > ROWS_A_SITE:
            await connection.execute(
                delete(articles).where(articles.c.site == site, articles.c.number <= number - ROWS_A_SITE)
            )


_CHANGES = ("title", "page_sha256", "blocks", "decision", "seen_at")


def _values(site: str, row: Row) -> dict[str, Any]:
    return {
        "site": site,
        "article_id": row.article.article_id,
        "number": row.number,
        "work": row.article.work,
        "title": row.article.title,
        "page_sha256": row.page_sha256,
        "blocks": row.article.blocks.tobytes(),
        "decision": row.memory.model_dump_json(),
    }


async def forget_old(connection: AsyncConnection) -> int:
    """Delete up to :data:`FORGET_AT_ONCE` articles that were not seen for :data:`KEEP_DAYS`, and as many sites that
    were not, or are above :data:`MOST_SITES`, with their articles. How many articles of the first kind."""
    horizon = now_us() - KEEP_DAYS * _DAY_US
    a = articles.c
    old = select(a.site, a.article_id).where(a.seen_at < horizon).order_by(a.seen_at).limit(FORGET_AT_ONCE)
    keys = sorted((row.site, row.article_id) for row in await connection.execute(old))
    if keys:
        await connection.execute(delete(articles).where(tuple_(a.site, a.article_id).in_(keys)))
    newest = select(sites.c.seen_at).order_by(sites.c.seen_at.desc()).offset(MOST_SITES).limit(1)
    silent = or_(sites.c.seen_at < horizon, sites.c.seen_at <= newest.scalar_subquery())
    oldest = select(sites.c.site).where(silent).order_by(sites.c.seen_at).limit(FORGET_AT_ONCE)
    names = sorted((await connection.execute(oldest)).scalars())
    if names:
        # One that another replica has just seen again is not silent any more when its lock is ours.
        gone = delete(sites).where(sites.c.site.in_(names), silent).returning(sites.c.site)
        forgotten = sorted((await connection.execute(gone)).scalars())
        await connection.execute(delete(articles).where(a.site.in_(forgotten)))
    return len(keys)


def _insert(connection: AsyncConnection, table: Any) -> postgresql.Insert | sqlite.Insert:
    """Only the dialects' own INSERT knows ON CONFLICT."""
    return sqlite.insert(table) if connection.dialect.name == "sqlite" else postgresql.insert(table)
