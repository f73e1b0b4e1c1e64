"""Files enter the account before anything is produced; and what one process asks of the frontier at its start."""

from __future__ import annotations

import hashlib

import pytest
from sqlalchemy import update

from services.fetcher.account_history import fate_of as history_of
from services.fetcher.account_read import balance
from services.fetcher.feeds.feeds_file import FeedSource
from services.fetcher.files import open_file_visit, reopen_file_visit
from services.fetcher.frontier.feeds import add_feed
from services.fetcher.frontier.resume import (
    Queue,
    feeds_due,
    poll_only,
    queue,
    refetch_open,
    unsent_outcomes_count,
)
from services.fetcher.frontier.tables import hosts, submissions
from services.fetcher.resolution import NotFetched, refetch
from shared.contracts.canonical import UrlRefused
from shared.contracts.enums import Fate
from shared.contracts.events import PageFetched
from shared.contracts.ids import file_urn, url_id, visit_id
from shared.database import write
from tests.integration.fetcher.loopback_site import LoopbackHost, Reply
from tests.integration.fetcher.rig import Rig, fate_of

CONTENT = b"<p>A page from a disk."
URL = "https://news.example/a"


async def opened(rig: Rig, content: bytes = CONTENT, url: str | None = None) -> PageFetched:
    page = await open_file_visit(rig.engine, content, url=url, content_type="text/html", now=rig.now)
    assert page is not None
    return page


async def test_a_file_without_a_url_is_known_by_its_bytes(rig: Rig) -> None:
    page = await opened(rig)
    assert page.url == page.final_url == file_urn(CONTENT)
    assert page.url_id == url_id(file_urn(CONTENT))
    assert page.visit_id == visit_id(page.url_id, 1, 1)
    assert (page.status, page.size, page.content_type) == (200, len(CONTENT), "text/html")
    assert page.sha256 == hashlib.sha256(CONTENT).hexdigest()


async def test_its_visit_and_its_submission_are_in_the_account_before_anything_is_sent(rig: Rig) -> None:
    page = await opened(rig)
    account = await balance(rig.engine)
    assert (account.submissions, account.opened, account.visits, account.open) == (1, 1, 1, 1)
    assert account.balances
    (history,) = await history_of(rig.engine, file_urn(CONTENT))
    assert (history.visit_id, history.origin) == (page.visit_id, "file")
    assert history.sent_at is not None
    (asked,) = await rig.rows(submissions)
    assert asked.coordinates == f"file:{page.sha256}"
    assert rig.broker.records == []


@pytest.mark.parametrize("spelled", [URL, "HTTPS://News.Example:443/a?utm_source=x#top"])
async def test_a_url_is_taken_in_its_canonical_form(rig: Rig, spelled: str) -> None:
    assert (await opened(rig, url=spelled)).url == URL


@pytest.mark.parametrize(
    "url", ["ftp://news.example/a", "https://u:p@news.example/", "notes.txt", "https://"]
)
async def test_a_url_that_no_page_has_opens_nothing(rig: Rig, url: str) -> None:
    with pytest.raises(UrlRefused):
        await open_file_visit(rig.engine, CONTENT, url=url, now=rig.now)
    assert (await balance(rig.engine)).visits == 0


async def test_an_open_visit_of_the_same_bytes_is_gone_on_with(rig: Rig) -> None:
    first, again = await opened(rig), await opened(rig)
    assert again.visit_id == first.visit_id
    account = await balance(rig.engine)
    assert (account.submissions, account.visits, account.open) == (1, 1, 1)


@pytest.mark.parametrize("fate", [Fate.STORED, Fate.UNCHANGED, Fate.DUPLICATE, Fate.REJECTED])
async def test_the_same_bytes_that_have_their_fate_are_not_read_again(rig: Rig, fate: Fate) -> None:
    page = await opened(rig)
    await rig.say(fate_of(page.visit_id, fate))
    assert await open_file_visit(rig.engine, CONTENT, now=rig.now) is None
    assert (await balance(rig.engine)).visits == 1


async def test_a_dead_one_is_tried_again_as_a_new_visit(rig: Rig) -> None:
    page = await opened(rig)
    await rig.say(fate_of(page.visit_id, Fate.DEAD, code="handler-failed"))
    again = await opened(rig)
    assert again.visit_id == visit_id(page.url_id, 1, 2)
    assert again.observed_at > page.observed_at


