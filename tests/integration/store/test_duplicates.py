"""Pages that bring nothing new: the current text again, and other URLs of one article."""

from __future__ import annotations

from tests.integration.store.ledger import Ledger
from tests.integration.store.story import OPEN, OTHER, SAFE, fates
from tests.unit.store.press import URL, extraction, page


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


async def test_of_one_text_under_several_urls_the_first_is_stored_and_the_articles_own_brings_nothing_new(
    ledger: Ledger,
) -> None:
    """What a visit was told is final: only what comes after the article's own URL can be its duplicate."""
    amp, mobile = (
        page([SAFE], n, final_url=f"https://news.example/{kind}/bridge") for n, kind in ((1, "amp"), (2, "m"))
    )
    own, again = page([SAFE], 3), page([SAFE], 4, final_url="https://news.example/amp/bridge")
    told = []
    for article in (amp, mobile, own, again):
        await ledger.deliver(article, extraction(article))
        told += fates(await ledger.told())
    assert told == [
        (amp.visit_id, "stored"),
        (mobile.visit_id, "unchanged"),
        (own.visit_id, "unchanged"),
        (again.visit_id, "duplicate"),
    ]


async def test_of_one_text_under_two_urls_that_are_settled_together_the_other_is_the_duplicate(
    ledger: Ledger,
) -> None:
    """However early the other was read: none of them has been told anything yet."""
    amp = page([SAFE], 1, final_url="https://news.example/amp/bridge")
    own = page([SAFE], 2)
    await ledger.deliver(amp, own)
    await ledger.deliver(extraction(own))
    assert fates(await ledger.told()) == [(amp.visit_id, "duplicate"), (own.visit_id, "stored")]


async def test_a_redirect_alone_is_no_duplicate(ledger: Ledger) -> None:
    first, second = page([SAFE], 1), page([OPEN], 2)
    moved = second.model_copy(update={"submitted_url": "https://short.example/x"})
    await ledger.deliver(first, extraction(first), moved, extraction(moved))
    assert fates(await ledger.told()) == [(first.visit_id, "stored"), (second.visit_id, "stored")]
