"""What has to hold when everything has come to rest, whatever was done to it on the way."""

from __future__ import annotations

from collections import Counter

from sqlalchemy import func, select

from claimstream.sample import SampleSite
from services.fetcher.account_read import unexplained
from services.fetcher.frontier.tables import visits
from services.store import models
from shared.contracts import topics
from shared.contracts.canary import is_canary_article
from shared.contracts.enums import Fate
from shared.contracts.events import UrlOutcome
from shared.database import read
from tests.chaos.press import Press
from tests.e2e.proof import check_claims
from tests.e2e.world import World, decoded

# The site's clock is read after the last byte was handed to the kernel, the fetcher's when it has read it.
CLOCK_SECONDS = 0.02


async def check(world: World, press: Press, site: SampleSite, *, crawl_delay: float) -> Counter[str]:
    """Raises AssertionError; counts, for the report."""
    account = await world.account()
    assert account.balances, account
    assert account.open == 0, account
    assert account.undecodable == 0, account
    assert account.submissions >= press.submitted, f"{press.submitted} were submitted: {account}"
    assert account.fates.keys() <= {"stored", "unchanged"}, account
    missing = await unexplained(world.frontier, 0.0, _nothing_waits)
    assert missing == [], f"unexplained: {missing}"
    assert await world.letters() == []
    repeats = await check_claims(world)
    await press.check_newest_is_current(world)
    await check_outcomes(world)
    await check_store(world, press)
    check_politeness(site, crawl_delay)
    return Counter(
        submissions=account.submissions,
        visits=account.visits,
        claims=len(world.records[topics.CLAIMS]),
        repeats=repeats,
        pages=len(world.records[topics.PAGES]),
        requests=len(site.requests),
    )


async def _nothing_waits() -> float:
    return 0.0


async def check_outcomes(world: World) -> None:
    """Each visit has its outcome on the topic, with the fate that the account gives it."""
    said: dict[str, tuple[int, Fate | str | None]] = {}
    for record in world.records[topics.OUTCOMES]:
        outcome = decoded(record)
        assert isinstance(outcome, UrlOutcome)
        if outcome.revision >= said.get(outcome.visit_id, (0, None))[0]:
            said[outcome.visit_id] = (outcome.revision, outcome.fate)
    async with read(world.frontier) as connection:
        rows = await connection.execute(select(visits.c.visit_id, visits.c.fate))
        given = {row.visit_id: row.fate for row in rows}
    told = {visit: getattr(fate, "value", fate) for visit, (_, fate) in said.items()}
    assert told == given, {
        visit for visit in told.keys() | given.keys() if told.get(visit) != given.get(visit)
    }


async def check_store(world: World, press: Press) -> None:
    """As many articles as there are, no more texts than editions, one claim an article, all of it live once."""
    async with read(world.ledger) as connection:
        claims = await connection.scalar(select(func.count()).select_from(models.claim))
        known = list(await connection.scalars(select(models.article.c.article_id)))
        texts = list(await connection.scalars(select(models.article_version.c.article_id)))
        live = await connection.scalar(
            select(func.count()).select_from(models.claim).where(models.claim.c.live)
        )
    articles, editions = _without_canaries(known), _without_canaries(texts)
    size = len(press.paths)
    found = (len(articles), claims, live)
    assert found == (size, size, size), f"{found} articles, claims, live claims; {size} pages"
    assert len(editions) <= size * press.edition
    assert max(Counter(editions).values()) <= press.edition


def _without_canaries(articles: list[str]) -> list[str]:
    """A canary's claims reach nobody; what is left of its article is forgotten when its URL comes round again."""
    return [article for article in articles if not is_canary_article(article)]


def check_politeness(site: SampleSite, crawl_delay: float) -> None:
    """No two requests to a host at once, and between the end of one and the next at least the crawl delay."""
    overlapping = site.overlaps()
    assert overlapping == [], f"{len(overlapping)} requests overlap, the first: {overlapping[0]}"
    last: dict[str, float] = {}
    for request in site.requests:
        before = last.get(request.outlet)
        if before is not None:
            gap = request.start - before
            assert gap >= crawl_delay - CLOCK_SECONDS, f"{request} came {gap:.3f} s after the one before"
        assert request.end is not None
        last[request.outlet] = request.end
