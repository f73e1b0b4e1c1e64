"""The attributions of both readers: the rules, which see marks, and the tagger, which has seen news.

Where both find the same, one of them is kept: the tagger's, unless the rules' content stands in marks from end to end,
where their edges are exact.
"""

from __future__ import annotations

from collections.abc import Sequence

from services.extractor.tagged import Spans, Tagged

# Contents that share less of their characters are two statements: an outer one and what it quotes, or neighbours.
_SAME = 0.3


def union(by_rules: Sequence[Tagged], by_tagger: Sequence[Tagged]) -> list[Tagged]:
    """Each attribution once, in no order; a sequence that is empty leaves the other as it is."""
    if not by_tagger:
        return list(by_rules)
    alone = (r for r in by_rules if not any(overlap(r.content, one.content) >= _SAME for one in by_tagger))
    return [*by_tagger, *alone]


def overlap(one: Spans, other: Spans) -> float:
    """Shared characters by all characters of both."""
    shared = sum(max(0, min(a[1], b[1]) - max(a[0], b[0])) for a in one for b in other)
    return shared / (_size(one) + _size(other) - shared) if shared else 0.0


def _size(spans: Spans) -> int:
    return sum(end - start for start, end in spans)
