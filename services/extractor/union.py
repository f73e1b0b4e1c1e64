"""The attributions of both readers: the rules, which see marks, labels and who quotes whom, and the tagger, which has
seen news.

The tagger's stand, but where the rules are sure: quotations with their speaker beside them, whose edges are exact,
turns of transcripts, and reports inside reports ("the Post cited its source as saying", "reported, citing an
official"), which the tagger knows no nesting for.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from services.extractor.cue_words import cue_words
from services.extractor.edges import tidy
from services.extractor.tagged import Spans, Tagged
from services.extractor.verbs import REFUSING

# Of a rule. Those below are right less often than the tagger where both find something, and nearly never where only
# they do (dev: 1 of 18 reports).
_SURE = 0.9
# Stricter than how `chain` looks for whom a source cites: here it takes the word from the tagger.
_CITING = re.compile(r"\s*(?:[^,;.“”\"\n]{0,40})?,\s+(?:citing|quoting|which (?:quoted|cited))\b")
_NO_CUES = frozenset({"citing", "quoting"})  # they say where a report comes from and carry no content
# What the tagger takes for a content of "asked" and "spoke": the anonymity of a source is no claim.
_ANONYMITY = re.compile(
    r"\W*(?:not )?to (?:be|remain) (?:named|identified|anonymous)\b|\W*anonymity\b|\W*condition of anonymity\b"
)
# Who declines to comment claims nothing. PolNeAR's annotators saw one in each of the 29 "declined to comment" of train,
# but leaving out the one that is found on dev costs .0003 of overlap F1. What somebody refuses to do or tell stays, but
# not that a question stays open.
_REFUSAL = re.compile(rf"\b(?:{'|'.join(sorted(REFUSING))})\b")
_SILENCE = re.compile(
    r"\W*(?:to )?(?:comment\b[^,;:“\"]*"
    r"|(?:say|tell|explain|disclose|reveal)(?: \w+)? (?:whether|if|how|wh(?:at|en|ere|ich|o|y))\b[^,;:“\"]*"
    r"|(?:say|answer|respond|elaborate|speak|talk|be interviewed)\b(?: further| publicly)?"
    r"(?: (?:about|for|on|to) (?:an?|the|this) (?:article|matter|report|story)| questions)?)\W*$"
)
# A wish told as a fact is no claim. Of those that somebody has, annotators take most for one; of the three on dev that
# somebody has not, one.
_UNWISHED = re.compile(r"(?:\bnot|n['’]t|\bnever) (?:want|wish)\w*$")


def union(text: str, by_rules: Sequence[Tagged], by_tagger: Sequence[Tagged]) -> list[Tagged]:
    """Each attribution once, in no order; without a tagger those of the rules."""
    if not by_tagger:
        return list(by_rules)
    first = [rule for rule in by_rules if rule.confidence >= _SURE or _passes_on(text, rule)]
    others = (tidy(text, one) for one in by_tagger if _is_claim(text, one))
    return [*first, *(one for one in others if not any(_is_part(one, rule) for rule in first))]


def _is_claim(text: str, one: Tagged) -> bool:
    cue = " ".join(text[start:end] for start, end in one.cue).lower()
    content = text[one.content[0][0] : one.content[-1][1]]
    refused = _REFUSAL.search(cue)
    if refused and _SILENCE.match(f"{cue[refused.end() :]} {content}".lstrip()):
        return False
    return cue not in _NO_CUES and not _UNWISHED.search(cue) and not _ANONYMITY.match(content)


def _passes_on(text: str, rule: Tagged) -> bool:
    """Whether it is a report inside a report."""
    if cue_words(text, rule.cue).passes_on:
        return True
    return bool(_CITING.match(text[max(rule.cue[-1][1], rule.source[-1][1] if rule.source else 0) :][:80]))


def _is_part(one: Tagged, rule: Tagged) -> bool:
    """Whether an attribution of the tagger is another reading of what the rule has read."""
    whole = rule.content + rule.cue + rule.source
    return overlap(one.content, rule.content) > 0 or (
        _meets(one.cue, rule.cue) and _meets(one.content, whole)
    )


def _meets(one: Spans, other: Spans) -> bool:
    return any(a[0] < b[1] and b[0] < a[1] for a in one for b in other)


def overlap(one: Spans, other: Spans) -> float:
    """Shared characters by all characters of both."""
    shared = sum(max(0, min(a[1], b[1]) - max(a[0], b[0])) for a in one for b in other)
    return shared / (_size(one) + _size(other) - shared) if shared else 0.0


def _size(spans: Spans) -> int:
    return sum(end - start for start, end in spans)
