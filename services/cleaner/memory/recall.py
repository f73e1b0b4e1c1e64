"""Doing what the memory decided: an article without the paragraphs that are its site's. Pure: the same article and the
same record give the same bytes, whatever the memory has learned since."""

from __future__ import annotations

from collections.abc import Sequence

from services.cleaner.memory.fingerprint import as_text, fingerprint
from services.cleaner.memory.seen import headings_among
from services.cleaner.prose import is_prose
from shared.contracts import ids
from shared.contracts.events import ArticleCleaned
from shared.contracts.parts import TextBlock
from shared.contracts.site_memory import SiteMemory
from shared.contracts.text import PARAGRAPH_BREAK, split_paragraphs


def recall(article: ArticleCleaned, memory: SiteMemory) -> ArticleCleaned:
    """The article as ``memory`` leaves it, with ``memory`` recorded in it."""
    if not memory.removed:
        return article.model_copy(update={"memory": memory})
    text, goes = without(article.text, article.blocks, memory)
    return article.model_copy(
        update={
            "text": text,
            "version": ids.version_of(text),
            "blocks": moved(article.blocks, goes),
            "memory": memory,
        }
    )


def without(text: str, blocks: Sequence[TextBlock], memory: SiteMemory) -> tuple[str, list[bool]]:
    """The text as ``memory`` leaves it, and for each paragraph that there was whether it went."""
    gone = {block.fingerprint for block in memory.removed}
    paragraphs = split_paragraphs(text)
    goes = [
        (mark := fingerprint(paragraph)) is not None and as_text(mark) in gone for paragraph in paragraphs
    ]
    goes = _with_their_headings(paragraphs, goes, headings_among(blocks))
    return PARAGRAPH_BREAK.join(p for p, out in zip(paragraphs, goes, strict=True) if not out), goes


def _with_their_headings(paragraphs: Sequence[str], goes: Sequence[bool], headings: set[int]) -> list[bool]:
    """A heading goes with what stood under it, if that was all: what follows is the end or another heading."""
    out = list(goes)
    for i in sorted(headings):
        end = i + 1
        while end < len(goes) and goes[end]:
            end += 1
        alone = end > i + 1 and (end == len(goes) or end in headings)
        if alone and not is_prose(paragraphs[i]):
            out[i] = True
    return out


def moved(blocks: Sequence[TextBlock], goes: Sequence[bool]) -> tuple[TextBlock, ...]:
    """The blocks that stay, with their spans in the text that is left."""
    staying, shift = [], 0
    for block, out in zip(blocks, goes, strict=False):  # of a very long text only the first ones are there
        start, end = block.span
        if out:
            shift += end - start + len(PARAGRAPH_BREAK)
        else:
            staying.append(block.model_copy(update={"span": (start - shift, end - shift)}))
    return tuple(staying)
