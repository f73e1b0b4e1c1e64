"""The account as a person reads it, and the feeds that one process polls."""

from __future__ import annotations

import time
from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncEngine

from services.fetcher.account_read import Account
from services.fetcher.frontier.feeds import FAILING, list_feeds
from shared.contracts.canonical import canonical_url
from shared.database import iso_us

ORDER = ("stored", "unchanged", "duplicate", "rejected", "dead")


def account_line(account: Account, *, unexplained: Sequence[str] | None) -> str:
    """``in 8 = stored 6 + duplicate 1 + rejected 1 + open 0; unexplained 0``; ``unknown`` where it cannot be said."""
    known = [(name, account.fates[name]) for name in ORDER if account.fates.get(name)]
    other = [(name, number) for name, number in sorted(account.fates.items()) if name not in ORDER]
    parts = " + ".join(f"{name} {number}" for name, number in [*known, *other, ("open", account.open)])
    sign = "=" if account.balances else "≠"
    answer = "unknown" if unexplained is None else str(len(unexplained))
    return f"in {account.visits} {sign} {parts}; unexplained {answer}"


def submissions_line(account: Account) -> str:
    """``submissions 9 = opened 8 + joined 1 + undecodable 0``."""
    return (
        f"submissions {account.submissions} = opened {account.opened} + joined {account.joined}"
        f" + undecodable {account.undecodable}"
    )


def pruned_line(account: Account) -> str | None:
    """What the sums hold that nobody can be asked about any more; None where nothing was deleted."""
    if account.pruned_through is None:
        return None
    day = iso_us(account.pruned_through)[:10]
    return f"  {account.pruned} visits that ended before {day} are counted and forgotten"


async def waiting_lines(engine: AsyncEngine, only: Sequence[str] | None = None) -> list[str]:
    """A line for each feed (of ``only`` these) whose last poll failed."""
    wanted = None if only is None else {canonical_url(url) for url in only}
    return [
        f"! feed      {feed.url}  [{feed.code}] {feed.hint or ''}"
        for feed in await list_feeds(engine)
        if feed.state == FAILING and (wanted is None or feed.url in wanted)
    ]


async def due_feeds(engine: AsyncEngine) -> list[str]:
    """The feeds of one process whose interval has passed since their last poll, or that were never polled. Not
    ``next_at``: a run that polls only some feeds puts the others off."""
    now = time.time()
    return [
        feed.url
        for feed in await list_feeds(engine)
        if feed.polled_at is None or feed.polled_at / 1e6 + feed.every <= now
    ]
