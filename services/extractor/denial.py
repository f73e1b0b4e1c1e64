"""Who denies whom. `stated`: the text says it ("has denied the reports"); `inferred`: what a claim says is not so is
what an earlier one says.

Two claims that have words in common are the rule in an article and no sign of a denial: of the inferred ones by shared
words alone a fourth was right in real news. So all that is denied must have been said before.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from services.extractor.clause import says
from services.extractor.lexicon import NEGATING
from services.extractor.likeness import NOTIONS, contained, notions
from services.extractor.related import WINDOW, Related, plain_notions
from shared.contracts.enums import Stance

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
_BARE = re.compile(
    r"^(?:this|that|it|them|so)(?: (?:happened|was so|took place|had \w+|\w+ed))?\W*$", re.IGNORECASE
)
_WRONG = re.compile(
    r"^The (?:[A-Z]\w+ )?(?:report|story|account|claim)s? (?:was|were|is|are) (?:simply |just )?"
    r"(?:wrong|false|untrue|not true)"
)
# "denied theft and false accounting", "any wrongdoing": what somebody was accused of.
_CRIME = re.compile(
    r"^(?:(?:any|all|having done any) )?(?:\w+ )?(?:wrongdoing|guilt|involvement|theft|fraud|murder|manslaughter"
    r"|assault|rape|bribery|corruption|perjury|embezzlement|arson|robbery|burglary|negligence|misconduct|plagiarism|doping)"
    r"(?:(?:,| and| or) (?:\w+ ){0,2}\w+){0,3}\W*$",
    re.IGNORECASE,
)
_ACCUSERS = notions("prosecutor prosecutors prosecution plaintiff plaintiffs indictment lawsuit")
# "no question of any cuts": what stands behind it is what is denied.
_OF = re.compile(
    r"\b(?:no question of|no truth (?:in|to)|nothing of)\s+(?P<what>(?:\w+\W+){1,4})", re.IGNORECASE
)
_CLAUSE = re.compile(
    r"[,;:.?!—–]|\b(?:and|but|because|although|though|which|who|when|while|since|until|before|after)\b"
)
_NO = re.compile(rf"\b(?:{NEGATING}|\w+n['’]t)\b", re.IGNORECASE)
_PERSONAL = re.compile(r"\b(?:I|me|my|you|your|we|us|our)\b", re.IGNORECASE)
# What happens or does not; that somebody did not know or warn is no denial of whatever was known or warned of.
_EVENTS = NOTIONS - {"know", "warn", "meet", "write", "order"}
# What can be denied. A wish can be refused, a question answered.
_DENIABLE = frozenset(
    {Stance.ASSERTS, Stance.ACCUSES, Stance.ESTIMATES, Stance.PREDICTS, Stance.CONFIRMS, Stance.BELIEVES}
)
_MOST_OF_IT = 0.67  # of what is denied by a verb ("denied cutting any jobs in May")
# "I never laughed" denies that he laughed: all of it is one deed of the speaker's.
_DID_NOT = re.compile(
    r"\W*(?:I|We|we) (?:(?:have |had )?never|did not|didn['’]t|have not|haven['’]t) (?P<did>[a-z]{4,})"
    r"(?: (?:it|him|her|them|anything|anybody|anyone|at all))?\W*$"
)
_OF_SOMEBODY = re.compile(r"\b(?:he|she|they|He|She|They|his|her|their)\b")


def pointed_at(claims: Sequence[Related], at: int) -> Related | None:
    """The claim that a denial names: "the report", "all charges", "it"."""
    claim = claims[at]
    if claim.stance is not Stance.DENIES:
        return None
    if (found := _POINTS.match(claim.content)) is not None:
        return _meant(claims, at, found["noun"], found["rest"])
    if _WRONG.match(claim.content):
        return _meant(claims, at, "report", "")
    if _CRIME.match(claim.content):
        return next((one for one in earlier(claims, at) if _accuses(one)), None)
    if _NOT_TRUE.match(claim.content) or _BARE.match(claim.content):
        return the_one_before(claims, at)
    return None


def _accuses(one: Related) -> bool:
    return one.stance is Stance.ACCUSES or bool(one.who & _ACCUSERS and one.stance is Stance.ASSERTS)


def the_one_before(claims: Sequence[Related], at: int) -> Related | None:
    """What "it" is: the claim right before, if somebody else's and no question or wish."""
    if not at or _same(claims[at - 1], claims[at]) or claims[at - 1].stance not in _DENIABLE:
        return None
    return claims[at - 1]


