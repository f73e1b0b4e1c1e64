"""The attributions of both readers: the rules, which see marks, labels and who quotes whom, and the tagger, which has
seen news.

The tagger's stand, but where the rules are sure: quotations with their speaker beside them, whose edges are exact,
turns of transcripts, and reports inside reports ("the Post cited its source as saying", "reported, citing an
official"), which the tagger knows no nesting for; and where it cannot look: it reads one paragraph, and needs a cue.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from services.extractor.cue_words import cue_words
from services.extractor.edges import tidy, whole
from services.extractor.no_claim import is_claim
from services.extractor.sentence import sentence_start
from services.extractor.tagged import Tagged, meet, overlap

# Of a rule. Those below are right less often than the tagger where both find something, and nearly never where only
# they do.
_SURE = 0.9
# What has no cue for a tagger to find, or one that it seldom sees: theirs unless it is surer than they.
_BEYOND = frozenset({"rule named-behind", "rule coloned", "rule put-at"})
# A quotation, and behind it the sentence that is about it, which a tagger takes for a part of the content.
_ABOUT_IT = "rule words-of"
# Where the tagger is silent: quotations with a speaker, and reports of the plainest kind.
_QUOTING = frozenset(
    f"rule {name}" for name in ("before-direct", "before-mixed", "behind-lead", "behind-open", "trailed")
)
_PLAIN = re.compile(r"(?:,? (?:in \d{4}|on \w+day|\w+ly|last \w+|earlier))?,? that ")
_ENDS = re.compile(r"[.?!”\"’]*(?:\s|$)")
# Stricter than how `chain` looks for whom a source cites: here it takes the word from the tagger.
_SAME = 0.8  # of two contents, shared characters by all
_CITING = re.compile(r"\s*(?:[^,;.“”\"\n]{0,40})?,\s+(?:citing|quoting|which (?:quoted|cited))\b")


def union(text: str, by_rules: Sequence[Tagged], by_tagger: Sequence[Tagged]) -> list[Tagged]:
    """Each attribution once, in no order; without a tagger those of the rules."""
    if not by_tagger:
        return list(by_rules)
    first = [
        rule
        for rule in by_rules
        if rule.confidence >= _SURE
        or rule.layer == _ABOUT_IT
        or _goes_on(text, rule)
        or _passes_on(text, rule)
    ]
    first += (rule for rule in by_rules if rule.layer in _BEYOND and not _surer(by_tagger, rule))
    first += (
        rule
        for rule in by_rules
        if (rule.layer in _QUOTING or _is_plain(text, rule))
        and not any(meet(one.content, rule.content) for one in by_tagger)
        and not any(meet(one.content, rule.content) for one in first)
    )
    others = (_with_source(tidy(text, one), by_rules) for one in by_tagger if is_claim(text, one))
    first = [whole(text, rule) for rule in first]
    return [*first, *(one for one in others if not any(_is_part(one, rule) for rule in first))]


def _with_source(one: Tagged, by_rules: Sequence[Tagged]) -> Tagged:
    """With the source of the rule that has the same cue and content, where the tagger saw none."""
    if one.source:
        return one
    same = (
        rule for rule in by_rules if meet(rule.cue, one.cue) and overlap(rule.content, one.content) > _SAME
    )
    return one._replace(source=next(same, one).source)


def _is_plain(text: str, rule: Tagged) -> bool:
    """ "Engineers had warned in 2019 that …": the subject opens the sentence, the content ends it."""
    if rule.layer != "rule indirect" or not rule.source or len(rule.cue) != 1:
        return False
    (start, end), (first, last) = rule.source[0], rule.cue[0]
    if sentence_start(text, start) != start or text[end:first].strip(" ,"):
        return False
    begin, stop = rule.content[0][0], rule.content[-1][1]
    led = _PLAIN.fullmatch(text[last:begin]) is not None or (
        begin == last + 1 and cue_words(text, rule.cue).lemma == "deny"
    )
    return led and _ENDS.match(text, stop) is not None


def _surer(by_tagger: Sequence[Tagged], rule: Tagged) -> bool:
    return any(one.confidence > rule.confidence and meet(one.content, rule.content) for one in by_tagger)


def _goes_on(text: str, rule: Tagged) -> bool:
    """Whether its content runs over paragraphs."""
    return "\n" in text[rule.content[0][0] : rule.content[-1][1]]


def _passes_on(text: str, rule: Tagged) -> bool:
    """Whether it is a report inside a report."""
    if not rule.cue:
        return False
    if cue_words(text, rule.cue).passes_on:
        return True
    behind = max(rule.cue[-1][1], rule.source[-1][1] if rule.source else 0)
    return bool(_CITING.match(text[behind : behind + 80]))


def _is_part(one: Tagged, rule: Tagged) -> bool:
    """Whether an attribution of the tagger is another reading of what the rule has read."""
    whole = rule.content + rule.cue + rule.source
    return overlap(one.content, rule.content) > 0 or (meet(one.cue, rule.cue) and meet(one.content, whole))
