"""How the claims of one article stand to each other: who denies, repeats or supports whom, and which figures disagree.

Precision goes before recall: a relation that is not sure is left out. `stated`: the text says it ("has denied the
reports"); `inferred`: two claims are about the same thing and one says that it is not so.
"""

import re
from collections.abc import Sequence

from services.extractor.apart import apart
from services.extractor.clause import says
from services.extractor.denial import belied, contradicted, earlier, pointed_at, the_one_before
from services.extractor.likeness import jaccard, notions
from services.extractor.related import WINDOW, Related, add, plain_notions
from shared.contracts.enums import Basis, RelationType, Stance

_STATED = 0.9
_INFERRED = 0.75
_REPEATED = 0.9
_SAME_WORDS = 0.75  # of two contents: one repeats the other, or two origins say the same
_SAME_LEAST = 4  # notions that two origins who say the same have in common
_CONFIRMED = 0.5  # of both contents, where the verb says that it is confirmed
_SHORTEST_PULLED = 4  # words
_TWICE = 2  # notions without names, of what the same one says again
_COUNT = re.compile(
    r"^(?P<who>(?:(?:the|its|their|his|her) )?[\w ]+?)(?:['’]s|s['’]) (?:own )?"
    r"(?:count|figures?|account|claim|report|estimate|version)\b",
    re.IGNORECASE,
)
_SAID_BEFORE = re.compile(r"\b(?:it|them|this|that)$")
_THIS = re.compile(r"^(?:this|that|it|them|so)\b\W*(?:\w+\W*){0,2}$", re.IGNORECASE)
_SUPPORTING = frozenset({Stance.ASSERTS, Stance.CONFIRMS, Stance.ACCUSES, Stance.ESTIMATES, Stance.PREDICTS})


def relate(claims: Sequence[Related]) -> None:
    """Fill `found` of each claim; every relation stands on both sides, the inverse one on the other."""
    for claim in claims:
        claim.words = plain_notions(claim.content)
    for at in range(len(claims)):
        if _stated(claims, at) or _repeats(claims, at):
            continue
        _denies(claims, at)
        _supports(claims, at)
        _disagrees(claims, at)


def _stated(claims: Sequence[Related], at: int) -> bool:
    denied = pointed_at(claims, at)
    if denied is not None:
        add(RelationType.DENIES, claims[at], denied, Basis.STATED, _STATED)
        return True
    confirmed = _confirmed(claims, at) if claims[at].stance is Stance.CONFIRMS else None
    if confirmed is not None:
        add(RelationType.SUPPORTS, claims[at], confirmed, Basis.STATED, _STATED)
    return confirmed is not None


def _confirmed(claims: Sequence[Related], at: int) -> Related | None:
    """What "it had received them" or "the union's count" means."""
    claim = claims[at]
    if (found := _COUNT.match(claim.content)) is not None:
        who = notions(found["who"])
        return next((one for one in earlier(claims, at) if who and who <= one.who), None)
    if _THIS.match(claim.content) or _SAID_BEFORE.search(claim.content):
        return the_one_before(claims, at)
    return None


def _repeats(claims: Sequence[Related], at: int) -> bool:
    claim = claims[at]
    for other in reversed(claims[max(0, at - WINDOW) : at]):
        again = _pulled(claim, other) or (other.origin is None and _pulled(other, claim))
        if again or (other.negated == claim.negated and _said_again(claim, other)):
            add(RelationType.REPEATS, claim, other, Basis.INFERRED, _REPEATED)
            return True
    return False


def _pulled(claim: Related, other: Related) -> bool:
    """A pull quote: words in marks that stand in an earlier quotation, by the same one or without anybody's name."""
    return claim.quoted and claim.origin in {None, other.origin} and _holds(other.content, claim.content)


def _said_again(claim: Related, other: Related) -> bool:
    if claim.origin is None or claim.origin != other.origin or len(claim.words & other.words) < _TWICE:
        return False
    if _numbers(claim.content) != _numbers(other.content):
        return False
    return jaccard(notions(claim.content), notions(other.content)) >= _SAME_WORDS


def _numbers(words: str) -> frozenset[str]:
    return frozenset(re.findall(r"\d+", words))


def _holds(long: str, short: str) -> bool:
    """Whether one content stands word for word in the other."""
    a, b = (" ".join(re.findall(r"\w+", one.lower())) for one in (long, short))
    return b.count(" ") >= _SHORTEST_PULLED - 1 and f" {b} " in f" {a} "


def _denies(claims: Sequence[Related], at: int) -> None:
    for denied in contradicted(claims, at):
        add(RelationType.DENIES, claims[at], denied, Basis.INFERRED, _INFERRED)
        # What contradicts another's report denies, whatever verb reports it.
        claims[at].stance = Stance.DENIES
    if (liar := belied(claims, at)) is not None:
        add(RelationType.DENIES, claims[at], liar, Basis.INFERRED, _INFERRED)


def _supports(claims: Sequence[Related], at: int) -> None:
    claim = claims[at]
    if claim.stance not in _SUPPORTING:
        return
    for other in earlier(claims, at):
        if other.negated == claim.negated and other.stance in _SUPPORTING and _alike(claim, other):
            add(RelationType.SUPPORTS, claim, other, Basis.INFERRED, _INFERRED)
            return


def _alike(claim: Related, other: Related) -> bool:
    """Whether both say the same; not where one stands in the other's quotation, or their figures differ. Words come
    first, which cost little: each claim is held against all of a window."""
    common = len(claim.words & other.words)
    confirms = claim.stance is Stance.CONFIRMS and common > 1
    if (not confirms and common < _SAME_LEAST) or jaccard(claim.words, other.words) < (
        _CONFIRMED if confirms else _SAME_WORDS
    ):
        return False
    if _holds(other.content, claim.content) or _holds(claim.content, other.content) or apart(claim, other):
        return False
    return says(claim.content) and says(other.content)


def _disagrees(claims: Sequence[Related], at: int) -> None:
    claim = claims[at]
    for other in earlier(claims, at):
        if other.stance is not Stance.DENIES and apart(claim, other):
            add(RelationType.DISAGREES, claim, other, Basis.INFERRED, _INFERRED)
            return
