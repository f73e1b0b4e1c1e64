"""What the ledger makes of articles and extractions, in whatever order they come."""

from __future__ import annotations

from itertools import permutations

import pytest

from shared.contracts.enums import Stance
from shared.contracts.events import ArticleCleaned, ClaimChanged, ClaimsExtracted, VisitFate
from tests.integration.store.ledger import Ledger
from tests.unit.store.press import URL, at, extraction, gone, page, said, visit

SAFE = said("The bridge is safe for all cars and lorries.")
SAFER = said("The bridge is safe for all cars.")
OPEN = said("It opens on Monday at nine.", "a spokeswoman")
OTHER = said("Schools stay closed until the end of the week.", "the school board")


def summary(claims: list[ClaimChanged]) -> list[tuple[str, str, int, str]]:
    return [(c.change.value, c.cause.value, c.revision, c.content.text) for c in claims]


def fates(told: list[VisitFate]) -> list[tuple[str, str]]:
    return [(one.visit_id, one.fate.value) for one in told]


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


async def test_an_edit_amends_what_is_near_keeps_what_is_equal_and_withdraws_the_rest(ledger: Ledger) -> None:
    a, b = page([SAFE, OPEN, OTHER], 1), page([OPEN, SAFER], 60)
    await ledger.deliver(a, extraction(a))
    before = {c.content.text: c.claim_id for c in await ledger.changes()}
    await ledger.deliver(b, extraction(b))
    claims, told = await ledger.news()
    assert summary(claims) == [
        ("amended", "article_edited", 2, "The bridge is safe for all cars."),
        ("withdrawn", "article_edited", 2, "Schools stay closed until the end of the week."),
    ]
    amended, withdrawn = claims
    assert amended.changed == ("content",)
    assert amended.claim_id == before["The bridge is safe for all cars and lorries."]
    assert amended.article.version == b.version
    assert amended.first_seen == at(1)
    assert withdrawn.article.version == a.version, "a withdrawn claim is provable where it stood"
    assert fates(told) == [(b.visit_id, "stored")]


async def test_a_claim_that_takes_the_place_of_another_names_it(ledger: Ledger) -> None:
    a = page([said("The old bridge will be open again on Monday morning.", "the mayor")], 1)
    b = page([said("The old bridge will never be fit for lorries.", "an engineer")], 2)
    await ledger.deliver(a, extraction(a))
    (old,) = await ledger.changes()
    await ledger.deliver(b, extraction(b))
    new, withdrawn = await ledger.changes()
    assert (new.change, new.replaces, new.replaced_by) == ("asserted", old.claim_id, None)
    assert (withdrawn.change, withdrawn.replaced_by, withdrawn.replaces) == ("withdrawn", new.claim_id, None)


async def test_a_to_b_to_a_gives_the_claim_its_old_id_and_the_next_revision(ledger: Ledger) -> None:
    a1, b, a2 = page([SAFE], 1), page([OTHER], 2), page([SAFE], 3)
    await ledger.deliver(a1, extraction(a1))
    (first,) = await ledger.changes()
    await ledger.deliver(b, extraction(b))
    assert summary(await ledger.changes()) == [
        ("asserted", "article_edited", 1, "Schools stay closed until the end of the week."),
        ("withdrawn", "article_edited", 2, "The bridge is safe for all cars and lorries."),
    ]
    await ledger.deliver(a2)
    claims, told = await ledger.news()
    assert summary(claims) == [
        ("asserted", "article_edited", 3, "The bridge is safe for all cars and lorries."),
        ("withdrawn", "article_edited", 2, "Schools stay closed until the end of the week."),
    ]
    assert claims[0].claim_id == first.claim_id
    assert claims[0].first_seen == at(1)
    assert claims[0].article.observed_at == at(3)
    assert fates(told) == [(a2.visit_id, "stored")], "its extraction was there from the first time"
    await ledger.deliver(extraction(a2))
    assert await ledger.news() == ([], [])


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


