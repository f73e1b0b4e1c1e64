"""What becomes of claims when their article or their extractor changes."""

from __future__ import annotations

from shared.contracts.enums import Stance
from tests.integration.store.ledger import Ledger
from tests.integration.store.story import OPEN, OTHER, SAFE, SAFER, fates, summary
from tests.unit.store.press import at, extraction, page, said


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