def earlier(claims: Sequence[Related], at: int) -> list[Related]:
    """Claims of other origins that stand before, the latest first."""
    return [one for one in reversed(claims[max(0, at - WINDOW) : at]) if not _same(one, claims[at])]


def _same(one: Related, other: Related) -> bool:
    return one.origin is not None and one.origin == other.origin


def _meant(claims: Sequence[Related], at: int, noun: str, rest: str) -> Related | None:
    """The claim that "the reports" or "all charges" are: what an outlet said first, what somebody is accused of."""
    others = [one for one in earlier(claims, at) if one.stance in _DENIABLE]
    rest_words = notions(re.sub(r"^\W*as\b.*", "", rest, flags=re.DOTALL))
    if noun.startswith(("charge", "accusation", "allegation")):
        return next((one for one in others if one.stance is Stance.ACCUSES), None)
    if rest_words:
        best = max(others, key=lambda one: contained(rest_words, notions(one.content)), default=None)
        return best if best is not None and len(rest_words & notions(best.content)) > 1 else None
    if noun.startswith(("report", "stor", "account", "claim", "rumo")):
        relayed = [one for one in others if one.relayed]
        if relayed:
            return relayed[-1]
        if noun.startswith(("account", "claim")) and others and claims[at].n - others[0].n == 1:
            return others[0]
    return None


def contradicted(claims: Sequence[Related], at: int) -> Related | None:
    """The latest earlier claim that says what this one says is not so."""
    claim = claims[at]
    if claim.stance not in {Stance.DENIES, Stance.ASSERTS}:
        return None
    denied = list(_denied(claim))
    did_not = _DID_NOT.match(claim.content) if claim.quoted else None
    own = notions(did_not["did"]) if did_not is not None else frozenset[str]()
    for other in earlier(claims, at) if denied else ():
        if other.stance not in _DENIABLE:
            continue
        said = any(_covers(other.words, one) for one in denied) or (
            claim.quoted
            and claim.n - other.n == 1
            and any(one.words & other.words & _EVENTS for one in denied)
        )
        said = said or bool(own and own <= other.words and _OF_SOMEBODY.search(other.content))
        if said and not _NO.search(other.content):  # last: it reads all of the content
            return other
    return None


class _Denied(NamedTuple):
    """What is not so. `whole`: all of it has to be found again; `told`: by somebody of their own doings, of which
    others rarely spoke."""

    words: frozenset[str]
    whole: bool = False
    told: bool = False


def _denied(claim: Related) -> Iterator[_Denied]:
    negated = [clause for clause in _CLAUSE.split(claim.content) if _NO.search(clause)]
    if claim.stance is Stance.DENIES and not negated:
        yield _Denied(claim.words)
    if claim.quoted or claim.stance is Stance.DENIES:
        for clause in negated:
            if says(clause):
                yield _Denied(plain_notions(clause), whole=True, told=_PERSONAL.search(clause) is not None)
    for found in _OF.finditer(claim.content):
        yield _Denied(plain_notions(found["what"]))


def _covers(said: frozenset[str], denied: _Denied) -> bool:
    common = said & denied.words
    if not common or len(common) < len(denied.words) * (1.0 if denied.whole else _MOST_OF_IT):
        return False
    if len(common) == 1:
        return not denied.told and bool(common & _EVENTS)
    return not denied.told or bool(common & NOTIONS)
