"""Provenance is verified from what is stored: what was tampered with shows."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from services.store.read import changes_after, claims_of, counts, find_claim
from services.store.why import provenance
from shared.contracts.ids import version_of
from shared.database import write
from shared.errors import UsageError
from tests.integration.store.ledger import Ledger
from tests.unit.store.press import URL, at, extraction, gone, page, said

SAFE = said("The bridge is safe for all cars and lorries.")
OPEN = said("It opens on Monday at nine.", "a spokeswoman")


async def stored(ledger: Ledger) -> str:
    """One article with two claims; the id of the first."""
    a = page([SAFE, OPEN], 1)
    await ledger.deliver(a, extraction(a))
    return (await ledger.changes())[0].claim_id


async def test_a_claim_is_proved_down_to_its_page(ledger: Ledger) -> None:
    claim_id = await stored(ledger)
    found = await provenance(ledger.engine, claim_id)
    assert found.verified, [check for check in found.checks if not check.ok]
    assert [check.name for check in found.checks] == [
        "content",
        "cue",
        "source",
        "text",
        "page",
        "article",
        "claim id",
        "revisions",
        "extractor",
    ]
    assert found.words == "The bridge is safe for all cars and lorries."
    assert (found.before, found.after) == (
        "“",
        "” said the mayor.\n\n“It opens on Monday at nine.” said a spokeswoman.",
    )
    assert found.page is not None
    assert (found.page.url, found.page.observed_at) == (URL, at(1))


async def test_a_claim_stays_proved_through_edits_withdrawal_and_the_end_of_its_article(
    ledger: Ledger,
) -> None:
    claim_id = await stored(ledger)
    b, c = page([OPEN, SAFE], 2), page([OPEN], 3)
    for article in (b, c):
        await ledger.deliver(article, extraction(article))
    await ledger.deliver(gone(4))
    for claim in await ledger.current():
        found = await provenance(ledger.engine, claim.claim_id)
        assert found.verified, (claim.change, [check for check in found.checks if not check.ok])
    withdrawn = await provenance(ledger.engine, claim_id)
    assert [r.change for r in withdrawn.revisions] == ["asserted", "withdrawn"]


async def test_a_claim_of_the_headline_is_proved_in_the_headline(ledger: Ledger) -> None:
    a = page([SAFE], 1, title="Bridge is safe, says mayor")
    await ledger.deliver(a, extraction(a, title=True))
    found = await provenance(ledger.engine, (await ledger.changes())[0].claim_id)
    assert found.verified
    assert found.words == "Bridge is safe, says mayor"


@pytest.mark.parametrize(
    ("tampering", "broken"),
    [
        ("UPDATE store_article_version SET text = replace(text, 'cars', 'vans')", {"content", "text"}),
        ("DELETE FROM store_article_version", {"content", "cue", "source", "text"}),
        ("UPDATE store_sighting SET record = replace(record, 'T00:01', 'T00:02')", {"page"}),
        ("DELETE FROM store_sighting", {"page"}),
        ("DELETE FROM store_extraction", {"extractor"}),
        ("UPDATE store_extraction SET record = replace(record, 'lorries', 'bikes')", {"extractor"}),
    ],
)
async def test_what_was_tampered_with_shows(ledger: Ledger, tampering: str, broken: set[str]) -> None:
    claim_id = await stored(ledger)
    async with write(ledger.engine) as connection:
        await connection.execute(text(tampering))
    found = await provenance(ledger.engine, claim_id)
    assert {check.name for check in found.checks if not check.ok} == broken
    assert not found.verified


async def test_a_gap_in_the_revisions_shows(ledger: Ledger) -> None:
    claim_id = await stored(ledger)
    b = page([said("The bridge is safe for all cars.")], 2)
    await ledger.deliver(b, extraction(b))
    async with write(ledger.engine) as connection:
        await connection.execute(text("DELETE FROM store_claim_revision WHERE revision = 1"))
    found = await provenance(ledger.engine, claim_id)
    assert not found.verified
    assert "revisions" in {check.name for check in found.checks if not check.ok}


async def test_a_text_that_does_not_hash_to_its_version_shows_the_hash_that_it_has(ledger: Ledger) -> None:
    claim_id = await stored(ledger)
    async with write(ledger.engine) as connection:
        await connection.execute(text("UPDATE store_article_version SET text = 'Another text.'"))
    (check,) = [c for c in (await provenance(ledger.engine, claim_id)).checks if c.name == "text"]
    assert check.shown == version_of("Another text.")


async def test_a_claim_is_found_by_the_beginning_of_its_id(ledger: Ledger) -> None:
    claim_id = await stored(ledger)
    for wanted in (claim_id, claim_id[:13], claim_id.upper(), f" {claim_id}\n"):
        assert (await find_claim(ledger.engine, wanted))[-1].claim_id == claim_id


@pytest.mark.parametrize("wanted", ["", "abc", "00000000-0000", "not a claim", "%%%%%%%%", "____"])
async def test_an_id_that_is_none_is_the_persons_to_correct(ledger: Ledger, wanted: str) -> None:
    await stored(ledger)
    with pytest.raises(UsageError) as caught:
        await find_claim(ledger.engine, wanted)
    assert caught.value.code == "claim-unknown"
    assert caught.value.hint


async def test_a_beginning_of_several_ids_names_them(ledger: Ledger) -> None:
    first = await stored(ledger)
    twin = first[:9] + ("0" if first[9] != "0" else "1") + first[10:]
    async with write(ledger.engine) as connection:
        await connection.execute(
            text(
                "INSERT INTO store_claim SELECT :twin, article_id, epoch, revision, live, gone, routes"
                " FROM store_claim WHERE claim_id = :first"
            ),
            {"twin": twin, "first": first},
        )
    with pytest.raises(UsageError) as caught:
        await find_claim(ledger.engine, first[:8])
    assert caught.value.code == "claim-ambiguous"
    assert twin in caught.value.message


async def test_claims_are_listed_by_article_and_place(ledger: Ledger) -> None:
    await stored(ledger)
    other = page([OPEN, SAFE], 5, url="https://news.example/other")
    await ledger.deliver(other, extraction(other))
    edited = page([OPEN], 9)
    await ledger.deliver(edited, extraction(edited))
    listed = [(c.article.url, c.content.text[:3]) for c in await claims_of(ledger.engine)]
    assert listed == [(URL, "It "), (other.url, "It "), (other.url, "The")]
    assert len(await claims_of(ledger.engine, withdrawn=True)) == 4
    assert len(await claims_of(ledger.engine, url=URL, withdrawn=True)) == 2
    assert len(await claims_of(ledger.engine, article_id=other.article_id, limit=1)) == 1
    assert await claims_of(ledger.engine, url="https://news.example/absent") == []


async def test_all_revisions_can_be_paged_through_in_the_order_of_their_writing(ledger: Ledger) -> None:
    await stored(ledger)
    for minute, body in enumerate(([OPEN], [SAFE, OPEN], [SAFE]), 2):
        article = page(body, minute)
        await ledger.deliver(article, extraction(article))
    seen: list[tuple[str, str, int]] = []
    position = ("", "", 0)
    while found := await changes_after(ledger.engine, *position, limit=2):
        seen += [(c.changed_at, c.claim_id, c.revision) for c in found]
        position = seen[-1]
    assert seen == sorted(seen)
    assert len(seen) == len(set(seen)) == (await counts(ledger.engine)).revisions == 5


async def test_counts_are_of_rows(ledger: Ledger) -> None:
    await stored(ledger)
    waits = page([SAFE], 2, url="https://news.example/other")
    await ledger.deliver(waits)
    found = await counts(ledger.engine)
    assert (found.articles, found.versions, found.sightings, found.waiting) == (2, 2, 2, 1)
    assert (found.extractions, found.claims, found.withdrawn, found.revisions) == (1, 2, 0, 2)
    assert (found.unsent, found.refused) == (0, 0)