async def test_the_current_text_again_is_unchanged(ledger: Ledger) -> None:
    first, second = page([SAFE], 1), page([SAFE], 60)
    await ledger.deliver(first, extraction(first))
    await ledger.news()
    await ledger.deliver(second)
    claims, told = await ledger.news()
    assert claims == []
    assert [(f.fate, f.claims, f.version) for f in told] == [("unchanged", 1, first.version)]


async def test_one_url_of_two_is_a_duplicate_once_the_articles_own_is_stored(ledger: Ledger) -> None:
    own = page([SAFE], 1)
    copy = page([SAFE, OTHER], 2, final_url="https://news.example/amp/bridge")
    await ledger.deliver(own, extraction(own))
    await ledger.news()
    await ledger.deliver(copy, extraction(copy))
    claims, told = await ledger.news()
    assert claims == []
    assert [(f.visit_id, f.fate) for f in told] == [(copy.visit_id, "duplicate")]
    assert URL in (told[0].hint or "")


async def test_before_the_articles_own_url_is_stored_another_may_speak_for_it(ledger: Ledger) -> None:
    copy = page([SAFE, OTHER], 5, final_url="https://news.example/amp/bridge")
    own = page([SAFE], 1)
    again = page([OTHER], 9, final_url="https://news.example/amp/bridge")
    await ledger.deliver(copy, extraction(copy))
    assert fates(await ledger.told()) == [(copy.visit_id, "stored")]
    await ledger.deliver(own, extraction(own))
    claims, told = await ledger.news()
    assert [(c.change, c.content.text) for c in claims] == [
        ("withdrawn", "Schools stay closed until the end of the week.")
    ], "what the article's own URL says counts, although the copy was seen later"
    assert fates(told) == [(own.visit_id, "stored")]
    await ledger.deliver(again, extraction(again))
    assert fates(await ledger.told()) == [(again.visit_id, "duplicate")]


async def test_a_redirect_alone_is_no_duplicate(ledger: Ledger) -> None:
    first, second = page([SAFE], 1), page([OPEN], 2)
    moved = second.model_copy(update={"submitted_url": "https://short.example/x"})
    await ledger.deliver(first, extraction(first), moved, extraction(moved))
    assert fates(await ledger.told()) == [(first.visit_id, "stored"), (second.visit_id, "stored")]


async def test_a_gone_article_keeps_its_claims_and_marks_them(ledger: Ledger) -> None:
    a, away = page([SAFE, OPEN], 1), gone(2)
    await ledger.deliver(a, extraction(a))
    await ledger.news()
    await ledger.deliver(away)
    claims, told = await ledger.news()
    assert [(c.change, c.cause, c.revision, c.changed, c.article.version) for c in claims] == [
        ("amended", "article_gone", 2, ("article",), a.version)
    ] * 2
    assert [(f.fate, f.code, f.version, f.visit_id) for f in told] == [
        ("rejected", "gone", None, away.visit_id)
    ]
    await ledger.deliver(gone(3))
    claims, told = await ledger.news()
    assert claims == []
    assert [(f.fate, f.code) for f in told] == [("rejected", "gone")]


async def test_an_article_that_is_back_tells_so_for_every_claim(ledger: Ledger) -> None:
    a = page([SAFE, OPEN], 1)
    await ledger.deliver(a, extraction(a), gone(2))
    await ledger.news()
    back = page([SAFE, OPEN], 3)
    await ledger.deliver(back)
    claims, told = await ledger.news()
    assert [(c.change, c.cause, c.revision, c.changed) for c in claims] == [
        ("amended", "article_edited", 3, ("article",))
    ] * 2
    assert fates(told) == [(back.visit_id, "stored")]
    late = gone(2).model_copy(update={"visit_id": visit(77)})
    await ledger.deliver(late)
    assert await ledger.changes() == [], "it was gone before it came back"


