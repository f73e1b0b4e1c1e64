"""What a tagger hands to the structural layer: who, by which words, said what; everything else is read from these."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from shared.contracts.parts import Span

Spans = tuple[Span, ...]
Key = tuple[Spans, Spans]
TAGGER = "tagger"


class Tagged(NamedTuple):
    """One attribution as spans of the text (code points, end exclusive, in text order).

    `content` is never empty; `cue` is where no word attributes ("Smith: yes" has the colon), `source` where nobody
    is named. In "the agency cited him as saying" the source is "him" and the cue has two spans. `confidence`: the
    share of such attributions that are right, content and source. `layer`: who tagged it, for people who ask why.
    """

    content: Spans
    cue: Spans
    source: Spans
    confidence: float
    layer: str = TAGGER

    @property
    def key(self) -> Key:
        """By which it is known among those of its article, and the claim that is made of it."""
        return self.content, self.cue


def meet(one: Sequence[Span], other: Sequence[Span]) -> bool:
    """Whether they share a character."""
    return any(a[0] < b[1] and b[0] < a[1] for a in one for b in other)


def overlap(one: Spans, other: Spans) -> float:
    """Shared characters by all characters of both."""
    shared = sum(max(0, min(a[1], b[1]) - max(a[0], b[0])) for a in one for b in other)
    return shared / (_size(one) + _size(other) - shared) if shared else 0.0


def _size(spans: Spans) -> int:
    return sum(end - start for start, end in spans)
