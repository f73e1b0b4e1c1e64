"""robots.txt as the frontier keeps it: one copy for all replicas, so that a host is asked once and judged alike."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.fetcher.frontier.hosts import insert
from services.fetcher.frontier.now import Now, us
from services.fetcher.frontier.tables import robots


@dataclass(frozen=True, slots=True)
class KeptRobots:
    """An answer of an origin: HTTP status (None: no answer), body, the outcome's code, and the seconds for which it
    may be used."""

    status: int | None
    body: bytes
    code: str
    seconds: float


async def kept_robots(connection: AsyncConnection, now: Now, origin: str) -> KeptRobots | None:
    """The kept answer of ``origin`` (``scheme://host:port``), unless its time is over."""
    row = (
        await connection.execute(
            select(robots, (robots.c.good_until - now()).label("left")).where(robots.c.origin == origin)
        )
    ).one_or_none()
    return (
        None if row is None or row.left <= 0 else KeptRobots(row.status, row.body, row.code, row.left / 1e6)
    )


async def keep_robots(connection: AsyncConnection, now: Now, origin: str, answer: KeptRobots) -> None:
    """Keep an answer for its ``seconds``, in place of the one before."""
    statement = insert(connection)(robots).values(
        origin=origin,
        status=answer.status,
        body=answer.body,
        code=answer.code,
        good_until=now() + us(answer.seconds),
    )
    await connection.execute(
        statement.on_conflict_do_update(
            index_elements=[robots.c.origin],
            set_={name: statement.excluded[name] for name in ("status", "body", "code", "good_until")},
        )
    )
