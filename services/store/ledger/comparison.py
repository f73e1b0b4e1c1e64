"""What is compared between two states of a claim, and so what an amendment is.

Kind, stance, negation, hedges, the texts of the parts, chain, figures, times and relations; confidence from a
difference of .05 on. Not where they stand (a paragraph added above moves every span) and not an entity's number
(it counts through the article). So an edit elsewhere in the article writes no record.
"""

from __future__ import annotations

from shared.contracts.events import ClaimBody
from shared.contracts.parts import ChainLink, Figure, Part, Relation, When

# In thousandths, since confidence has three decimals and .90 - .85 is below .05 in binary.
CONFIDENCE_STEP = 50


def changed_fields(
    old: ClaimBody, old_relations: tuple[Relation, ...], new: ClaimBody, new_relations: tuple[Relation, ...]
) -> tuple[str, ...]:
    """The names of the fields that differ, in the order of the record; empty: the same claim, as it was."""
    pairs: dict[str, tuple[object, object]] = {
        "kind": (old.kind, new.kind),
        "stance": (old.stance, new.stance),
        "negated": (old.negated, new.negated),
        "hedges": (old.hedges, new.hedges),
        "confidence": (0, _thousandths(old.confidence, new.confidence)),
        "content": (old.content.text, new.content.text),
        "cue": (_text(old.cue), _text(new.cue)),
        "source": (_text(old.source), _text(new.source)),
        "chain": (_chain(old.chain), _chain(new.chain)),
        "figures": (_figures(old.figures), _figures(new.figures)),
        "times": (_times(old.times), _times(new.times)),
        "relations": (True, _same_relations(old_relations, new_relations)),
    }
    return tuple(name for name, (before, after) in pairs.items() if before != after)


def _thousandths(old: float, new: float) -> int:
    """How far a confidence moved, where that counts; else 0."""
    step = round(abs(old - new) * 1000)
    return step if step >= CONFIDENCE_STEP else 0


def _text(part: Part | None) -> str | None:
    return None if part is None else part.text


def _chain(chain: tuple[ChainLink, ...]) -> list[tuple[object, ...]]:
    return [(link.as_, link.name, link.text, link.anonymous, link.closeness) for link in chain]


def _figures(figures: tuple[Figure, ...]) -> list[tuple[object, ...]]:
    return [
        (f.text, f.low, f.high, f.unit, f.of, f.approximate, None if f.when is None else _when(f.when))
        for f in figures
    ]


def _times(times: tuple[When, ...]) -> list[tuple[object, ...]]:
    return [_when(when) for when in times]


def _when(when: When) -> tuple[object, ...]:
    return (when.text, when.from_, when.to)


def _same_relations(old: tuple[Relation, ...], new: tuple[Relation, ...]) -> bool:
    """Relations are a set: neither their order nor a small step of their confidence counts."""
    before = sorted(old, key=_relation)
    after = sorted(new, key=_relation)
    return [_relation(r) for r in before] == [_relation(r) for r in after] and not any(
        _thousandths(b.confidence, a.confidence) for b, a in zip(before, after, strict=True)
    )


def _relation(relation: Relation) -> tuple[str, str, str]:
    return (relation.type.value, relation.claim_id, relation.basis.value)
