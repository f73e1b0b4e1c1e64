"""Whom the sources of some attributions mean, by the structural layer alone."""

from __future__ import annotations

import re

from services.extractor.structure import About, structure
from services.extractor.tagged import Tagged
from shared.contracts.parts import Source

Said = tuple[str, str, str]  # source, cue, content


def near(text: str, words: str, to: int) -> tuple[int, int]:
    """Where the words stand nearest to an offset."""
    found = [match.span() for match in re.finditer(rf"{re.escape(words)}(?!\w)", text)]
    return min(found, key=lambda span: abs(span[0] - to))


def sources(text: str, *said: Said) -> list[Source]:
    """Of each of these attributions, in the order of their contents."""
    found = []
    for source, cue, content in said:
        to = text.index(content)
        found.append(
            Tagged(((to, to + len(content)),), (near(text, cue, to),), (near(text, source, to),), 0.9)
        )
    return [one.source for one in structure(text, found, About(publisher="The Lantern")) if one.source]
