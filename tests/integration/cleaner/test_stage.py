"""Pages through the stage with its memory, in this process: what comes out, twice, and while the database is away."""

from __future__ import annotations

import hashlib

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from services.cleaner.app import BATCH, in_two_steps
from services.cleaner.memory.database import SiteMemories
from services.cleaner.memory.rounds import Rounds
from services.cleaner.work import Outcome, Task, step
from shared.contracts import ids, samples
from shared.contracts.events import ArticleCleaned
from shared.contracts.page import CompressedPage, compress_page
from shared.database import open_database
from shared.errors import DatabaseAway
from shared.pipeline.results import Emit, Reject, Result
from shared.pipeline.stage import Batch, Item, each
from tests.unit.cleaner.memory.pages import APPEAL, story, title

PAGE = (
    "<html><head><title>{title}</title></head><body><article><h1>{title}</h1>{body}</article></body></html>"
)


def page(number: int, *, empty: bool = False) -> Item[CompressedPage]:
    body = "".join(f"<p>{text}</p>" for text in (*story(number), APPEAL))
    html = b" " if empty else PAGE.format(title=title(number), body=body).encode()
    url = f"https://gull.example/{number}"
    about = samples.page().model_copy(
        update={
            "url": url,
            "url_id": ids.url_id(url),
            "final_url": url,
            "sha256": hashlib.sha256(html).hexdigest(),
            "size": len(html),
        }
    )
    return Item(None, None, CompressedPage(about, compress_page(html)))  # type: ignore[arg-type]


async def in_this_process(task: Task) -> Outcome:
    return step(task)


async def cleaned(engine: AsyncEngine, *pages: Item[CompressedPage]) -> list[Result | None]:
    rounds = Rounds(SiteMemories(engine).ask, most=BATCH)
    batch = Batch(pages)
    await each(in_two_steps(in_this_process, rounds, parallel=2), parallel=BATCH)(batch)
    return batch.results


def article(result: Result | None) -> ArticleCleaned:
    assert isinstance(result, Emit)
    return ArticleCleaned.model_validate_json(result.records[0].value or b"")


async def test_an_appeal_in_any_words_goes_from_the_third_page_and_the_record_says_why(
    engine: AsyncEngine,
) -> None:
    texts = [article((await cleaned(engine, page(n)))[0]) for n in range(3)]
    assert [APPEAL in found.text for found in texts] == [True, True, False]
    assert texts[0].memory is None
    assert texts[2].memory is not None
    assert [block.why for block in texts[2].memory.removed] == ["appeal"]
    assert "\n\n".join(story(2)) == texts[2].text


async def test_a_batch_that_comes_again_gives_the_same_bytes(engine: AsyncEngine) -> None:
    batch = [page(n) for n in range(4)]
    first = await cleaned(engine, *batch, page(4, empty=True))
    assert isinstance(first[4], Reject)
    await cleaned(engine, *(page(n) for n in range(5, 9)))
    assert await cleaned(engine, *batch, page(4, empty=True)) == first


async def test_while_the_database_is_away_no_record_is_settled_and_none_is_lost() -> None:
    engine = open_database("postgresql+asyncpg://nobody:nothing@127.0.0.1:9/none")
    batch = Batch([page(0), page(1)])
    rounds = Rounds(SiteMemories(engine).ask, most=BATCH)
    with pytest.raises(DatabaseAway):
        await each(in_two_steps(in_this_process, rounds, parallel=2), parallel=BATCH)(batch)
    assert batch.results == [None, None]
    await engine.dispose()
