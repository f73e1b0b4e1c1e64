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
    r"(?P<noun>reports?|accounts?|versions?|assertions?|story|stories|claims?|allegations?|accusations?|charges?|suggestions?|rumou?rs?|figures?)\b"
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
_EVENTS = NOTIONS - {"know", "warn", "meet", "write", "order", "vehicle", "plane"}
# What can be denied. A wish can be refused, a question answered.
_DENIABLE = frozenset(
    {Stance.ASSERTS, Stance.ACCUSES, Stance.ESTIMATES, Stance.PREDICTS, Stance.CONFIRMS, Stance.BELIEVES}
)
# What may be a lie: what is believed or expected may be an error.
_AVERRED = frozenset({Stance.ASSERTS, Stance.ACCUSES, Stance.CONFIRMS, Stance.DENIES, Stance.PROMISES})
_MOST_OF_IT = 0.67  # of what is denied by a verb ("denied cutting any jobs in May")
# "I never laughed" denies that he laughed: all of it is one deed of the speaker's.
_DID_NOT = re.compile(
    r"\W*(?:I|We|we) (?:(?:have |had )?never|did not|didn['’]t|have not|haven['’]t) (?P<did>[a-z]{4,})"
    r"(?: (?:it|him|her|them|anything|anybody|anyone|at all))?\W*$"
)
# "having written it", "that he had ever sold it": the deed was told, and what it was done to.
_DEED = re.compile(
    r"^(?:that (?:he|she|they|it) (?:had |has |have )?(?:ever )?|(?:ever )?having (?:ever )?)?(?P<did>[a-z]{4,})"
    r" (?:it|them|him|her|that|this)\W*$"
)
# "The mayor is lying": all that the mayor said.
_LIAR = re.compile(
    r"^\W*(?P<who>(?:The |Mr |Mrs |Ms |Dr )?[\w’'-]+(?: [A-Z][\w’'-]+)?)"
    r" (?:(?:is|are|was|were) (?:simply |just |plainly )?"
    r"(?:lying|a liar|liars|wrong|mistaken|not telling the truth)|(?:has |have )?lied)\b"
)
_ACCOUNT = re.compile(
    r"^(?:this|that|his|her|their) (?:account|version|claim|assertion|story)$", re.IGNORECASE
)
_ACCOUNT_BACK = 2  # claims to what "this account" is
_WISHES = re.compile(r"\b(?:must|should|ought|needs? to|have to|has to)\b|\?")
_SENTENCE = re.compile(r"(?<=[.?!])\s+")
_OF_SOMEBODY = re.compile(r"\b(?:he|she|they|He|She|They|his|her|their)\b")


class _Denied(NamedTuple):
    """What is not so. `whole`: all of it has to be found again; `told`: by somebody of their own doings, of which
    others rarely spoke. `deed`: a verb alone, of which all else was said before."""

    words: frozenset[str]
    whole: bool = False
    told: bool = False
    deed: bool = False


def pointed_at(claims: Sequence[Related], at: int) -> Related | None:
    """The claim that a denial names: "the report", "all charges", "it"."""
    claim = claims[at]
    if claim.stance is not Stance.DENIES:
        return None
    if _ACCOUNT.match(claim.content.rstrip(".,")):
        near = next((one for one in earlier(claims, at) if one.stance in _DENIABLE | {Stance.DENIES}), None)
        return near if near is not None and claim.n - near.n <= _ACCOUNT_BACK else None
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


def belied(claims: Sequence[Related], at: int) -> Related | None:
    """The latest claim of whom this one calls a liar, or wrong."""
    found = _LIAR.match(claims[at].content)
    if found is None or claims[at].stance not in {Stance.ASSERTS, Stance.ACCUSES, Stance.DENIES}:
        return None
    if found["who"] in {"He", "She", "They"}:
        return the_one_before(claims, at)
    who, of = notions(found["who"]), plain_notions(claims[at].content[found.end() :])
    return next(
        (
            one
            for one in earlier(claims, at)
            if one.stance in _AVERRED and who and who <= one.who and (not of or of & one.words)
        ),
        None,
    )


def contradicted(claims: Sequence[Related], at: int) -> list[Related]:
    """Of each thing that this claim says is not so, the latest earlier claim that says it, each once."""
    claim = claims[at]
    if claim.stance not in {Stance.DENIES, Stance.ASSERTS}:
        return []
    denied = list(_denied(claim))
    found: list[Related] = []
    for one in denied:
        said = (other for other in earlier(claims, at) if _says(claim, other, one))
        # Last: it reads all of the content.
        target = next((other for other in said if not _NO.search(other.content)), None)
        if target is not None and target not in found:
            found.append(target)
    return found


def _says(claim: Related, other: Related, denied: _Denied) -> bool:
    """Whether the other says what this claim denies."""
    if other.stance not in _DENIABLE:
        return other.stance is Stance.DEMANDS and _covers(_beside_wishes(other), denied)
    if denied.deed:
        told = _OF_SOMEBODY.search(other.content) is not None or claim.stance is Stance.DENIES
        return told and denied.words <= other.words
    if _covers(other.words, denied):
        return True
    return claim.quoted and claim.n - other.n == 1 and bool(denied.words & other.words & _EVENTS)


def _beside_wishes(one: Related) -> frozenset[str]:
    """What the sentences of a demand say that demand nothing."""
    plain = [sentence for sentence in _SENTENCE.split(one.content) if not _WISHES.search(sentence)]
    return plain_notions(" ".join(plain))


def _denied(claim: Related) -> Iterator[_Denied]:
    negated = [clause for clause in _CLAUSE.split(claim.content) if _NO.search(clause)]
    did = _DEED.match(claim.content) if claim.stance is Stance.DENIES else None
    did = _DID_NOT.match(claim.content) if did is None and claim.quoted else did
    if did is not None and (own := notions(did["did"])):
        yield _Denied(own, deed=True)
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
