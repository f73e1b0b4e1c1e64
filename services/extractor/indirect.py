"""Reported speech without quotation marks, as far as words alone show it: Smith said (that) …; …, Smith said.

Precision goes before recall. A content is taken where a clause visibly begins and ends; what a verb of speech only
touches ("said nothing of it", "spoke of a plan") is left to the learned tagger.
"""

from collections.abc import Sequence

from services.extractor.agent import agent, source_of
from services.extractor.attribution import Attribution, attribution
from services.extractor.clause import has_verb, is_clause, only_when, past_when
from services.extractor.content import past_audience
from services.extractor.cue import Cue, Reading, is_adverb
from services.extractor.frame import Token
from services.extractor.lexicon import (
    AUDIENCES,
    AUXILIARIES,
    OBJECT_PRONOUNS,
    PREPOSITIONS,
    PRONOUNS,
    SUBORDINATORS,
    TIME_LEADS,
    TIMES,
)
from services.extractor.phrase import Extent, may_open, phrase_end, subject_after
from services.extractor.subject import clause_subject, subject_before
from services.extractor.verbs import FORMS, TAKES_CLAUSE, TAKES_OBJECT, TELLING

_MOST_CUES = 12  # of a sentence; no sentence of news has as many, and hostile ones have hundreds
_LEAST = 2  # tokens of a content
_MAX_TAIL = (
    16  # tokens behind a cue that ends its sentence: ", Smith said in an interview on Friday, citing …"
)
_MAX_WHEN = 14  # tokens between cue and content that only say when, where and to whom
_ENDS = frozenset({";", "—", "–", "--"})
_CITING = frozenset({"citing", "quoting"})


def indirect(reading: Reading, taken: Sequence[tuple[int, int]]) -> list[Attribution]:
    """The reports of one sentence. `taken`: the offsets of what other attributions have as cue or content."""
    found: list[Attribution] = []
    tokens = reading.tokens
    for cue in reading.cues[:_MOST_CUES]:
        span = tokens[cue.first].start, tokens[cue.last - 1].end
        if any(start < span[1] and span[0] < end for start, end in taken) or _inside(found, span):
            continue
        one = _according(reading, cue) if cue.lemma == "according" else _report(reading, cue)
        if one is None:
            continue
        if any(s < end and start < e for s, e in one.content for start, end in taken):
            continue
        found.append(one)
    return found


def _inside(found: Sequence[Attribution], span: tuple[int, int]) -> bool:
    """Whether a cue stands in what another one already reports: the outer one counts."""
    return any(start <= span[0] and span[1] <= end for one in found for start, end in one.content)


def _report(reading: Reading, cue: Cue) -> Attribution | None:
    tokens = reading.tokens
    before = _left(reading, cue)
    if before is not None:
        return before
    if not (cue.speaks or cue.lemma in TAKES_OBJECT):
        return None
    who = _agent(reading, cue)
    if who is None:
        return None
    start = _right(tokens, cue)
    if start is None:
        return None
    stop = _stop(reading, start, cue)
    if stop - start < _LEAST or not any(token.is_word for token in tokens[start:stop]):
        return None
    content = [(tokens[start].start, tokens[stop - 1].end)]
    return attribution("indirect", reading, cue, who, content)


def _agent(reading: Reading, cue: Cue) -> Extent | None:
    tokens = reading.tokens
    lo = _clause_start(tokens, cue.first)
    who = agent(reading, cue, lo, len(tokens))
    if who is None and cue.finite:
        subject = clause_subject(tokens, cue.first)
        who = subject if subject is not None and subject[0] >= lo else None
    if who is None or (tokens[who[0]].low in {"it", "there"} and cue.passive):
        return None
    return who


def _clause_start(tokens: Sequence[Token], at: int) -> int:
    return next((k + 1 for k in range(at - 1, -1, -1) if tokens[k].text in _ENDS), 0)


def _left(reading: Reading, cue: Cue) -> Attribution | None:
    """ "…, Smith said", "…, said Smith", "…, Smith was cited as saying": the clause before the comma."""
    tokens = reading.tokens
    if not (cue.finite and cue.speaks):
        return None
    source: Extent | None = None
    if cue.between is not None and not cue.passive:
        subject = subject_before(tokens, 0, cue.first)
        if subject is not None and _parted(tokens, subject[0]):
            source = subject
    else:
        subject = subject_before(tokens, 0, cue.first)
        if subject is not None and _parted(tokens, subject[0]):
            source = subject
        elif cue.first and tokens[cue.first - 1].text == ",":
            subject = subject_after(tokens, cue.last, len(tokens))
            if subject is not None and not any(t.low == "that" for t in tokens[cue.last : subject[1] + 1]):
                source = subject
    if source is None or not _is_tail(tokens, max(cue.last, source[1])):
        return None
    comma = min(source[0], cue.first) - 1
    start = _clause_start(tokens, comma)
    while start < comma and (
        (not tokens[start].is_word and tokens[start].quotation is None) or tokens[start].low in {"and", "but"}
    ):
        start += 1
    if comma - start < _LEAST or not has_verb(tokens[start:comma]):
        return None
    who = source_of(cue, source)
    stop = tokens[comma].end if tokens[comma].quotation is not None else tokens[comma - 1].end
    content = [(tokens[start].start, stop)]
    return attribution("indirect-left", reading, cue, who, content)


