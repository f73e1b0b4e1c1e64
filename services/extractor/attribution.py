"""Which quotation belongs to which cue and which speaker, sentence by sentence.

Two places are looked at: behind the quotation ("…," Smith said; "…," said Smith) and before it (Smith said:
"…"; Smith said that it was "…"). What stands nearer and fits the punctuation wins. Quotations that follow
in the same paragraph without a cue of their own go on with the same speaker.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from services.extractor.cue import Cue, cues, is_adverb
from services.extractor.frame import Sentence, Token
from services.extractor.lexicon import (
    AUDIENCES,
    AUXILIARIES,
    COMMON_VERBS,
    DETERMINERS,
    DOCUMENT_NOUNS,
    OBJECT_PRONOUNS,
    PREPOSITIONS,
    PRONOUNS,
    SUBORDINATORS,
    TIMES,
)
from services.extractor.phrase import Extent, clause_subject, subject_after, subject_before
from services.extractor.verbs import FORMS, INNER, MANNER

Spans = tuple[tuple[int, int], ...]


@dataclass
class Attribution:
    """A quotation with its cue and speaker, as offsets into the text. `rule` names how it was found."""

    rule: str
    content: list[tuple[int, int]]
    cue: Spans
    source: Spans
    sentence: tuple[int, int]
    lemma: str
    negated: bool = False
    mixed: bool = False
    relay: Spans = ()
    carried: bool = False  # quotations without a cue of their own were added


def attribute(sentence: Sentence) -> list[Attribution]:
    """The attributions of one sentence, in text order; each quotation is in one at most."""
    tokens = sentence.tokens
    found: list[Attribution] = []
    at = [i for i, t in enumerate(tokens) if t.quotation is not None]
    if not at:
        return []
    all_cues = cues(tokens)
    taken: set[int] = set()
    used = 0
    for n, i in enumerate(at):
        if i in taken:
            continue
        nxt = at[n + 1] if n + 1 < len(at) else len(tokens)
        previous = max(at[n - 1] + 1 if n else 0, used)
        attribution = None
        last = tokens[i].last
        if last in {",", "?", "!", "-", "—", "…", "–", "."} or _text(tokens, i + 1) in {
            ",",
            "—",
            "–",
            "-",
            "--",
        }:
            attribution = _behind(sentence, i, previous, nxt, all_cues)
        if attribution is None:
            attribution = _before(sentence, i, at, previous, all_cues)
        if attribution is None:
            attribution = _behind(sentence, i, previous, nxt, all_cues)
        if attribution is None:
            continue
        for k in at:
            if any(s <= tokens[k].start and tokens[k].end <= e for s, e in attribution.content):
                taken.add(k)
        # "…," he said, "…": the sentence goes on in a second quotation.
        j = nxt
        if (
            attribution.rule.startswith("behind")
            and nxt < len(tokens)
            and _text(tokens, nxt - 1) in {",", "that", ":", "—", "–", "--", "-"}
            and nxt not in taken
            and not _owned_behind(
                sentence, nxt, nxt + 1, at[n + 2] if n + 2 < len(at) else len(tokens), all_cues
            )
        ):
            attribution.content.append((tokens[j].start, tokens[j].end))
            taken.add(j)
        found.append(attribution)
        ends = attribution.cue[-1][1]
        used = next((k for k in range(len(tokens)) if tokens[k].start >= ends), len(tokens))
    return found


def _text(tokens: Sequence[Token], i: int) -> str:
    return tokens[i].low if 0 <= i < len(tokens) else ""


def _owned_behind(sentence: Sentence, i: int, lo: int, nxt: int, all_cues: list[Cue]) -> bool:
    return _behind(sentence, i, lo, nxt, all_cues) is not None


def _make(
    sentence: Sentence,
    rule: str,
    content: tuple[int, int],
    cue: Cue,
    source: Extent,
    mixed: bool,
    relay: Extent | None = None,
) -> Attribution:
    tokens = sentence.tokens
    return Attribution(
        rule,
        [content],
        cue.spans(tokens),
        ((tokens[source[0]].start, tokens[source[1] - 1].end),),
        (sentence.start, sentence.end),
        cue.lemma,
        cue.negated,
        mixed,
        ((tokens[relay[0]].start, tokens[relay[1] - 1].end),) if relay else (),
    )


def _behind(sentence: Sentence, i: int, previous: int, nxt: int, all_cues: list[Cue]) -> Attribution | None:
    """ "…," Smith said / said Smith / according to Smith / the agency quoted Smith as saying."""
    tokens = sentence.tokens
    lo = i + 1
    while lo < nxt and tokens[lo].text in {",", "—", "–", "--", "-"}:
        lo += 1
    if _text(tokens, lo) == "as":
        lo += 1
    for cue in all_cues:
        if cue.first < lo or cue.first >= nxt:
            continue
        if cue.lemma == "according":
            source = subject_after(tokens, cue.last, nxt) if cue.first == lo else None
        elif not cue.finite or not cue.speaks:
            return None
        elif cue.first == lo:
            source = subject_after(tokens, cue.last, nxt)
        else:
            source = subject_before(tokens, lo, cue.first)
            if source is None or source[0] != lo:
                source = _listed(tokens, lo, cue.first)
            if source is None and _relative_open(tokens, lo, cue.first):
                continue
        if source is None:
            return None
        relay = None
        if cue.between is not None and not cue.passive:
            relay, source = source, cue.between
        return _with_lead(sentence, i, previous, "behind", cue, source, relay)
    return _open_class(sentence, i, lo, previous, nxt)


def _listed(tokens: Sequence[Token], lo: int, hi: int) -> Extent | None:
    """A source whose apposition holds commas of its own: "Smith, head of trade, tax and tariffs, said"."""
    while hi > lo and (is_adverb(tokens[hi - 1]) or tokens[hi - 1].text == ","):
        hi -= 1
    row = tokens[lo:hi]
    if not row or len(row) > 40 or not any(t.text == "," for t in row):
        return None
    if not (row[0].is_capital or row[0].low in DETERMINERS) or row[0].low in SUBORDINATORS | PREPOSITIONS:
        return None
    relative = False
    for token in row:
        relative = relative or token.low in {"who", "whose"}
        if token.quotation is not None or (
            not relative and (token.low in COMMON_VERBS or token.low in PRONOUNS)
        ):
            return None
    return lo, hi


def _relative_open(tokens: Sequence[Token], lo: int, hi: int) -> bool:
    """Whether a relative clause that opened after `lo` is still open at `hi` ("Smith, who said …")."""
    return any(tokens[k].low in {"who", "whose", "which"} for k in range(lo, hi))


def _open_class(sentence: Sentence, i: int, lo: int, previous: int, nxt: int) -> Attribution | None:
    """ "…," he fumed: behind a comma in the marks, any past form may report speech."""
    tokens = sentence.tokens
    if tokens[i].last not in {",", "?", "!"} or lo >= nxt:
        return None
    k = lo
    if tokens[lo].low in PRONOUNS:
        k = lo + 1
    else:
        while k < nxt and tokens[k].is_capital and k - lo < 5:
            k += 1
    if k == lo or k >= nxt:
        return None
    verb = tokens[k]
    if not verb.low.endswith("ed") or verb.is_capital or len(verb.low) < 5:
        return None
    after = _text(tokens, k + 1)
    if after not in {".", ",", ""} and after not in PREPOSITIONS:
        return None
    cue = Cue(k, k + 1, verb.low, True, True, False)
    return _with_lead(sentence, i, previous, "behind-open", cue, (lo, k), None)


def _with_lead(
    sentence: Sentence, i: int, previous: int, rule: str, cue: Cue, source: Extent, relay: Extent | None
) -> Attribution | None:
    """The quotation alone, or with the clause before it that it completes: It was "a mess," Smith said."""
    tokens = sentence.tokens
    if any(tokens[k].is_word for k in range(previous, i)):
        if len(tokens[i].text.split()) < 4:
            return None
        content = (tokens[previous].start, tokens[i].end)
        return _make(sentence, rule + "-lead", content, cue, source, True, relay)
    return _make(sentence, rule, (tokens[i].start, tokens[i].end), cue, source, False, relay)


def _before(
    sentence: Sentence, i: int, at: list[int], previous: int, all_cues: list[Cue]
) -> Attribution | None:
    """Smith said: "…"; Smith said that "…"; Smith said the plan was "…" and would fail."""
    tokens = sentence.tokens
    for cue in reversed([c for c in all_cues if previous <= c.first and c.last <= i]):
        if cue.lemma in INNER:
            continue
        source, relay = _source_of(tokens, cue, previous, i, all_cues)
        if source is None:
            continue
        if cue.lemma in MANNER and any(t.is_word for t in tokens[cue.last : i]):
            continue
        if (
            source[0]
            and tokens[source[0] - 1].low in SUBORDINATORS - {"and", "but", "so", "that"}
            and any(t.text == "," for t in tokens[cue.last : i - 1])
        ):
            continue
        cue, source, relay = _outermost(tokens, cue, source, relay, previous, i, all_cues)
        start = _content_start(tokens, cue, i)
        if start is None:
            continue
        if start == i and not _runs_on(tokens, i):
            return _make(
                sentence, "before-direct", (tokens[i].start, tokens[i].end), cue, source, False, relay
            )
        stop = _content_stop(tokens, i, at, all_cues)
        rule = "before-mixed" if cue.speaks else "describes"
        return _make(sentence, rule, (tokens[start].start, tokens[stop - 1].end), cue, source, True, relay)
    return None


def _runs_on(tokens: Sequence[Token], i: int) -> bool:
    """Whether the clause that the quotation belongs to goes on behind it: said "no" to the plan."""
    if tokens[i].last in {".", ",", "?", "!", "…"} or i + 1 >= len(tokens):
        return False
    following = tokens[i + 1]
    return following.is_word and following.low not in {"and", "but", "while", "as", "when", "after"}


def _outermost(
    tokens: Sequence[Token],
    cue: Cue,
    source: Extent,
    relay: Extent | None,
    lo: int,
    i: int,
    all_cues: list[Cue],
) -> tuple[Cue, Extent, Extent | None]:
    """The cue in whose content the found one lies: in "Smith said he hopes …" that is "said"."""
    for outer in all_cues:
        if outer.first < lo or outer.last > source[0] or not (outer.finite and outer.speaks):
            continue
        if outer.lemma in MANNER or outer.lemma in INNER:
            continue
        if any(
            tokens[k].text in {";", ":", "—", "–", "--"}
            or (
                tokens[k].text == ","
                and _text(tokens, k + 1) in {"and", "but", "while", "when", "as", "although"}
            )
            for k in range(outer.last, source[0])
        ):
            continue
        found, over = _source_of(tokens, outer, lo, i, all_cues)
        if found is not None and not (
            found[0] and tokens[found[0] - 1].low in SUBORDINATORS - {"and", "but", "so", "that"}
        ):
            return outer, found, over
    return cue, source, relay


def _source_of(
    tokens: Sequence[Token], cue: Cue, lo: int, i: int, all_cues: list[Cue]
) -> tuple[Extent | None, Extent | None]:
    if cue.lemma == "according":
        return subject_after(tokens, cue.last, i), None
    if cue.finite:
        source = subject_before(tokens, lo, cue.first)
        if cue.first and tokens[cue.first - 1].low in {"and", "but"} and lo == 0:
            source = clause_subject(tokens, cue.first) or source
        if cue.between is not None and not cue.passive:
            return cue.between, source
        return source, None
    before = tokens[cue.first - 1] if cue.first else None
    near = subject_before(tokens, lo, cue.first)
    if near is not None and near[0] and tokens[near[0] - 1].low == "with":
        return near, None
    if (
        before is not None
        and before.is_word
        and before.low not in {"and", "by", "while", "then", "or", "but", "in", "without"}
    ):
        if before.low not in DOCUMENT_NOUNS:
            return None, None
        return _document(tokens, lo, cue.first) or clause_subject(tokens, cue.first), None
    # ", adding that …": the subject is that of the clause before.
    if (opening := clause_subject(tokens, cue.first)) is not None:
        return opening, None
    for other in reversed([c for c in all_cues if c.finite and c.last <= cue.first]):
        source = subject_before(tokens, 0, other.first)
        if source is None and other.first > 0 and tokens[other.first - 1].quotation is not None:
            source = subject_after(tokens, other.last, cue.first)
        if source is not None:
            return source, None
    if cue.first and tokens[cue.first - 1].text == ",":
        return subject_after(tokens, 0, cue.first - 1), None
    return None, None


_ISSUING = frozenset(
    [
        "issued",
        "issue",
        "issues",
        "released",
        "release",
        "releases",
        "sent",
        "send",
        "sends",
        "posted",
        "posts",
        "wrote",
        "writes",
    ]
)


def _document(tokens: Sequence[Token], lo: int, hi: int) -> Extent | None:
    """ "a sign saying …": the document itself speaks, unless somebody is said to issue it."""
    for k in range(hi - 1, max(lo, hi - 7) - 1, -1):
        if tokens[k].low in DETERMINERS:
            return None if k and tokens[k - 1].low in _ISSUING else (k, hi)
        if not tokens[k].is_word:
            return None
    return None


def _content_start(tokens: Sequence[Token], cue: Cue, i: int) -> int | None:
    """The token with which the content begins: `i` itself if the words between only introduce it."""
    a = cue.last
    if cue.lemma == "according":
        return i if _text(tokens, i - 1) in {",", ":"} else None
    if a == i or _text(tokens, i - 1) == ":":
        return i
    if not cue.speaks:
        return a + 1 if _text(tokens, a) in {"to", "for"} and a + 1 < i else a
    start = a
    if tokens[a].text in {",", ":"}:
        start = a + 1
    that = next((k for k in range(a, i) if tokens[k].low == "that"), None)
    if that is not None and _introduces(tokens, a, that):
        return that + 1
    if _text(tokens, i - 1) == "," and _introduces(tokens, a, i - 1):
        return i
    start = (
        _past_audience(tokens, start, i)
        if cue.lemma in {"tell", "assure", "inform", "remind", "advise", "warn"}
        else start
    )
    if _introduces(tokens, start, i):
        return i
    return start


def _past_audience(tokens: Sequence[Token], start: int, i: int) -> int:
    k = start
    if _text(tokens, k) in OBJECT_PRONOUNS:
        return k + 1
    if _text(tokens, k) in DETERMINERS:
        k += 1
    while k < i and (tokens[k].is_capital or tokens[k].low in AUDIENCES):
        k += 1
    return k if k < i else start


def _introduces(tokens: Sequence[Token], a: int, b: int) -> bool:
    """Whether tokens a to b are only an audience, a time or a circumstance of speaking."""
    if a >= b:
        return True
    if b - a > 16:
        return False
    for k in range(a, b):
        low = tokens[k].low
        if low in SUBORDINATORS - {"and", "as", "after", "before"} or low in PRONOUNS:
            return False
        if k > a and (low in COMMON_VERBS or low in AUXILIARIES - {"to"}):
            return False
    head = tokens[a]
    return (
        head.low in PREPOSITIONS
        or head.low in TIMES
        or is_adverb(head)
        or head.text == ","
        or head.low in OBJECT_PRONOUNS
        or tokens[b - 1].low in AUDIENCES
        or head.is_capital
    )


def _content_stop(tokens: Sequence[Token], i: int, at: list[int], all_cues: list[Cue]) -> int:
    """One past the last token of a mixed content: the clause may go on behind the marks."""
    stop = i + 1
    while stop < len(tokens):
        token = tokens[stop]
        following = tokens[stop + 1] if stop + 1 < len(tokens) else None
        if token.text in {".", "?", "!", ";", "…", "—", "–", "--"}:
            break
        comma = token.text == "," or (tokens[stop - 1].quotation is not None and tokens[stop - 1].last == ",")
        head = following if token.text == "," else token
        if comma and head is not None and head.quotation is None:
            if head.low.endswith("ing") or head.low in {
                "according",
                "which",
                "who",
                "but",
                "although",
                "though",
                "while",
            }:
                break
            if head.low == "and" or tokens[stop - 1].last == ",":
                rest = tokens[stop + 1 : stop + 6]
                if not any(t.quotation is not None for t in rest):
                    break
            first = stop + 1 if token.text == "," else stop
            if any(
                c.finite
                and first < c.first <= first + 12
                and subject_before(tokens, first, c.first) == (first, c.first)
                for c in all_cues
            ):
                break
        if token.low in {"and", "but"} and following is not None and following.low in FORMS:
            if FORMS[following.low].form in {"past", "third"}:
                break
        stop += 1
    return stop


def introduced(sentence: Sentence) -> Attribution | None:
    """What "Smith said in a statement:" at a paragraph's end announces; its content is still empty."""
    tokens = sentence.tokens
    if tokens[-1].text != ":":
        return None
    all_cues = cues(tokens)
    for cue in reversed(all_cues):
        if not cue.speaks:
            continue
        source, relay = _source_of(tokens, cue, 0, len(tokens) - 1, all_cues)
        if source is None and cue.finite:
            source = subject_after(tokens, cue.last, len(tokens) - 1)
        if source is None:
            continue
        found = _make(sentence, "introduced", (0, 0), cue, source, False, relay)
        found.content.clear()
        return found
    return None
