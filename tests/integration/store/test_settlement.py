"""What the ledger makes of articles and extractions, in whatever order they come."""

from __future__ import annotations

from itertools import permutations

import pytest

from shared.contracts.events import ArticleCleaned, ClaimsExtracted
from tests.integration.store.ledger import Ledger
from tests.integration.store.story import OPEN, OTHER, SAFE, SAFER, fates, under
from tests.unit.store.press import at, extraction, gone, page, said


async def test_an_article_and_its_extraction_become_claims_and_one_fate(ledger: Ledger) -> None:
    a = page([SAFE, OPEN], 1, labels={"desk": "local"})
    await ledger.deliver(a)
    assert await ledger.news() == ([], [])
    await ledger.deliver(extraction(a))
    claims, told = await ledger.news()
    assert [c.content.text for c in claims] == [
        "The bridge is safe for all cars and lorries.",
        "It opens on Monday at nine.",
    ]
    for claim in claims:
        assert (claim.change, claim.cause, claim.epoch, claim.revision) == ("asserted", "new_article", 1, 1)
        assert claim.labels == {"desk": "local"}
        assert claim.first_seen == claim.article.observed_at == at(1)
        assert (claim.article.version, claim.article.page_sha256) == (a.version, a.page_sha256)
        assert (claim.article.claims, claim.article.copies) == (2, 1)
    assert [(f.fate, f.claims, f.version, f.visit_id, f.article_id) for f in told] == [
        ("stored", 2, a.version, a.visit_id, a.article_id)
    ]


async def test_an_extraction_may_come_before_its_article(ledger: Ledger) -> None:
    a = page([SAFE], 1)
    await ledger.deliver(extraction(a))
    assert await ledger.news() == ([], [])
    await ledger.deliver(a)
    claims, told = await ledger.news()
    assert len(claims) == 1
    assert fates(told) == [(a.visit_id, "stored")]


async def test_a_redelivery_changes_nothing_and_tells_nothing(ledger: Ledger) -> None:
    a = page([SAFE], 1)
    await ledger.deliver(a, extraction(a))
    await ledger.news()
    await ledger.deliver(a, extraction(a), extraction(a), a)
    assert await ledger.news() == ([], [])


async def test_the_same_record_twice_in_one_batch_counts_once(ledger: Ledger) -> None:
    a, b = page([SAFE], 1), page([OPEN], 1, url="https://news.example/other")
    await ledger.batch(a, b, a)
    await ledger.batch(extraction(b), extraction(a), extraction(b))
    claims, told = await ledger.news()
    assert len(claims) == 2
    assert sorted(fates(told)) == sorted([(a.visit_id, "stored"), (b.visit_id, "stored")])


async def test_an_older_page_however_late_never_overwrites_a_newer_one(ledger: Ledger) -> None:
    old, new = page([SAFE, OTHER], 1), page([OPEN], 2)
    await ledger.deliver(new, extraction(new))
    await ledger.news()
    await ledger.deliver(old, extraction(old))
    claims, told = await ledger.news()
    assert claims == []
    assert [(f.visit_id, f.fate, f.claims) for f in told] == [(old.visit_id, "stored", 2)]
    assert [c.content.text for c in await ledger.live()] == ["It opens on Monday at nine."]


async def test_a_redriven_old_page_is_told_its_fate_again_in_the_new_attempt(ledger: Ledger) -> None:
    old, new = page([SAFE], 1), page([OPEN], 2)
    await ledger.deliver(old, extraction(old), new, extraction(new))
    await ledger.news()
    await ledger.deliver(old, attempt=2)
    claims, told = await ledger.news()
    assert claims == []
    assert [(f.visit_id, f.fate, f.attempt) for f in told] == [(old.visit_id, "stored", 2)]
    await ledger.deliver(extraction(old), attempt=3)
    assert [(f.visit_id, f.fate, f.attempt) for f in await ledger.told()] == [(old.visit_id, "stored", 3)]


async def test_a_visit_that_is_fetched_again_hears_its_fate_once_more(ledger: Ledger) -> None:
    """Its first fate may have been lost behind the store: nobody but an operator's refetch would ever find out."""
    a, b = page([SAFE], 1), gone(2, url="https://news.example/other")
    await ledger.deliver(a, extraction(a), b)
    first = fates(await ledger.told())
    assert first == [(a.visit_id, "stored"), (b.visit_id, "rejected")]
    again = [one.model_copy(update={"observed_at": at(30)}) for one in (a, b)]
    await ledger.deliver(*again)
    claims, told = await ledger.news()
    assert (claims, fates(told), {one.attempt for one in told}) == ([], first, {1})
    await ledger.deliver(*again, extraction(a), a, b)
    assert await ledger.news() == ([], [])


