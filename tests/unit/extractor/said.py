"""What is claimed in some paragraphs by the rules alone, as words."""

from __future__ import annotations

from services.extractor.handler import extract


def said(*paragraphs: str) -> list[tuple[str, str | None, str | None]]:
    """Content, source and cue of each claim."""
    claims = extract("\n\n".join(paragraphs), language="en").claims
    return [
        (one.content.text, one.source.text if one.source else None, one.cue.text if one.cue else None)
        for one in claims
    ]
