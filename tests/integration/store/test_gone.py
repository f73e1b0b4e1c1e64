"""An article that its site no longer has: its claims stay, and say so."""

from __future__ import annotations

from tests.integration.store.ledger import Ledger
from tests.integration.store.story import OPEN, SAFE, SAFER, fates, summary
from tests.unit.store.press import extraction, gone, page, visit


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
