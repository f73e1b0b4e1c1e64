"""An article as the memory leaves it; and again from its record, byte for byte."""

from __future__ import annotations

import hashlib

from services.cleaner.memory.fingerprint import as_text, fingerprint
from services.cleaner.memory.recall import recall
from services.cleaner.work import Looked, Remembering, finish, look
from shared.contracts import codec, samples
from shared.contracts.enums import BlockType
from shared.contracts.events import ArticleCleaned
from shared.contracts.page import CompressedPage, compress_page
from shared.contracts.parts import TextBlock
from shared.contracts.site_memory import RememberedBlock, SiteMemory
from shared.pipeline.results import Emit
from tests.unit.cleaner.memory.pages import APPEAL, story

HTML = (
    "<html><head><title>{title}</title></head><body><article><h1>{title}</h1>{body}</article></body></html>"
)


def removing(*paragraphs: str) -> SiteMemory:
    marks = [fingerprint(paragraph) for paragraph in paragraphs]
    return SiteMemory(
        articles=3,
        removed=tuple(RememberedBlock(fingerprint=as_text(m), articles=3, why="appeal") for m in marks if m),
    )


def article(paragraphs: list[str], headings: set[int] = frozenset()) -> ArticleCleaned:  # type: ignore[assignment]
    blocks, at = [], 0
    for i, paragraph in enumerate(paragraphs):
        kind = BlockType.HEADING if i in headings else BlockType.PARAGRAPH
        blocks.append(TextBlock(type=kind, span=(at, at + len(paragraph))))
        at += len(paragraph) + 2
    return samples.article().model_copy(update={"text": "\n\n".join(paragraphs), "blocks": tuple(blocks)})


def paragraphs_of(found: ArticleCleaned) -> list[str]:
    return [found.text[start:end] for start, end in (block.span for block in found.blocks)]


def page(paragraphs: list[str]) -> CompressedPage:
    body = HTML.format(title="The roof", body="".join(f"<p>{text}</p>" for text in paragraphs)).encode()
    about = samples.page().model_copy(update={"sha256": hashlib.sha256(body).hexdigest(), "size": len(body)})
    return CompressedPage(about, compress_page(body))


def test_what_is_left_has_its_spans_and_its_version() -> None:
    found = recall(article([*story(1, 2), APPEAL, *story(2, 2)]), removing(APPEAL))
    assert paragraphs_of(found) == [*story(1, 2), *story(2, 2)] == found.text.split("\n\n")
    assert found.version == "sha256:" + hashlib.sha256(found.text.encode()).hexdigest()


def test_the_heading_of_what_went_goes_too_and_that_of_a_part_of_the_article_stays() -> None:
    text = [*story(1, 2), "A word to neighbours", APPEAL, "What comes next", *story(2, 2)]
    found = recall(article(text, {2, 4}), removing(APPEAL))
    assert "A word to neighbours" not in found.text
    assert "What comes next" in found.text
    mixed = recall(article([*story(1, 2), "What comes next", APPEAL, *story(2, 1)], {2}), removing(APPEAL))
    assert "What comes next" in mixed.text


def test_a_memory_that_removes_nothing_changes_nothing_but_is_recorded() -> None:
    before = samples.article().model_copy(update={"memory": None})
    found = recall(before, SiteMemory(articles=2))
    assert found.memory == SiteMemory(articles=2)
    assert found.model_copy(update={"memory": None}) == before


def test_a_page_cleaned_again_with_its_articles_record_gives_the_same_bytes() -> None:
    asked = page([*story(1), APPEAL])
    first = look(asked)
    assert isinstance(first, Looked)
    (looked,) = first.emit.records
    finished = finish(Remembering(looked.value or b"", removing(APPEAL)))
    assert isinstance(finished, Emit)
    (record,) = finished.records
    kept = ArticleCleaned.model_validate_json(record.value or b"")
    assert APPEAL not in kept.text
    assert kept.memory is not None
    again = look(asked)
    assert isinstance(again, Looked)
    (looked,) = again.emit.records
    assert finish(Remembering(looked.value or b"", kept.memory)) == finished
    assert codec.articles(kept) == record


def test_a_page_of_no_site_is_not_asked_about() -> None:
    asked = page(story(1))
    about = asked.page.model_copy(update={"url": "urn:sha256:00", "final_url": "urn:sha256:00"})
    assert not isinstance(look(CompressedPage(about, asked.compressed)), Looked)
