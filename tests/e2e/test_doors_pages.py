"""Bad input at the crawl's door: URLs that are none, pages that go wrong and feeds that are none, in one process."""

from __future__ import annotations

import asyncio
import tomllib
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from structlog.testing import capture_logs

from claimstream.oneprocess import OneProcess
from claimstream.sample import SampleSite
from services.fetcher import metrics as fetcher_metrics
from services.fetcher.frontier.feeds import list_feeds
from services.store import models
from shared import metrics
from shared.contracts import topics
from shared.contracts.events import UrlOutcome
from shared.contracts.record import Outgoing, Record
from shared.database import read
from tests.e2e.bad_pages import LONG, Bad
from tests.e2e.doors import counts, moved
from tests.e2e.site import Article, ScenarioSite
from tests.e2e.world import decoded

CASES: Mapping[str, list[dict[str, Any]]] = tomllib.loads(
    (Path(__file__).parents[1] / "data" / "doors" / "pages.toml").read_text(encoding="utf-8")
)
PAGES = [Bad(**case) for case in CASES["pages"]]
FEEDS = [Bad(**case) for case in CASES["feeds"]]
URLS = {case["name"]: (case["url"].replace("{long}", LONG), case["code"]) for case in CASES["urls"]}
OUTLETS = ("courier", "ledger")
FILLER = (
    "The ferry between the two islands has been out of service since the storm, and the post comes by helicopter.",
    "A new timetable is expected by the end of the week, when the harbour board has met.",
)
# A host that never ends an answer costs so long and so often; the rest is the guard against a hang.
PAGE_SECONDS = 1.0
TRIES = 2
TOO_LONG = 60.0


class Answers:
    """What `outcomes` says, by the submissions' refs."""

    def __init__(self, process: OneProcess) -> None:
        self.of: dict[str, list[UrlOutcome]] = {}
        process.tap(topics.OUTCOMES, self._read)

    async def _read(self, sent: Outgoing) -> None:
        outcome = decoded(Record(sent.topic, 0, 0, 0, sent.key, sent.value, tuple(sent.headers)))
        for submission in outcome.submissions:
            self.of.setdefault(submission.ref, []).append(outcome)


@pytest.fixture
def process(tmp_path: Path) -> OneProcess:
    return OneProcess(
        tmp_path / "doors.db",
        contact="tests@claimstream.invalid",
        allow_networks=("127.0.0.0/8",),
        crawl_delay=0.0,
        tries=TRIES,
        backoff_first=0.05,
        backoff_longest=0.1,
        page_deadline=PAGE_SECONDS,
        lease=30.0,
    )


@pytest.fixture
async def answers(process: OneProcess) -> AsyncIterator[Answers]:
    answers = Answers(process)
    async with process:
        yield answers


async def test_each_bad_page_and_url_has_one_fate_with_a_code_and_the_good_one_beside_it_is_stored(
    served: SampleSite, process: OneProcess, answers: Answers
) -> None:
    site = ScenarioSite(served, FILLER)
    turns, rejects, refused = map(
        counts, (fetcher_metrics.turns, metrics.records_out, fetcher_metrics.refused)
    )
    with capture_logs() as logs:
        for number, page in enumerate(PAGES):
            outlet = OUTLETS[number % len(OUTLETS)]
            served.add(outlet, page.path, page)
            # In a loop both ends are of one host.
            if page.name.startswith("redirect-"):
                served.add("courier", page.path, page)
                outlet = "courier"
            beside = f"{outlet}:/beside-{page.name}"
            site.publish(
                beside, Article("Ferry", [f"“We saw it beside {page.name},” said Anna Berg, a sailor."])
            )
            await process.submit([served.url(outlet, page.path)], ref=page.name)
            await process.submit([site.url(beside)], ref=f"beside {page.name}")
        for name, (url, _) in URLS.items():
            await process.submit([url], ref=name)
        async with asyncio.timeout(TOO_LONG):
            await process.until_quiet()

    said = {ref: [(one.fate.value, one.code) for one in outcomes] for ref, outcomes in answers.of.items()}
    assert said == (
        {page.name: [(page.fate, page.code)] for page in PAGES}
        | {f"beside {page.name}": [("stored", None)] for page in PAGES}
        | {name: [("rejected", code)] for name, (_, code) in URLS.items()}
    )
    for page in PAGES:
        (outcome,) = answers.of[page.name]
        if page.fate == "stored":
            assert page.text_holds is not None
            assert page.text_holds in await text_of(process, outcome)
            continue
        assert outcome.hint
        assert [
            line
            for line in logs
            if line.get("visit_id") == outcome.visit_id and line.get("code") == page.code
        ], f"no log line of {page.name}"
    counted = {code for (code,) in moved(turns, fetcher_metrics.turns)} | {
        code for (_, result, code) in moved(rejects, metrics.records_out) if result == "reject"
    }
    assert {page.code for page in PAGES} - {None} <= counted
    for name, (_, code) in URLS.items():
        assert [line for line in logs if line.get("ref") == name and line.get("code") == code], name
        assert answers.of[name][0].hint
    codes = [code for _, code in URLS.values()]
    assert moved(refused, fetcher_metrics.refused) == {(code,): codes.count(code) for code in codes}
    await check_nothing_open(served)


async def test_each_feed_that_is_none_fails_with_its_code_and_the_others_are_read(
    served: SampleSite, process: OneProcess, answers: Answers
) -> None:
    ScenarioSite(served, FILLER)
    polls = counts(fetcher_metrics.polls)
    urls = {}
    for feed in FEEDS:
        served.add("courier", feed.path, feed)
        urls[served.url("courier", feed.path)] = feed.code
    good = served.feed_urls["ledger"]
    with capture_logs() as logs:
        await process.poll([*urls, good])
        async with asyncio.timeout(TOO_LONG):
            await process.until_quiet()
    states = {feed.url: (feed.state, feed.code) for feed in await list_feeds(process.engine)}
    assert states == {url: ("failing", code) for url, code in urls.items()} | {good: ("ok", None)}
    for url, code in urls.items():
        (line,) = [line for line in logs if line["event"] == "feed failing" and line["feed"] == url]
        assert line["code"] == code
        assert line["hint"]
    assert set(moved(polls, fetcher_metrics.polls)) >= {(code,) for code in urls.values()}
    (outcomes,) = answers.of.values()  # entries have no ref
    assert {outcome.fate.value for outcome in outcomes} == {"stored", "duplicate"}
    await check_nothing_open(served)


async def text_of(process: OneProcess, outcome: UrlOutcome) -> str:
    v = models.article_version.c
    async with read(process.engine) as connection:
        found = await connection.scalar(
            select(v.text).where(v.article_id == outcome.article_id, v.version == outcome.version)
        )
    return str(found)


async def check_nothing_open(served: SampleSite) -> None:
    """The fetcher has hung up on every host, also on those that would never have."""
    async with asyncio.timeout(5):
        while any(host._connections for host in served._hosts.values()):
            await asyncio.sleep(0.02)
