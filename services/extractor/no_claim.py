"""What a tagger takes for a claim, as annotators often do, and what claims nothing."""

from __future__ import annotations

import re

from services.extractor.lexicon import BIDDING
from services.extractor.sentence import sentence_start
from services.extractor.tagged import Tagged
from services.extractor.verbs import LEMMAS, REFUSING

_NO_CUES = frozenset({"citing", "quoting"})  # they say where a report comes from and carry no content
# What the tagger takes for a content of "asked" and "spoke": the anonymity of a source is no claim.
_ANONYMITY = re.compile(
    r"\W*(?:not )?to (?:be|remain) (?:named|identified|anonymous)\b|\W*anonymity\b|\W*condition of anonymity\b"
)
# Who declines to comment claims nothing, though annotators see an attribution in it. What somebody refuses to do or
# tell stays, but not that a question stays open.
_REFUSAL = re.compile(rf"\b(?:{'|'.join(sorted(REFUSING))})\b")
_SILENCE = re.compile(
    r"\W*(?:to )?(?:comment\b[^,;:“\"]*"
    r"|(?:say|tell|explain|disclose|reveal)(?: \w+)? (?:whether|if|how|wh(?:at|en|ere|ich|o|y))\b[^,;:“\"]*"
    r"|(?:say|answer|respond|elaborate|speak|talk|be interviewed)\b(?: further| publicly)?"
    r"(?: (?:about|for|on|to) (?:an?|the|this) (?:article|matter|report|story)| questions)?)\W*$"
)
# "did not say how long", "could not say who": nothing is claimed either.
_NO_ANSWER = re.compile(
    r"\b(?:(?:did|does|do|would|will|could) not|cannot|(?:did|does|do|would|wo|could|ca)n['’]t) "
    r"(?:immediately )?(?:say|tell|specify|explain|disclose|reveal|elaborate)$"
)
_WH = re.compile(r"(?:how|wh(?:at|en|ere|ich|o|ose|y))\b")
# A wish is told in the words of who has it; that somebody has none is told as a fact, which is no claim.
_UNWISHED = re.compile(r"(?:\bnot|n['’]t|\bnever) (?:want|wish)\w*$")
# The author speaks to who reads, who has said nothing: "if you want …", "you should expect …", "do you think …?".
_READER = re.compile(r"you(?:['’](?:d|ll|re|ve))?")
_SUPPOSED = re.compile(r"\b(?:if|lest|once|unless|until|when|whenever|whether)\W+$", re.IGNORECASE)
_ADVISED = re.compile(r"(?:have to|may|must|need to|should)\b")
_ASKED = re.compile(r"\b(?:are|can|could|did|do|have|were|will|would)\W+$", re.IGNORECASE)
_QUESTION = re.compile(r"[^.?!\n]*\?")
# What may stand before a sentence's verb that tells readers what to do: "- ", "And ", "Lastly, ".
_LEAD = re.compile(r"\W*(?:(?:and|but|or|so|then)\s|\w+,\s)?\W*", re.IGNORECASE)
_BEFORE = 12  # characters: the longest word above with what may stand behind it


def is_claim(text: str, one: Tagged) -> bool:
    """Whether an attribution says that somebody claims something; it may deny or demand it."""
    cue = " ".join(text[start:end] for start, end in one.cue).lower()
    content = text[one.content[0][0] : one.content[-1][1]]
    refused = _REFUSAL.search(cue)
    if refused and _SILENCE.match(f"{cue[refused.end() :]} {content}".lstrip()):
        return False
    if _NO_ANSWER.search(cue) and _WH.match(content):
        return False
    source = text[one.source[0][0] : one.source[-1][1]].lower() if one.source else ""
    if source.startswith("nobody") or (source == "you" and cue == "ask"):  # "depending on whom you ask"
        return False
    if _READER.fullmatch(source) and _addresses(text, one.source[0][0], cue):
        return False
    if not source and cue and _bids(text, one.cue[0][0], cue):
        return False
    return cue not in _NO_CUES and not _UNWISHED.search(cue) and not _ANONYMITY.match(content)


def _addresses(text: str, you: int, cue: str) -> bool:
    """Whether the "you" at an offset is told, asked or supposed to say or think something."""
    before = text[max(0, you - _BEFORE) : you]
    return (
        _ADVISED.match(cue) is not None
        or _SUPPOSED.search(before) is not None
        or (_ASKED.search(before) is not None and _QUESTION.match(text, you) is not None)
    )


def _bids(text: str, at: int, cue: str) -> bool:
    """Whether a cue at an offset opens its sentence with the verb of a request."""
    first = cue.split()[0].replace("’", "'")
    return (first in BIDDING or LEMMAS.get(first) == first) and _LEAD.fullmatch(
        text, sentence_start(text, at), at
    ) is not None
