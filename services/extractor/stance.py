"""How the source stands to what it says, and how sure it is: read from the cue and from the content, kept apart."""

import re

from services.extractor.clause import says
from services.extractor.cue_words import CueWords
from services.extractor.lexicon import HEDGES, NEGATING
from services.extractor.verbs import NEUTRAL, STANCES
from shared.contracts.enums import Stance

_CLOSING = " \"'“”‘’»)]"
_OPENING = " \"'“”‘’„«(["
# A denial that the words themselves make, whatever verb reports them.
_DENIAL = re.compile(
    r"\b(?:(?:is|was|are|were|be) no question of|no truth (?:in|to)|nothing of the (?:sort|kind)"
    r"|(?:is|was|are|were) (?:simply |just |absolutely |completely |entirely |plain )?"
    r"(?:not true|untrue|false|wrong|a lie|lies|fabricated|nonsense|baseless|invented)"
    r"|never happened|(?:I|we) (?:deny|reject|dispute))\b",
    re.IGNORECASE,
)
_PROMISE = re.compile(r"\b(?:I|we)(?:['’]ll| will| shall| promise| pledge| vow)\b", re.IGNORECASE)
_DEMAND = re.compile(
    r"\b(?:must|(?:needs?|has|have|ought) to (?:be )?(?:stop|end|act|open|publish|resign|pay|go|know|explain|answer))\b"
)
_BELIEF = re.compile(
    r"^\W*(?:and |but |so )?(?:I|we) (?:really |do |still |just )?(?:think|believe|suspect|feel|hope|fear|guess)\b",
    re.IGNORECASE,
)
_DOUBT = re.compile(
    r"^\W*(?:I|we) (?:very much |really )?(?:doubt|do not think|don['’]t think|do not believe|don['’]t believe)\b",
    re.IGNORECASE,
)
# What somebody is told to do: with these at once, with those where it is cried out.
_ORDER = re.compile(
    r"^\W*(?:(?:Stop|Resign|Release|Free|Publish|Hands off|Leave)\b"
    r"|(?:Act|Bring|Close|Do|Don['’]t|End|Give|Go|Keep|Listen|Open|Pay|Save|Show|Talk|Tell)\b[^.?]*!\W*$)"
)
_WORD = re.compile(r"[^\W\d_]+")
_NO_TITLE = r"(?<!\bMr)(?<!\bMrs)(?<!\bMs)(?<!\bDr)"  # whose full stop ends nothing
_CLAUSE_END = re.compile(
    rf"[,;:?!—–]|{_NO_TITLE}\.|\b(?:and|but|because|although|though|that|who|which|when|while|if|than|since|until|before|after|so)\b"
)
_NEGATED = re.compile(
    rf"\b(?:{NEGATING})\b"
    r"(?! (?:only|just|merely|more than|less than|fewer than|doubt|later|matter|sooner))",
    re.IGNORECASE,
)


def stance(cue: CueWords, content: str, *, quoted: bool) -> Stance:
    """A question in marks asks; then the cue decides; where the cue is neutral, the content does.

    A negated cue turns round: who did not confirm doubts, who did not deny confirms. `quoted`: the content is
    nothing but somebody's words, so that "we" in it is the source.
    """
    if quoted and content.rstrip(_CLOSING).endswith("?"):
        return Stance.ASKS
    by_cue = Stance(STANCES.get(cue.lemma, "asserts"))
    if cue.negated:
        return _TURNED.get(by_cue, Stance.DOUBTS)
    if cue.lemma == "put" and quoted:  # "put it this way" says, "put the damage at" estimates
        return _by_content(content, quoted=True)
    if by_cue is not Stance.ASSERTS or (cue.lemma and cue.lemma not in NEUTRAL):
        return by_cue
    return _by_content(content, quoted=quoted or any(mark in content for mark in '“"‘„«'))


_TURNED = {Stance.DENIES: Stance.CONFIRMS, Stance.CONFIRMS: Stance.DOUBTS, Stance.DOUBTS: Stance.BELIEVES}


def _by_content(content: str, *, quoted: bool) -> Stance:
    for pattern, found in ((_DENIAL, Stance.DENIES), (_DOUBT, Stance.DOUBTS), (_BELIEF, Stance.BELIEVES)):
        if pattern.search(content):
            return found
    if quoted and _PROMISE.search(content):
        return Stance.PROMISES
    if _DEMAND.search(content) or (quoted and _ORDER.match(content)):
        return Stance.DEMANDS
    return Stance.ASSERTS


def negated(content: str) -> bool:
    """Whether the first clause of the content says that something is not so. Words before it without a verb ("Not
    before the spring. We will …") are an answer to somebody; "No" is one that says so."""
    words = content.lstrip(_OPENING).replace("’", "'")
    if (answer := _ANSWER.match(words)) is not None and not says(answer["words"]):
        words = words[answer.end() :]
    end = next((m.start() for m in _CLAUSE_END.finditer(words) if m.start() >= _SHORTEST), len(words))
    return _NEGATED.search(words, 0, end) is not None


_ANSWER = re.compile(rf"(?P<words>\w+(?: \w+){{1,4}}){_NO_TITLE}[.?!]\s+(?=\w)")
_SHORTEST = 4  # characters: a content that begins with "And" has its first clause behind it


def hedges(content: str) -> tuple[str, ...]:
    """The words in the content that weaken it, in lower case, each once, in text order."""
    words = _WORD.findall(content)
    # "May" is the month.
    return tuple(dict.fromkeys(low for word in words if (low := word.lower()) in HEDGES and word != "May"))