async def test_other_bytes_under_a_url_are_its_next_visit_and_later(rig: Rig) -> None:
    page = await opened(rig, url=URL)
    await rig.say(fate_of(page.visit_id, Fate.STORED))
    rig.now.seconds = -3600  # a clock that was set back does not make the newer file the older one
    again = await opened(rig, b"<p>Edited.", url=URL)
    assert again.visit_id == visit_id(page.url_id, 1, 2)
    assert again.observed_at > page.observed_at
    account = await balance(rig.engine)
    assert (account.submissions, account.visits, account.open) == (2, 2, 1)


async def test_a_file_is_not_fetched(rig: Rig) -> None:
    await opened(rig)
    assert await queue(rig.engine, rig.now) == Queue()
    with pytest.raises(NotFetched):
        await refetch(rig.engine, file_urn(CONTENT), now=rig.now)


async def test_an_open_visit_is_reopened_with_its_own_bytes_only(rig: Rig) -> None:
    page = await opened(rig)
    again = await reopen_file_visit(rig.engine, page.visit_id, CONTENT, "text/html", rig.now)
    assert again is not None
    assert (again.visit_id, again.sha256, again.url) == (page.visit_id, page.sha256, page.url)
    assert await reopen_file_visit(rig.engine, page.visit_id, b"other", "text/html", rig.now) is None


async def test_at_the_start_what_was_sent_on_is_queued_in_the_order_in_which_it_came(
    rig: Rig, site: LoopbackHost
) -> None:
    site.default = Reply()
    paths = [site.url(f"/{number}") for number in range(8)]
    await rig.submit(*paths)
    await rig.crawl_all()
    assert [page.url for page in rig.broker.pages()] == paths
    await rig.say(fate_of(rig.broker.pages()[0].visit_id, Fate.STORED))

    assert await refetch_open(rig.engine, rig.now) == []
    await rig.crawl_all()
    assert [page.url for page in rig.broker.pages()[8:]] == paths[1:]
    assert {page.visit_id for page in rig.broker.pages()[8:]} == {p.visit_id for p in rig.broker.pages()[1:8]}


async def test_leases_of_a_process_that_is_gone_are_freed(rig: Rig, site: LoopbackHost) -> None:
    site.default = Reply()
    await rig.submit(site.url("/a"))
    async with write(rig.engine) as connection:
        await connection.execute(update(hosts).values(lease_until=2**60))
    await refetch_open(rig.engine, rig.now)
    await rig.crawl_all()
    assert len(rig.broker.pages()) == 1


async def test_the_queue_names_the_host_that_is_waited_for(rig: Rig, site: LoopbackHost) -> None:
    assert await queue(rig.engine, rig.now) == Queue()
    await rig.submit(site.url("/a"), site.url("/b"))
    waiting = await queue(rig.engine, rig.now)
    assert (waiting.queued, waiting.tries) == (2, 0)
    assert site.url("/").startswith(f"http://{waiting.host}")
    assert waiting.seconds < 1
    async with write(rig.engine) as connection:
        await connection.execute(update(hosts).values(next_at=rig.now() + 90_000_000))
    assert 80 < (await queue(rig.engine, rig.now)).seconds < 91


async def test_only_the_feeds_that_were_asked_for_are_polled(rig: Rig) -> None:
    for name in ("a", "b"):
        await add_feed(rig.engine, FeedSource(f"https://{name}.example/rss", 900.0))
    wanted = await poll_only(rig.engine, ["HTTPS://A.example/rss"], rig.now)
    assert wanted == {"https://a.example/rss"}
    assert await feeds_due(rig.engine, wanted, rig.now) == 1
    assert await feeds_due(rig.engine, {"https://b.example/rss"}, rig.now) == 0


async def test_outcomes_that_wait_are_counted(rig: Rig) -> None:
    assert await unsent_outcomes_count(rig.engine) == 0
    page = await opened(rig)
    await rig.say(fate_of(page.visit_id, Fate.STORED))
    assert await unsent_outcomes_count(rig.engine) == 1
    await rig.outcomes.step(rig.sender)
    assert await unsent_outcomes_count(rig.engine) == 0
    assert [outcome.visit_id for outcome in rig.broker.outcomes()] == [page.visit_id]
