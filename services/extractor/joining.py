"""The attributions of a text by both its readers: the rules, which see marks, and the tagger, which has seen news.

Where both find the same, one of them is kept: the rules' edges are exact where a quotation stands alone, the
tagger's elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable

from services.extractor.attribution import Attribution
from services.extractor.discourse import attributions
from services.extractor.tagged import Spans, Tagged
from services.extractor.tagged_sentences import Sentences


def joined(text: str, tagged: Iterable[Tagged]) -> list[Attribution]:
    """What the rules find and what the tagger found, each attribution once."""
    by_rules = attributions(text)
    sentences = Sentences(text)
    found = list(by_rules)
    for one in tagged:
        same = [other for other in by_rules if overlap(one.content, tuple(other.content)) > 0]
        if not same:
            found.append(sentences.attribution(one))
    return found


def overlap(one: Spans, other: Spans) -> float:
    """Shared characters by all characters of both."""
    shared = sum(max(0, min(a[1], b[1]) - max(a[0], b[0])) for a in one for b in other)
    return shared / (size(one) + size(other) - shared) if shared else 0.0


def size(spans: Spans) -> int:
    return sum(end - start for start, end in spans)
