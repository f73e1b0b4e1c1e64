"""What a stage of the store does with a batch, on a shelf that only remembers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from services.store.handler import TOGETHER, Received, handle_articles, handle_extractions
from shared.contracts.enums import ArticleState
from shared.contracts.envelope import Envelope
from shared.contracts.events import ArticleCleaned, ClaimsExtracted
from shared.contracts.record import Record
from shared.errors import DatabaseAway
from shared.pipeline.results import Dead, Emit
from shared.pipeline.stage import Batch, Item
from tests.unit.store.press import extraction, gone, page, said

A = page([said("It is safe.")], 1)
B = page([said("It is not.")], 1, url="https://news.example/b")


class Memory:
    """A shelf that remembers; settling an article of ``failing`` raises that error."""

    def __init__(self, **failing: Exception) -> None:
        self.shelved: list[Received[Any]] = []
        self.settled: list[str] = []
        self.failing = {A.article_id: failing.get("a"), B.article_id: failing.get("b")}

    async def shelve_articles(self, received: Sequence[Received[ArticleCleaned]]) -> None:
        self.shelved += received

    async def shelve_extractions(self, received: Sequence[Received[ClaimsExtracted]]) -> None:
        self.shelved += received

    async def settle(self, article_ids: Sequence[str]) -> None:
        for article_id in article_ids:
            if (error := self.failing.get(article_id)) is not None:
                raise error
        self.settled += article_ids


def batch(*values: Any, attempt: str = "1") -> Batch[Any]:
    way = Envelope(traceparent="00-1", extensions={"attempt": attempt})
    return Batch([Item(Record("t", 0, n, 0, None, b"", ()), way, value) for n, value in enumerate(values)])


async def test_each_article_of_a_batch_is_settled_once() -> None:
    shelf, given = Memory(), batch(A, B, A, attempt="3")
    await handle_articles(shelf)(given)
    assert given.results == [Emit(), Emit(), Emit()]
    assert sorted(shelf.settled) == sorted([A.article_id, B.article_id])
    assert {(r.attempt, r.traceparent) for r in shelf.shelved} == {(3, "00-1")}


@pytest.mark.parametrize(
    ("broken", "code"),
    [
        ({"state": ArticleState.OTHER}, "unknown-state"),
        ({"text": "Another text."}, "version-mismatch"),
        ({"version": ""}, "version-mismatch"),
        ({"version": "sha256:E3B0"}, "version-mismatch"),
        ({"observed_at": "2026-03-01T00:01:00Z"}, "bad-time"),
        ({"observed_at": "yesterday"}, "bad-time"),
        ({"state": ArticleState.GONE}, "gone-with-text"),
        ({"article_id": "bridge"}, "bad-id"),
        ({"visit_id": A.visit_id + "0" * 9_000}, "bad-id"),
        ({"url_id": ""}, "bad-id"),
    ],
)
async def test_an_article_that_cannot_be_kept_is_dead_and_its_neighbours_live(
    broken: dict[str, Any], code: str
) -> None:
    shelf, given = Memory(), batch(A.model_copy(update=broken), B)
    await handle_articles(shelf)(given)
    assert isinstance(given.results[0], Dead)
    assert (given.results[0].code, given.results[1]) == (code, Emit())
    assert [r.value for r in shelf.shelved] == [B]


@pytest.mark.parametrize("text", ["", "Two  spaces.", " Leading.", "e\u0301", "tail\n", "one\r\ntwo"])
async def test_offsets_into_a_text_that_is_not_normal_are_not_trusted(text: str) -> None:
    given = batch(page(text, 1))
    await handle_articles(Memory())(given)
    assert isinstance(given.results[0], Dead)
    assert given.results[0].code == "text-not-normal"


async def test_a_gone_article_is_kept() -> None:
    shelf = Memory()
    await handle_articles(shelf)(batch(gone(1)))
    assert len(shelf.shelved) == 1


@pytest.mark.parametrize(
    ("broken", "code"),
    [
        ({"version": "1"}, "version-mismatch"),
        ({"observed_at": "2026-03-01"}, "bad-time"),
        ({"article_id": "bridge"}, "bad-id"),
        ({"claims": extraction(A).claims * 2}, "claims-misnumbered"),
    ],
)
async def test_an_extraction_that_cannot_be_kept_is_dead(broken: dict[str, Any], code: str) -> None:
    given = batch(extraction(A).model_copy(update=broken), extraction(B))
    await handle_extractions(Memory())(given)
    assert isinstance(given.results[0], Dead)
    assert (given.results[0].code, given.results[1]) == (code, Emit())


async def test_a_failure_of_one_article_leaves_it_unsettled_and_the_others_done() -> None:
    given = batch(A, B)
    with pytest.raises(KeyError):
        await handle_articles(Memory(a=KeyError("defect")), parallel=2)(given)
    assert given.results == [None, Emit()]


async def test_articles_of_a_batch_share_transactions_of_bounded_size() -> None:
    pages = [page([said("It is safe.")], 1, url=f"https://news.example/{n}") for n in range(40)]
    sizes: list[int] = []

    class Counting(Memory):
        async def settle(self, article_ids: Sequence[str]) -> None:
            sizes.append(len(article_ids))

    await handle_articles(Counting(), parallel=2)(given := batch(*pages))
    assert set(given.results) == {Emit()}
    assert sum(sizes) == 40
    assert max(sizes) == TOGETHER


async def test_a_dependency_that_is_away_goes_before_any_other_failure() -> None:
    with pytest.raises(DatabaseAway):
        await handle_articles(Memory(a=KeyError("defect"), b=DatabaseAway()), parallel=2)(batch(A, B))