async def test_at_one_moment_the_version_hash_decides(ledger: Ledger) -> None:
    for url in ("https://news.example/1", "https://news.example/2"):
        a, b = page([SAFE], 1, number=1, url=url), page([OPEN], 1, number=2, url=url)
        for article in (a, b) if url.endswith("1") else (b, a):
            await ledger.deliver(article, extraction(article))
    assert {c.article.version for c in await ledger.live()} == {max(a.version, b.version)}


async def test_two_pages_of_one_visit_both_count(ledger: Ledger) -> None:
    a, b = page([SAFE], 1, number=7), page([OPEN], 2, number=7)
    await ledger.deliver(b, a, extraction(a), extraction(b))
    claims, told = await ledger.news()
    assert [c.content.text for c in await ledger.live()] == ["It opens on Monday at nine."]
    assert [(f.visit_id, f.fate, f.version) for f in told] == [
        (a.visit_id, "stored", a.version),
        (a.visit_id, "stored", b.version),
    ]
    assert len(claims) == 3


async def test_two_visits_that_wait_for_one_extraction_both_hear_of_it(ledger: Ledger) -> None:
    first, second = page([SAFE], 1), page([SAFE], 2)
    await ledger.deliver(first, second)
    assert await ledger.told() == []
    await ledger.deliver(extraction(first))
    assert fates(await ledger.told()) == [(first.visit_id, "stored"), (second.visit_id, "unchanged")]


async def test_an_article_without_claims_is_stored_with_none(ledger: Ledger) -> None:
    a = page("Nobody said anything today.", 1)
    await ledger.deliver(a, extraction(a))
    claims, told = await ledger.news()
    assert claims == []
    assert [(f.fate, f.claims) for f in told] == [("stored", 0)]


async def test_a_claim_of_the_headline_slices_the_headline_that_it_was_found_in(ledger: Ledger) -> None:
    first = page([SAFE], 1, title="Bridge is safe, says mayor")
    second = page([SAFE], 2, title="Bridge “safe”")
    await ledger.deliver(first, second, extraction(first, title=True))
    headline, _ = await ledger.changes()
    assert headline.content.in_ == "title"
    assert headline.article.title == headline.content.text == "Bridge is safe, says mayor"
    assert headline.article.observed_at == at(1)


@pytest.mark.parametrize("first", ["article", "extraction"])
async def test_what_its_spans_do_not_show_never_reaches_the_ledger(ledger: Ledger, first: str) -> None:
    a = page([SAFE], 1)
    good = extraction(a)
    moved = good.claims[0].content.model_copy(update={"spans": ((2, 40),)})
    bad = good.model_copy(update={"claims": (good.claims[0].model_copy(update={"content": moved}),)})
    records: list[ArticleCleaned | ClaimsExtracted] = [a, bad] if first == "article" else [bad, a]
    await ledger.deliver(*records)
    claims, told = await ledger.news()
    assert claims == []
    assert [(f.fate, f.code, f.attempt) for f in told] == [("dead", "unprovable", 1)]
    await ledger.deliver(*records)
    assert await ledger.told() == []
    await ledger.deliver(extraction(a, sequence=2))
    claims, told = await ledger.news()
    assert len(claims) == 1
    assert [f.fate for f in told] == ["stored"], "a better extraction cures it"


async def test_a_claim_that_no_record_can_hold_is_told_and_blocks_nobody(ledger: Ledger) -> None:
    a, b = page([said("long " * 200_000)], 1), page([SAFE], 2)
    await ledger.deliver(a, extraction(a), b, extraction(b))
    _, told = await ledger.news()
    assert [(f.fate, f.code) for f in told] == [("dead", "claim-too-large"), ("stored", None)]


async def test_every_order_of_delivery_ends_in_the_same_claims(ledger: Ledger) -> None:
    a, b, c = page([SAFE, OTHER], 1), page([SAFER], 2), page([SAFE, OTHER], 3)
    records: list[ArticleCleaned | ClaimsExtracted] = [a, b, c, extraction(a), extraction(b)]
    for number, order in enumerate(list(permutations(records))[::8]):
        url = f"https://news.example/{number}"
        renamed = [under(record, url) for record in order]
        await ledger.deliver(*renamed)
    ends: dict[str, list[tuple[str, str]]] = {}
    for claim in await ledger.live():
        ends.setdefault(claim.article.id, []).append((claim.content.text, claim.article.version))
    assert len(ends) == 15
    assert {tuple(text for text, _ in end) for end in ends.values()} == {
        ("Schools stay closed until the end of the week.", "The bridge is safe for all cars and lorries.")
    }
    for numbers in (await ledger.revisions()).values():
        assert numbers == [(1, revision) for revision in range(1, len(numbers) + 1)]
