"""How the claims of one article stand to each other: who denies, repeats or supports whom, and which figures disagree.

Precision goes before recall: a relation that is not sure is left out. `stated`: the text says it ("has denied the
reports"); `inferred`: two claims are about the same thing and one says that it is not so.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from services.extractor.likeness import NOTIONS, contained, jaccard, notions
from shared.contracts.enums import Basis, RelationType, Stance
from shared.contracts.parts import ExtractedRelation, Figure

# "the reports as “absolutely false”", "all charges", "this account": what is denied by its name alone.
_POINTS = re.compile(
    r"^(?:(?:all|both|any|the|these|those|this|that|such|his|her|its|their)\s+)*(?:[A-Z]\w+\s+|latest\s+)?"
    r"(?P<noun>reports?|accounts?|story|stories|claims?|allegations?|accusations?|charges?|suggestions?|rumou?rs?|figures?)\b"
    r"(?P<rest>.*)$",
    re.DOTALL,
)
_NOT_TRUE = re.compile(
    r"^\W*(?:That|This|It)(?: is|['’]s| was) (?:\w+ )?(?:not true|untrue|false|wrong|a lie|nonsense)\b",
    re.IGNORECASE,
)
_BARE = re.compile(r"^(?:this|that|it|them|so)\b\W*(?:\w+\W*){0,2}$", re.IGNORECASE)
_WRONG = re.compile(
    r"^The (?:[A-Z]\w+ )?(?:report|story|account|claim)s? (?:was|were|is|are) (?:simply |just )?"
    r"(?:wrong|false|untrue|not true)"
)
_WINDOW = 24  # claims before and behind; articles have fewer, and hostile text must not cost its square
_MARKS = frozenset('“„«"‘')
_LEAST_DENIED = 2  # shared notions, those of the table counted twice
_MOST_OF_IT = 0.5  # of the shorter one's notions
_STATED = 0.9
_INFERRED = 0.6
_SAME_WORDS = 0.75  # of two contents: one repeats the other
_ALIKE = 0.5  # of two contents by different origins: one supports the other


@dataclass(slots=True)
class Related:
    """One claim as far as relations need it. `origin` and `source` are entity ids; `relayed`: it came through an
    outlet."""

    n: int
    content: str
    stance: Stance
    negated: bool
    origin: str | None
    relayed: bool
    figures: tuple[Figure, ...]
    words: frozenset[str] = frozenset()
    found: list[ExtractedRelation] = field(default_factory=list)


_INVERSE = {
    RelationType.DENIES: RelationType.DENIED_BY,
    RelationType.SUPPORTS: RelationType.SUPPORTED_BY,
    RelationType.REPEATS: RelationType.REPEATS,
    RelationType.DISAGREES: RelationType.DISAGREES,
}


def relate(claims: Sequence[Related]) -> None:
    """Fill `found` of each claim; every relation stands on both sides, the inverse one on the other."""
    for claim in claims:
        claim.words = notions(claim.content)
    for at in range(len(claims)):
        if _stated(claims, at) or _repeats(claims, at):
            continue
        _denies(claims, at)
        _supports(claims, at)
        _disagrees(claims, at)


def _add(kind: RelationType, one: Related, other: Related, basis: Basis, confidence: float) -> None:
    if any(relation.to == other.n for relation in one.found):
        return
    one.found.append(ExtractedRelation(type=kind, to=other.n, basis=basis, confidence=confidence))
    other.found.append(ExtractedRelation(type=_INVERSE[kind], to=one.n, basis=basis, confidence=confidence))


def _others(claims: Sequence[Related], at: int) -> list[Related]:
    """Earlier claims of other origins, the latest first."""
    return [
        one
        for one in reversed(claims[max(0, at - _WINDOW) : at])
        if one.origin is None or one.origin != claims[at].origin
    ]


def _stated(claims: Sequence[Related], at: int) -> bool:
    claim = claims[at]
    if claim.stance not in {Stance.DENIES, Stance.CONFIRMS}:
        return False
    kind = RelationType.DENIES if claim.stance is Stance.DENIES else RelationType.SUPPORTS
    found = _POINTS.match(claim.content)
    target: Related | None = None
    if found is not None and (claim.stance is Stance.DENIES):
        target = _meant(claims, at, found["noun"], found["rest"])
    elif _WRONG.match(claim.content) and claim.stance is Stance.DENIES:
        target = _meant(claims, at, "report", "")
    elif _NOT_TRUE.match(claim.content) and claim.stance is Stance.DENIES:
        target = next(iter(_others(claims, at)[:1]), None)
    elif _BARE.match(claim.content) or (
        claim.stance is Stance.CONFIRMS and re.search(r"\b(?:it|them|this|that)$", claim.content)
    ):
        target = (
            next(iter(_others(claims, at)[:1]), None)
            if at and claims[at - 1].origin != claim.origin
            else None
        )
    if target is None:
        return False
    _add(kind, claim, target, Basis.STATED, _STATED)
    return True


def _meant(claims: Sequence[Related], at: int, noun: str, rest: str) -> Related | None:
    """The claim that "the reports" or "all charges" are: what an outlet said first, what somebody is accused of."""
    others = _others(claims, at)
    rest_words = notions(re.sub(r"^\W*as\b.*", "", rest, flags=re.DOTALL))
    if noun.startswith(("charge", "accusation", "allegation")):
        return next((one for one in others if one.stance is Stance.ACCUSES), None)
    if rest_words:
        best = max(others, key=lambda one: contained(rest_words, one.words), default=None)
        if best is not None and len(rest_words & best.words) >= 2:
            return best
    if noun.startswith(("report", "stor", "account", "claim", "rumo")):
        relayed = [one for one in others if one.relayed]
        if relayed:
            return relayed[-1]
        return others[0] if others and noun.startswith(("account", "claim")) else None
    return None


def _repeats(claims: Sequence[Related], at: int) -> bool:
    claim = claims[at]
    for other in reversed(claims[max(0, at - _WINDOW) : at]):
        if other.origin != claim.origin or len(claim.words) < 2:
            continue
        if jaccard(claim.words, other.words) >= _SAME_WORDS or _holds(other.content, claim.content):
            _add(RelationType.REPEATS, claim, other, Basis.INFERRED, 0.9)
            return True
    return False


def _holds(long: str, short: str) -> bool:
    """Whether one content stands word for word in the other: a pull quote."""
    a, b = (" ".join(re.findall(r"\w+", one.lower())) for one in (long, short))
    return len(b) >= _SHORTEST_REPEAT and b in a


_SHORTEST_REPEAT = 12  # characters


def _denies(claims: Sequence[Related], at: int) -> None:
    """A denial about the same thing, in either order of the text."""
    claim = claims[at]
    says_no = claim.stance is Stance.DENIES
    scored = []
    for other in claims[max(0, at - _WINDOW) : at + _WINDOW]:
        if other is claim or other.origin == claim.origin or other.stance in {Stance.DENIES, Stance.ASKS}:
            continue
        common = claim.words & other.words
        strong = common & NOTIONS
        if other.stance is Stance.CONFIRMS:
            continue
        if len(common) + len(strong) < _LEAST_DENIED if says_no else not _contradicts(claim, other, common):
            continue
        rank = (len(common) + len(strong), contained(claim.words, other.words), -abs(other.n - claim.n))
        scored.append((*rank, other))
    if scored:
        best = max(scored, key=lambda one: one[:3])
        _add(RelationType.DENIES, claim, best[3], Basis.INFERRED, _INFERRED)
        if claim.stance is Stance.ASSERTS:
            claim.stance = Stance.DENIES  # what contradicts another's report denies, whatever verb reports it


def _contradicts(claim: Related, other: Related, common: frozenset[str]) -> bool:
    """Whether a claim that denies by nothing but a "no" speaks of what an earlier one asserts."""
    if claim.stance is not Stance.ASSERTS or not claim.negated or other.negated or other.n > claim.n:
        return False
    enough = len(common) > 1 and len(common) + len(common & NOTIONS) > _LEAST_DENIED
    quoted = claim.content[0] in _MARKS
    return enough or (quoted and bool(common) and contained(claim.words, other.words) >= _MOST_OF_IT)


def _supports(claims: Sequence[Related], at: int) -> None:
    claim = claims[at]
    if claim.stance in {Stance.DENIES, Stance.ASKS, Stance.DOUBTS}:
        return
    for other in _others(claims, at):
        if other.negated != claim.negated or other.stance in {
            Stance.DENIES,
            Stance.ASKS,
            Stance.DOUBTS,
            Stance.DEMANDS,
        }:
            continue
        if _holds(other.content, claim.content) or _holds(claim.content, other.content):
            continue  # one stands in the other's quotation
        least = 0.34 if claim.stance is Stance.CONFIRMS else _ALIKE
        if (
            len(claim.words & other.words) > 1
            and jaccard(claim.words, other.words) >= least
            and not _apart(claim, other)
        ):
            _add(RelationType.SUPPORTS, claim, other, Basis.INFERRED, _INFERRED)
            return


def _disagrees(claims: Sequence[Related], at: int) -> None:
    claim = claims[at]
    for other in _others(claims, at):
        if other.stance is not Stance.DENIES and _apart(claim, other):
            _add(RelationType.DISAGREES, claim, other, Basis.INFERRED, _INFERRED)
            return


def _apart(one: Related, other: Related) -> bool:
    """Whether both have a figure of the same thing at the same time, and the two cannot both hold."""
    return any(_clash(a, b, one, other) for a in one.figures for b in other.figures)


def _clash(a: Figure, b: Figure, one: Related, other: Related) -> bool:
    if a.unit != b.unit or a.unit == "ordinal" or _at(a) != _at(b):
        return False
    common = one.words & other.words
    if a.of is not None and b.of is not None:
        same = notions(a.of.split()[-1]) == notions(b.of.split()[-1])
    else:
        counted = notions(a.of or b.of or "")
        same = bool(counted & (one.words if a.of is None else other.words)) or len(common) > 1
    if not same or not (common or (a.of and b.of)):
        return False
    low_a, high_a = _bounds(a)
    low_b, high_b = _bounds(b)
    return high_a < low_b or high_b < low_a


def _at(figure: Figure) -> tuple[str | None, str | None]:
    return (figure.when.from_, figure.when.to) if figure.when is not None else (None, None)


def _bounds(figure: Figure) -> tuple[float, float]:
    low = figure.low if figure.low is not None else float("-inf")
    high = figure.high if figure.high is not None else float("inf")
    slack = 0.1 if figure.approximate and figure.low == figure.high else 0.0
    return low * (1 - slack), high * (1 + slack)
