"""How the source stands to what it says, and how sure it is: read from the cue and from the content."""

import re

from services.extractor.lexicon import HEDGES
from services.extractor.verbs import STANCES
from shared.contracts.enums import Stance

_CLOSING = " \"'“”‘’»)]"
# A denial that the words themselves make, whatever verb reports them.
_DENIAL = re.compile(
    r"\b(?:(?:is|was|are|were|be) no question of|no truth (?:in|to)|nothing of the (?:sort|kind)"
    r"|(?:is|was|are|were) (?:not true|untrue|false|a lie|lies|fabricated)|never happened|(?:I|we) deny)\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]+")


def stance(lemma: str, content: str, *, mixed: bool) -> Stance:
    """A question in marks asks; then the cue decides; a plain report of a denial denies."""
    if not mixed and content.rstrip(_CLOSING).endswith("?"):
        return Stance.ASKS
    by_cue = Stance(STANCES.get(lemma, "asserts"))
    if by_cue is Stance.ASSERTS and _DENIAL.search(content):
        return Stance.DENIES
    return by_cue


def hedges(content: str) -> tuple[str, ...]:
    """The words in the content that weaken it, in lower case, each once, in text order."""
    words = (match[0] for match in _WORD.finditer(content) if match[0] != "May")  # the month
    return tuple(dict.fromkeys(word.lower() for word in words if word.lower() in HEDGES))
