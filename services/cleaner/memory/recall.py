"""Doing what the memory decided: an article without the paragraphs that are its site's. Pure: the same article and the
same record give the same bytes, whatever the memory has learned since."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from services.cleaner.memory.fingerprint import as_text, fingerprint
from services.cleaner.prose import is_prose
from shared.contracts.enums import BlockType
from shared.contracts.events import ArticleCleaned
from shared.contracts.parts import TextBlock
from shared.contracts.site_memory import SiteMemory
from shared.contracts.text import PARAGRAPH_BREAK


def recall(article: ArticleCleaned, memory: SiteMemory) -> ArticleCleaned:
    """The article as ``memory`` leaves it, with ``memory`` recorded in it."""
    gone = {block.fingerprint for block in memory.removed}
    if not gone:
        return article.model_copy(update={"memory": memory})
    paragraphs = article.text.split(PARAGRAPH_BREAK)
    goes = [(mark := fingerprint(text)) is not None and as_text(mark) in gone for text in paragraphs]
    headings = {i for i, block in enumerate(article.blocks) if block.type is BlockType.HEADING}
    goes = _with_their_headings(paragraphs, goes, headings)
    text = PARAGRAPH_BREAK.join(p for p, out in zip(paragraphs, goes, strict=True) if not out)
    return article.model_copy(
        update={
            "text": text,
            "version": "sha256:" + hashlib.sha256(text.encode()).hexdigest(),
            "blocks": _moved(article.blocks, goes),
            "memory": memory,
        }
    )


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


def _moved(blocks: Sequence[TextBlock], goes: Sequence[bool]) -> tuple[TextBlock, ...]:
    """The blocks that stay, with their spans in the text that is left."""
    moved, shift = [], 0
    for block, out in zip(blocks, goes, strict=False):  # of a very long text only the first ones are there
        start, end = block.span
        if out:
            shift += end - start + len(PARAGRAPH_BREAK)
        else:
            moved.append(block.model_copy(update={"span": (start - shift, end - shift)}))
    return tuple(moved)
