"""What was said of the ends of visits, and which of it counts. Visit, history and outcome change in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from services.fetcher.frontier.hosts import insert
from services.fetcher.frontier.outcomes import write_outcomes
from services.fetcher.frontier.tables import fates, visits
from services.fetcher.frontier.visits import CLOSED
from services.fetcher.precedence import supersedes
from shared.contracts.enums import Fate
from shared.contracts.events import VisitFate

# All of it goes into the outcome, which has to fit its topic whatever somebody wrote to `fates`.
HINT_CHARS = 4_000
ID_CHARS = 100


async def apply_fates(connection: AsyncConnection, at: int, said: Sequence[VisitFate]) -> list[bool]:
    """Write down all that was ``said`` and close or change the visits that it counts for.

    ``at``: microseconds, the database's now. Returns for each whether its visit is known.
    """
    ids = sorted({one.visit_id for one in said})
    rows = await connection.execute(
        select(visits.c.visit_id, visits.c.fate, visits.c.attempt)
        .where(visits.c.visit_id.in_(ids))
        .order_by(visits.c.visit_id)
        .with_for_update()
    )
    stands: dict[str, tuple[Fate, int] | None] = {
        row.visit_id: None if row.fate is None else (Fate(row.fate), row.attempt) for row in rows
    }
    history: list[dict[str, Any]] = []
    changed: dict[str, dict[str, Any]] = {}
    for one in said:
        if one.visit_id not in stands:
            continue
        counts = supersedes((one.fate, one.attempt), stands[one.visit_id])
        if counts:
            stands[one.visit_id] = (one.fate, one.attempt)
            changed[one.visit_id] = _closing(at, one)
        history.append(_line(at, one, counted=counts))
    if history:
        await connection.execute(insert(connection)(fates).on_conflict_do_nothing(), history)
    if changed:
        await connection.execute(
            update(visits)
            .where(visits.c.visit_id == bindparam("of"))
            .values({name: bindparam(f"new_{name}") for name in _CLOSING}),
            [changed[key] for key in sorted(changed)],
        )
        await write_outcomes(connection, at, changed)
    return [one.visit_id in stands for one in said]


_CLOSING = (
    "state",
    "fate",
    "code",
    "hint",
    "service",
    "attempt",
    "article_id",
    "version",
    "claims",
    "closed_at",
)


def _closing(at: int, said: VisitFate) -> dict[str, Any]:
    values = {
        "state": CLOSED,
        "fate": said.fate.value,
        "code": said.code and said.code[:100],
        "hint": said.hint and said.hint[:HINT_CHARS],
        "service": said.service[:40],
        "attempt": said.attempt,
        "article_id": said.article_id and said.article_id[:ID_CHARS],
        "version": said.version and said.version[:ID_CHARS],
        "claims": said.claims,
        "closed_at": at,
    }
    return {"of": said.visit_id} | {f"new_{name}": values[name] for name in _CLOSING}


def _line(at: int, said: VisitFate, *, counted: bool) -> dict[str, Any]:
    return {
        "visit_id": said.visit_id,
        "attempt": said.attempt,
        "service": said.service[:40],
        "fate": said.fate.value,
        "code": said.code and said.code[:100],
        "hint": said.hint and said.hint[:HINT_CHARS],
        "said_at": said.at,
        "at": at,
        "counted": counted,
    }
