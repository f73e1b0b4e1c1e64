"""What an operator does about a visit without a fate: fetch it again, or close it as lost."""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from services.fetcher.account_history import url_ids
from services.fetcher.frontier.fates import apply_fates
from services.fetcher.frontier.hosts import Work, announce
from services.fetcher.frontier.now import Now, database_now
from services.fetcher.frontier.tables import urls, visits
from services.fetcher.frontier.visits import QUEUED, lock_urls, open_visits
from services.fetcher.opening import Opening
from shared.contracts.canonical import host_key
from shared.contracts.enums import Fate
from shared.contracts.events import VisitFate
from shared.database import iso_us, transact
from shared.errors import UsageError

OPERATOR = "operator"
LOST_HINT = (
    "An operator closed the visit: what was sent on for it was never heard of again. Submit the URL anew."
)


class NothingKnown(UsageError):
    code = "url-unknown"
    hint = "Nothing went in under it here. `claimstream ingest` takes it in one process, `claimstream submit` on Kafka."


class NotFetched(UsageError):
    code = "not-fetched"
    hint = "A file is read, not fetched: `claimstream ingest FILE` again. A refused URL has its reason in `fate`."


class NothingOpen(UsageError):
    code = "nothing-open"
    hint = "Each has its fate, and there is nothing to close; `claimstream fate` without --close shows it."


async def refetch(engine: AsyncEngine, target: str, *, epoch: int = 1, now: Now = database_now) -> str:
    """Fetch the URL again, whole; the id of the visit that does it.

    An open visit is fetched again under its own id, a closed one stays as it is and a new one is opened.
    ``target`` is a URL, URL id or visit id. Raises NothingKnown and NotFetched.
    """

    async def work(connection: AsyncConnection) -> str:
        url_key, url = await _url(connection, target)
        state = (await lock_urls(connection, {url_key: url}))[url_key]
        at = int(await connection.scalar(select(now())) or 0)
        last = (
            await connection.execute(select(visits).where(visits.c.visit_id == state.visit_id))
        ).one_or_none()
        if last is None:
            raise NothingKnown(f"the account knows no visit of {target}")
        if last.next_url is None:
            raise NotFetched(f"{target} was never fetched and cannot be fetched again")
        if last.fate is not None:
            opening = Opening(url_key, url, OPERATOR, whole=True)
            (opened,) = await open_visits(connection, at, epoch, [(opening, state.visits + 1)])
            return opened
        host = host_key(url)
        await connection.execute(
            update(visits)
            .where(visits.c.visit_id == last.visit_id)
            .values(state=QUEUED, whole=True, host=host, next_url=url, trail="[]", tries=0, due_at=at)
        )
        await announce(connection, [Work(host, last.bulk, at, last.rank)])
        return str(last.visit_id)

    return await transact(engine, work)


async def close(engine: AsyncEngine, target: str, *, now: Now = database_now) -> list[str]:
    """Give every open visit of the URL the fate ``dead`` with the code ``lost``; their ids.

    ``target`` is a URL, URL id or visit id (then only that visit). Raises NothingKnown and NothingOpen.
    """

    async def work(connection: AsyncConnection) -> list[str]:
        url_key, _ = await _url(connection, target)
        is_visit = await connection.scalar(select(visits.c.visit_id).where(visits.c.visit_id == target))
        mine = visits.c.visit_id == target if is_visit else visits.c.url_id == url_key
        rows = await connection.execute(
            select(visits.c.visit_id).where(mine, visits.c.fate.is_(None)).order_by(visits.c.visit_id)
        )
        ids = [row.visit_id for row in rows]
        if not ids:
            raise NothingOpen(f"no visit of {target} is open")
        at = int(await connection.scalar(select(now())) or 0)
        said = [
            VisitFate(
                visit_id=visit, fate=Fate.DEAD, code="lost", hint=LOST_HINT, service=OPERATOR, at=iso_us(at)
            )
            for visit in ids
        ]
        await apply_fates(connection, at, said)
        return ids

    return await transact(engine, work)


async def _url(connection: AsyncConnection, target: str) -> tuple[str, str]:
    """The id and the text of the URL that ``target`` means. Raises NothingKnown."""
    of_visit = select(visits.c.url_id).where(visits.c.visit_id == target).scalar_subquery()
    row = (
        await connection.execute(
            select(urls.c.url_id, urls.c.url)
            .where(urls.c.url_id.in_(url_ids(target)) | (urls.c.url_id == of_visit))
            .limit(1)
        )
    ).one_or_none()
    if row is None:
        raise NothingKnown(f"the account knows nothing of {target}")
    return row.url_id, row.url
