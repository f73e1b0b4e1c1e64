"""Whose a quotation is that stands alone at the head of a paragraph: the next sentence may say it.

“Nobody should have to teach in a corridor.” Jo Sands was just as blunt. “We have buckets in the gym,” Sands added.
“It was over in a minute.” That is how Tom Bale describes the landing.
"""

from __future__ import annotations

from collections.abc import Sequence

from services.extractor.agent import agent
from services.extractor.attribution import Attribution, attribution
from services.extractor.cue import Reading
from services.extractor.frame import Token
from services.extractor.lexicon import BE, HONORIFICS
from services.extractor.linking import link
from services.extractor.phrase import Extent, is_pronoun, subject_after
from services.extractor.speaker import describe
from services.extractor.subject import clause_subject
from shared.contracts.enums import SourceType
from shared.contracts.parts import Span

_POINTS_BACK = frozenset({"that", "this", "those", "these", "so", "thus", "such"})
# What is said, and who says it: "The words are Ida Lund's", "The speaker is Ida Lund".
_SAID = frozenset(
    [
        "answer",
        "assessment",
        "author",
        "cry",
        "line",
        "lines",
        "message",
        "motto",
        "plea",
        "question",
        "quote",
        "remark",
        "remarks",
        "sentence",
        "speaker",
        "verdict",
        "view",
        "voice",
        "warning",
        "words",
    ]
)
_LEADING = BE | {
    "those",
    "these",
    "this",
    "that",
    "of",
    "from",
    "came",
    "come",
    "comes",
    "belong",
    "belongs",
    "to",
}
# "the last thing that Lund said", "all that Lund would say": what was said, with its verb.
_LAST = _SAID | {"all", "thing", "word"}
# Their object is the words, never what they say.
_UTTERING = frozenset({"spoke", "speaks", "uttered", "utters"})
_SPEAKING = frozenset({"he", "she", "they"})  # not "I", who writes
_LONGEST = 12  # tokens of who said it
_REACH = 8  # tokens from the beginning of the sentence


def goes_with(behind: Sequence[Reading], text: str) -> bool:
    """Whether the quotation after the next sentence is by whom that sentence names: both are that one's."""
    if len(behind) < 2 or behind[0].has_quotation:
        return False
    named = clause_subject(behind[0].tokens, len(behind[0].tokens))
    found = link(behind[1])
    if named is None or not found or found[0].content[0][0] != behind[1].tokens[0].start:
        return False
    start, end = found[0].source[0]
    speaker = [token for token in behind[1].tokens if start <= token.start < end]
    if is_pronoun(speaker[0]):
        return speaker[0].low in _SPEAKING and _is_person(text, behind[0].tokens, named)
    names = {token.low for token in behind[0].tokens[slice(*named)] if token.is_capital}
    return bool(names & {token.low for token in speaker if token.is_capital} - HONORIFICS)


def named_behind(behind: Sequence[Reading], text: str, content: Sequence[Span]) -> Attribution | None:
    """The attribution by a next sentence that is about the quotation, or about a person who does something."""
    if not behind or behind[0].has_quotation:
        return None
    reading = behind[0]
    tokens = reading.tokens
    if (last := _last_words(reading)) is not None:
        by, verb = ((tokens[a].start, tokens[b - 1].end) for a, b in last)
        return Attribution("words-of", list(content), (verb,), (by,), negated=False)
    if tokens[0].low in _POINTS_BACK:
        for cue in reading.cues:
            who = agent(reading, cue, 1, len(tokens)) or subject_after(tokens, cue.last, len(tokens))
            if who is not None and _is_person(text, tokens, who):
                return attribution("named-behind", reading, cue, who, list(content))
    who = _of_the_words(tokens) or _opening(tokens)
    if who is None or not _is_person(text, tokens, who):
        return None
    for cue in reading.cues:
        if (
            cue.finite
            and cue.speaks
            and cue.first >= who[1]
            and not any(t.is_word for t in tokens[cue.last :])
        ):
            return attribution("named-behind", reading, cue, who, list(content))
    source = (tokens[who[0]].start, tokens[who[1] - 1].end)
    return Attribution("named-behind", list(content), (), (source,), negated=False)


def _last_words(reading: Reading) -> tuple[Extent, Extent] | None:
    """Who, and by which verb, in "Those were the last words [Lund] [spoke] before …"."""
    tokens = reading.tokens
    if len(tokens) < 3 or tokens[0].low not in _POINTS_BACK | {"it"} or tokens[1].low not in BE:
        return None
    said = next((k for k in range(2, min(_REACH, len(tokens))) if tokens[k].low in _LAST), None)
    if said is None:
        return None
    at = said + 1
    at += at < len(tokens) and tokens[at].low in {"that", "which"}
    cues = [(cue.first, cue.last) for cue in reading.cues if cue.finite and cue.speaks and cue.first > at]
    cues += [(k, k + 1) for k in range(at + 1, len(tokens)) if tokens[k].low in _UTTERING]
    if not cues:
        return None
    verb = min(cues)
    end = verb[0]
    while end > at and not tokens[end - 1].is_word:
        end -= 1
    between = tokens[at:end]
    whole = 0 < len(between) <= _LONGEST and (
        is_pronoun(between[0]) or subject_after(tokens, at, end) is not None
    )
    return ((at, end), verb) if whole else None


def _opening(tokens: Sequence[Token]) -> Extent | None:
    """Who does something, where that opens the sentence."""
    who = clause_subject(tokens, len(tokens))
    return who if who is not None and who[0] == 0 else None


def _of_the_words(tokens: Sequence[Token]) -> Extent | None:
    """ "The words are [Ida Lund]'s", "the words of [Ida Lund]", "The author of these lines is [Ida Lund]", "It was
    [Ida Lund]'s answer"."""
    said = next((k for k, token in enumerate(tokens[:_REACH]) if token.low in _SAID), None)
    if said is None:
        return None
    owner = max((k for k in range(said) if tokens[k].low.endswith(("'s", "s'"))), default=None)
    if owner is not None:
        start = max((k + 1 for k in range(owner) if tokens[k].low in BE), default=0)
        return start, owner + 1
    at = said + 1
    while at < len(tokens) and (tokens[at].low in _LEADING or (at > said + 1 and tokens[at].low in _SAID)):
        at += 1
    return subject_after(tokens, at, len(tokens)) if at > said + 1 else None


def _is_person(text: str, tokens: Sequence[Token], who: Extent) -> bool:
    first = tokens[who[0]]
    if is_pronoun(first):
        return first.low in {"he", "she"}
    last = tokens[who[1] - 1]
    read = describe(text, first.start, last.end - 2 * last.low.endswith("'s"))
    return read.type is SourceType.PERSON and (read.name is not None or read.role is not None)
