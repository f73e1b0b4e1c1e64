"""What the ledger makes of articles and extractions, in whatever order they come."""

from __future__ import annotations

from tests.integration.store.ledger import Ledger
from tests.unit.store.press import extraction, page, said

SAFE = said("The bridge is safe for all cars and lorries.")
OPEN = said("It opens on Monday at nine.", "a spokeswoman")


async def test_an_article_and_its_extraction_become_claims_and_one_fate(ledger: Ledger) -> None:
    a = page([SAFE, OPEN], 1)
    await ledger.deliver(a)
    assert await ledger.news() == ([], [])
    await ledger.deliver(extraction(a))
    claims, fates = await ledger.news()
    assert [c.content.text for c in claims] == [
        "The bridge is safe for all cars and lorries.",
        "It opens on Monday at nine.",
    ]
    assert {(c.change.value, c.cause.value, c.epoch, c.revision) for c in claims} == {
        ("asserted", "new_article", 1, 1)
    }
    assert [(f.fate.value, f.claims, f.version, f.visit_id) for f in fates] == [
        ("stored", 2, a.version, a.visit_id)
    ]