def _parted(tokens: Sequence[Token], at: int) -> bool:
    """Whether a comma, or a quotation that ends with one, stands right before the token."""
    return at > 0 and (tokens[at - 1].text == "," or tokens[at - 1].last == ",")


def _is_tail(tokens: Sequence[Token], at: int) -> bool:
    """Whether behind the token only time, place, audience and whoever is cited stand until the sentence ends."""
    rest = tokens[at:]
    if len(rest) <= 1:
        return True
    if rest[0].text == "," and len(rest) > 1 and rest[1].low in _CITING | {"adding", "noting", "saying"}:
        return True
    if len(rest) > _MAX_TAIL and not any(t.low in _CITING for t in rest):
        return False
    head = rest[0]
    return (
        head.low in PREPOSITIONS | TIMES | TIME_LEADS | AUDIENCES | OBJECT_PRONOUNS | {","}
        or is_adverb(head)
        or (head.is_capital and not any(t.low in AUXILIARIES for t in rest[:4]))
    )


def _right(tokens: Sequence[Token], cue: Cue) -> int | None:
    """Where the content behind the cue begins: at its clause, or at the object of a verb that takes one."""
    last = len(tokens)
    at = cue.last
    if at >= last:
        return None
    that = next((k for k in range(at, min(last, at + _MAX_WHEN)) if tokens[k].low == "that"), None)
    if that is not None and only_when(tokens, at, that) and that + 1 < last:
        return that + 1
    if cue.lemma in TAKES_CLAUSE and cue.lemma in TAKES_OBJECT and is_clause(tokens, at):
        return at
    if cue.lemma in TAKES_OBJECT:
        if tokens[at].low in {"to", "by", "on", "in", "with", "about"} and not (
            cue.lemma == "promise" and tokens[at].low == "to"
        ):
            return None
        return (
            at
            if may_open(tokens[at]) or tokens[at].quotation is not None or tokens[at].low in PRONOUNS | {"to"}
            else None
        )
    if cue.lemma not in TAKES_CLAUSE:
        return None
    if tokens[at].low in {"whether", "if", "why", "how", "what", "where", "when", "who"}:
        return at
    start = past_when(tokens, past_audience(tokens, at, last - 1) if cue.lemma in TELLING else at)
    if start < last and tokens[start].low in SUBORDINATORS - {"that"}:
        return start if tokens[start].low in {"whether", "if"} else None
    return start if start < last and is_clause(tokens, start) else None


def _stop(reading: Reading, start: int, cue: Cue) -> int:
    """One past the last token: the sentence's end, or where somebody says something else."""
    tokens = reading.tokens
    stop = start
    while stop < len(tokens):
        token = tokens[stop]
        if token.text in _ENDS or (token.text in {".", "?", "!", "…"} and stop >= len(tokens) - 2):
            break
        if token.text == "," and stop + 1 < len(tokens) and _turns(reading, stop + 1):
            break
        if token.low == "and" and stop + 1 < len(tokens) and _next_report(tokens, stop + 1):
            break
        stop += 1
    while stop > start and tokens[stop - 1].text in {",", ":", "."} and tokens[stop - 1].quotation is None:
        stop -= 1
    return stop


def _next_report(tokens: Sequence[Token], at: int) -> bool:
    """ "… and said that", "… and accused him of": the cue's own subject goes on."""
    verb = FORMS.get(tokens[at].low)
    return (
        verb is not None
        and verb.form in {"past", "third"}
        and (verb.lemma in TAKES_CLAUSE or verb.lemma in TAKES_OBJECT)
    )


def _turns(reading: Reading, at: int) -> bool:
    tokens = reading.tokens
    low = tokens[at].low
    if low in {
        "adding",
        "noting",
        "saying",
        "citing",
        "quoting",
        "according",
        "telling",
        "warning",
        "insisting",
    }:
        return True
    if low in {"but", "while", "although", "though", "whereas"}:
        return any(cue.first > at and cue.finite for cue in reading.cues) or low == "but"
    return (
        low == "and"
        and at + 1 < len(tokens)
        and any(
            cue.finite and at < cue.first <= at + 10 and subject_before(tokens, at + 1, cue.first) is not None
            for cue in reading.cues
        )
    )


def _according(reading: Reading, cue: Cue) -> Attribution | None:
    """ "According to the agency, …"; "…, according to the agency"."""
    tokens = reading.tokens
    source = subject_after(tokens, cue.last, len(tokens))
    if source is None:
        return None
    if cue.first == 0 or tokens[cue.first - 1].low in {"but", "and"}:
        comma = next((k for k in range(source[1], len(tokens)) if tokens[k].text == ","), None)
        if comma is None:
            return None
        core = (source[0], min(source[1], phrase_end(tokens, source[0], comma)))
        if tokens[comma + 1].low in {"which", "who"} if comma + 1 < len(tokens) else False:
            comma = next((k for k in range(comma + 1, len(tokens)) if tokens[k].text == ","), comma)
        start, stop = comma + 1, _stop(reading, comma + 1, cue)
        source = core
    else:
        end = cue.first - 1 if tokens[cue.first - 1].text == "," else cue.first
        start = _clause_start(tokens, end)
        stop = end
    if stop - start < _LEAST or not has_verb(tokens[start:stop]):
        return None
    content = [(tokens[start].start, tokens[stop - 1].end)]
    return attribution("according", reading, cue, source, content)