async def test_an_older_text_that_comes_after_the_end_is_marked_too(ledger: Ledger) -> None:
    a = page([SAFE], 1)
    await ledger.deliver(gone(5), a, extraction(a))
    assert summary(await ledger.changes()) == [
        ("asserted", "new_article", 1, "The bridge is safe for all cars and lorries."),
        ("amended", "article_gone", 2, "The bridge is safe for all cars and lorries."),
    ]
    b = page([SAFER], 2)
    await ledger.deliver(b, extraction(b))
    assert summary(await ledger.changes()) == [
        ("amended", "article_edited", 3, "The bridge is safe for all cars."),
        ("amended", "article_gone", 4, "The bridge is safe for all cars."),
    ]


async def test_only_the_articles_own_url_can_say_that_it_is_gone(ledger: Ledger) -> None:
    a = page([SAFE], 1)
    await ledger.deliver(a, extraction(a))
    await ledger.news()
    foreign = gone(2, final_url="https://news.example/amp/bridge")
    await ledger.deliver(foreign)
    claims, told = await ledger.news()
    assert claims == []
    assert [(f.visit_id, f.fate, f.code) for f in told] == [(foreign.visit_id, "rejected", "gone")]


async def test_of_one_version_the_extraction_with_the_highest_sequence_counts(ledger: Ledger) -> None:
    a = page([SAFE, OPEN], 1)
    older, newer = extraction(a, sequence=1), extraction(a, sequence=2, stance=Stance.PREDICTS)
    await ledger.deliver(a, older)
    await ledger.news()
    await ledger.deliver(newer)
    claims, told = await ledger.news()
    assert [(c.change, c.cause, c.changed, c.extractor.sequence) for c in claims] == [
        ("amended", "extractor_changed", ("stance",), 2)
    ] * 2
    assert told == []


async def test_a_lower_sequence_is_stored_and_changes_nothing(ledger: Ledger) -> None:
    a = page([SAFE], 1)
    await ledger.deliver(a, extraction(a, sequence=3), extraction(a, sequence=2, stance=Stance.DENIES))
    claims = await ledger.live()
    assert [(c.stance, c.revision, c.extractor.sequence) for c in claims] == [("asserts", 1, 3)]


async def test_confidence_has_three_decimals_and_its_small_steps_are_no_amendment(ledger: Ledger) -> None:
    a = page([SAFE], 1)
    await ledger.deliver(a, extraction(a, confidence=0.87654))
    (claim,) = await ledger.changes()
    assert claim.confidence == 0.877
    for sequence, confidence in ((2, 0.8765401), (3, 0.9264), (4, 0.828)):
        await ledger.deliver(extraction(a, sequence=sequence, confidence=confidence))
    assert await ledger.changes() == []
    await ledger.deliver(extraction(a, sequence=5, confidence=0.827))
    assert [(c.change, c.changed, c.confidence) for c in await ledger.changes()] == [
        ("amended", ("confidence",), 0.827)
    ]


async def test_relations_name_claims_by_their_ids(ledger: Ledger) -> None:
    a = page([SAFE, OPEN], 1)
    await ledger.deliver(a, extraction(a, denials=[(1, 2), (2, 2), (2, 9)]))
    first, second = await ledger.changes()
    assert [(r.type, r.claim_id, r.basis) for r in first.relations] == [("denies", second.claim_id, "stated")]
    assert second.relations == ()


async def test_an_occurrence_is_never_given_out_twice(ledger: Ledger) -> None:
    """The claim changes its words; then the old words come back beside the new ones: another claim."""
    a, b, c = page([SAFE], 1), page([SAFER], 2), page([SAFER, SAFE], 3)
    await ledger.deliver(a, extraction(a), b, extraction(b), c, extraction(c))
    live = await ledger.live()
    assert len({claim.claim_id for claim in live}) == 2
    kept = next(claim for claim in live if claim.content.text == "The bridge is safe for all cars.")
    assert (kept.revision, kept.first_seen) == (2, at(1))


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
        renamed = [_under(record, url) for record in order]
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


def _under(record: ArticleCleaned | ClaimsExtracted, url: str) -> ArticleCleaned | ClaimsExtracted:
    model = page("x", 1, url=url)
    update = {"article_id": model.article_id}
    if isinstance(record, ArticleCleaned):
        update |= {"url": url, "final_url": url}
    return record.model_copy(update=update)
