"""Many at once: the same articles and others, over several engines, as replicas do it."""

from __future__ import annotations

import asyncio
from collections import Counter
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from services.store.app import migrate
from shared.contracts.events import ArticleCleaned, ClaimsExtracted
from shared.database import open_database
from tests.integration.store.ledger import Ledger
from tests.unit.store.press import extraction, page, said

SENTENCES = [
    said("The bridge is safe for all cars and lorries."),
    said("The bridge is safe for all cars."),
    said("It opens on Monday at nine.", "a spokeswoman"),
    said("Schools stay closed until the end of the week.", "the school board"),
]
BODIES = [[SENTENCES[0], SENTENCES[2]], [SENTENCES[1], SENTENCES[3]], [SENTENCES[2]], SENTENCES]


async def test_replicas_that_settle_the_same_articles_leave_no_gap_and_no_deadlock(database_url: str) -> None:
    await migrate(database_url)
    engines = [open_database(database_url) for _ in range(3)]
    ledgers = [Ledger(engine) for engine in engines]
    articles = [
        page(body, minute, url=f"https://news.example/{number}")
        for number in range(4)
        for minute, body in enumerate(BODIES, 1)
    ]
    extractions = [extraction(article) for article in articles]

    async def replica(number: int) -> None:
        """All records, in another order and in other batches than the other replicas."""
        ledger = ledgers[number]
        shift = number * 5
        mixed = articles[shift:] + articles[:shift]
        found = extractions[::-1] if number % 2 else extractions
        await asyncio.gather(
            *(ledger.batch(*mixed[start : start + 6]) for start in range(0, len(mixed), 6)),
            *(ledger.batch(*found[start : start + 4]) for start in range(0, len(found), 4)),
        )

    await asyncio.gather(*(replica(number) for number in range(3)))
    first = ledgers[0]
    for numbers in (await first.revisions()).values():
        assert numbers == [(1, revision) for revision in range(1, len(numbers) + 1)]
    live = Counter((claim.article.url, claim.content.text) for claim in await first.live())
    assert set(live.values()) == {1}
    assert len(live) == 4 * 4, "every article ends with its last version's four claims"
    told = Counter(one.visit_id for one in await first.told())
    assert told == {article.visit_id: 1 for article in articles}, "every visit has one fate, told once"
    for engine in engines:
        await engine.dispose()


VISITS = [
    page([SENTENCES[0], SENTENCES[3]], 1),
    page([SENTENCES[1]], 2),
    page([SENTENCES[0], SENTENCES[3]], 3),
    page([SENTENCES[2]], 4, final_url="https://news.example/amp/bridge"),
]
RECORDS: list[ArticleCleaned | ClaimsExtracted] = [
    *VISITS,
    *(extraction(article) for article in VISITS),
    extraction(VISITS[0], sequence=2, confidence=0.5),
]
DELIVERIES = st.permutations(range(len(RECORDS))).flatmap(
    lambda order: st.lists(st.sampled_from(range(len(RECORDS))), max_size=5).map(lambda more: [*order, *more])
)


@given(order=DELIVERIES)
@settings(max_examples=150, deadline=None)
def test_any_order_and_any_repetition_give_the_same_claims(order: list[int]) -> None:
    with TemporaryDirectory() as folder:
        asyncio.run(_deliver(f"sqlite+aiosqlite:///{folder}/store.db", order))


async def _deliver(url: str, order: list[int]) -> None:
    await migrate(url)
    engine = open_database(url)
    ledger = Ledger(engine)
    await ledger.deliver(*(RECORDS[index] for index in order))
    live = [(claim.content.text, claim.confidence, claim.extractor.sequence) for claim in await ledger.live()]
    assert live == [
        ("Schools stay closed until the end of the week.", 0.5, 2),
        ("The bridge is safe for all cars and lorries.", 0.5, 2),
    ]
    for numbers in (await ledger.revisions()).values():
        assert numbers == [(1, revision) for revision in range(1, len(numbers) + 1)]
    claims, told = await ledger.news()
    assert {one.visit_id for one in told} == {article.visit_id for article in VISITS}
    assert len(told) == len(VISITS)
    last = {claim.claim_id: claim for claim in claims}
    assert {claim.claim_id: claim for claim in await ledger.current()} == last, (
        "the topic says what the ledger says"
    )
    await engine.dispose()
