"""The sample site in one process: what its truth says is what comes out, and an edit shows at the next poll."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from claimstream.oneprocess import OneProcess
from claimstream.sample import ArticleTruth, SampleSite, load_truth
from services.fetcher.account_read import balance
from services.fetcher.frontier.feeds import FAILING, list_feeds
from shared.contracts import envelope, topics
from shared.contracts.codec import decode_claim
from shared.contracts.enums import Change
from shared.contracts.events import ClaimChanged
from shared.contracts.record import Outgoing, Record

Quoted = tuple[str, str, str, str]  # article URL, kind, content, cue
# Quotations that the first extractor does not attribute: "according to" behind one, and a source without a name.
NOT_FOUND_YET = {
    "“Everyone knew,”",
    "“I will believe it when my son comes home and complains about the carrots,”",
}


class Subscriber:
    """Reads `claims` and keeps the latest revision of each claim, as a compacted topic does."""

    def __init__(self, process: OneProcess) -> None:
        self.latest: dict[str, ClaimChanged] = {}
        self.changes: Counter[tuple[str, str]] = Counter()
        process.transport.tap(topics.CLAIMS, self._read)

    async def _read(self, sent: Outgoing) -> None:
        record = Record(sent.topic, 0, 0, 0, sent.key, sent.value, tuple(sent.headers))
        claim = decode_claim(record, envelope.parse(record.headers))
        assert claim is not None
        self.latest[claim.claim_id] = claim
        self.changes[claim.change.value, claim.content.text] += 1

    def standing(self) -> dict[Quoted, str]:
        """The source of each claim that is not withdrawn."""
        return {
            (claim.article.url, claim.kind.value, claim.content.text, claim.cue.text): claim.source.text
            for claim in self.latest.values()
            if claim.change is not Change.WITHDRAWN and claim.cue and claim.source
        }


def in_truth(site: SampleSite, version: int) -> dict[Quoted, str]:
    """The source of each quotation of the site at this version."""
    newest: dict[str, ArticleTruth] = {}
    for article in sorted(load_truth().values(), key=lambda article: article.version):
        if article.version <= version:
            newest[site.url(article.outlet, article.path)] = article
    return {
        (url, quoted.kind, quoted.content.text, quoted.cue.text): quoted.source.text
        for url, article in newest.items()
        for quoted in article.quotations
    }


def check_against_truth(standing: dict[Quoted, str], truth: dict[Quoted, str]) -> None:
    """Contents, kinds and cues exactly; no quotation that is none; a source at least as the truth has it.

    (A source may go on where the truth's ends: "Judit Amsel, head of operations at Lumagrid".)
    """
    missing = {quoted[2] for quoted in truth.keys() - standing.keys()}
    assert missing <= NOT_FOUND_YET
    assert {quoted for quoted in standing.keys() - truth.keys() if quoted[1] == "quote"} == set()
    wrong = [
        (quoted[2], source, standing[quoted])
        for quoted, source in truth.items()
        if quoted in standing and not standing[quoted].startswith(source)
    ]
    assert wrong == []


@pytest.fixture
async def process(served: SampleSite, tmp_path: Path) -> AsyncIterator[OneProcess]:
    async with OneProcess(
        tmp_path / "one.db",
        contact="tests@claimstream.invalid",
        allow_networks=("127.0.0.0/8",),
        crawl_delay=0.0,
    ) as process:
        yield process


async def test_the_truth_comes_out_and_an_edit_amends_one_claim(
    served: SampleSite, process: OneProcess
) -> None:
    subscriber = Subscriber(process)
    feeds = list(served.feed_urls.values())
    await process.poll(feeds)
    await process.until_quiet()
    account = await balance(process.engine)
    assert account.fates == {"stored": 10, "duplicate": 1, "rejected": 1}
    assert (account.submissions, account.joined, account.undecodable, account.open) == (12, 0, 0, 0)
    assert account.balances
    failing = [feed.url for feed in await list_feeds(process.engine) if feed.state == FAILING]
    assert failing == [served.feed_urls["broken"]]
    check_against_truth(subscriber.standing(), in_truth(served, 1))
    assert {change for change, _ in subscriber.changes} == {"asserted"}

    served.advance()
    subscriber.changes.clear()
    await process.poll(feeds)
    await process.until_quiet()
    account = await balance(process.engine)
    assert account.fates == {"stored": 11, "duplicate": 1, "rejected": 1}
    check_against_truth(subscriber.standing(), in_truth(served, 2))
    quoted = {change: n for change, n in subscriber.changes.items() if change[1][0] in '“"'}
    assert quoted == {
        ("amended", "“No child in Tarnholm will ever again have to learn on an empty stomach,”"): 1,
        ("asserted", "“The fund is sound, and the meals are paid for until 2032,”"): 1,
        ("withdrawn", "“The mayor is buying votes with soup,”"): 1,
    }
    assert served.overlaps() == []
