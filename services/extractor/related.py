"""One claim as far as its relations to the others of its article need it, and a relation between two."""

import re
from dataclasses import dataclass, field

from services.extractor.likeness import notions
from shared.contracts.enums import Basis, RelationType, Stance
from shared.contracts.parts import ExtractedRelation, Figure

WINDOW = 24  # claims before one; articles have fewer, and hostile text must not cost its square
_NAMES = re.compile(r"(?<=[\w,;:–—-] )(?:[A-Z][\w'’-]*\W?)+|\b(?:[A-Z][a-z'’-]*[A-Z]\w*)\b")
_INVERSE = {
    RelationType.DENIES: RelationType.DENIED_BY,
    RelationType.SUPPORTS: RelationType.SUPPORTED_BY,
    RelationType.REPEATS: RelationType.REPEATS,
    RelationType.DISAGREES: RelationType.DISAGREES,
}


@dataclass(slots=True)
class Related:
    """`origin` is an entity's id, `who` what it is called; `relayed`: it came through an outlet; `quoted`: all of it is
    somebody's words. `words` are its notions without names: an article is about the same names throughout, so they
    tell nothing."""

    n: int
    content: str
    stance: Stance
    negated: bool
    origin: str | None
    relayed: bool
    figures: tuple[Figure, ...]
    quoted: bool = False
    who: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()
    found: list[ExtractedRelation] = field(default_factory=list)


def plain_notions(words: str) -> frozenset[str]:
    """What the words are about, but for whom and where they name."""
    return notions(_NAMES.sub(" ", words))


def add(kind: RelationType, one: Related, other: Related, basis: Basis, confidence: float) -> None:
    """On both sides, the inverse on the other; two claims have one relation at most."""
    if any(relation.to == other.n for relation in one.found):
        return
    one.found.append(ExtractedRelation(type=kind, to=other.n, basis=basis, confidence=confidence))
    other.found.append(ExtractedRelation(type=_INVERSE[kind], to=one.n, basis=basis, confidence=confidence))
