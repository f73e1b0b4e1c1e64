"""Who it is that a cue says speaks: the phrase that it attaches to. Who relays is read by `chain`."""

from services.extractor.cue import Cue, Reading
from services.extractor.lexicon import DETERMINERS, DOCUMENT_NOUNS, ISSUING
from services.extractor.phrase import Extent, subject_after
from services.extractor.subject import clause_subject, subject_before

_DOCUMENT_REACH = 7  # tokens: "a new thirty-second television ad saying"
_WITH_REACH = 10  # tokens: ", with the head of the water board saying"
# Words before which a bare -ing cue still has the subject of its clause.
_LINKS = frozenset({"and", "by", "while", "then", "or", "but", "in", "without"})


def agent(reading: Reading, cue: Cue, lo: int, hi: int) -> Extent | None:
    """The source, as token indices, of a cue that stands before what was said, between tokens `lo` and `hi`."""
    tokens = reading.tokens
    if cue.lemma == "according" or (cue.finite and cue.first == 0):
        source = subject_after(tokens, cue.last, hi)
    elif cue.finite:
        source = subject_before(tokens, lo, cue.first)
        if lo == 0 and tokens[cue.first - 1].low in {"and", "but"}:
            source = clause_subject(tokens, cue.first) or source
    else:
        source = _of_participle(reading, cue, lo)
    return source_of(cue, source) if source is not None else None


def source_of(cue: Cue, subject: Extent) -> Extent:
    """Who speaks: the subject, but in "X [cited Y as saying]" Y."""
    return subject if cue.between is None or cue.passive else cue.between


def _of_participle(reading: Reading, cue: Cue, lo: int) -> Extent | None:
    """ "…, adding that", "with Smith saying", "a sign reading"."""
    tokens = reading.tokens
    for k in range(cue.first - 1, max(lo, cue.first - _WITH_REACH) - 1, -1):
        if tokens[k].low == "with" and subject_before(tokens, k + 1, cue.first) == (k + 1, cue.first):
            return k + 1, cue.first
        if not tokens[k].is_word:
            break
    before = tokens[cue.first - 1] if cue.first else None
    if before is not None and before.is_word and before.low not in _LINKS:
        if before.low not in DOCUMENT_NOUNS:
            return None
        return _document(reading, lo, cue.first) or clause_subject(tokens, cue.first)
    return _speaker_so_far(reading, cue.first) or clause_subject(tokens, cue.first)


def _speaker_so_far(reading: Reading, stop: int) -> Extent | None:
    """Who speaks in the main clause before token `stop`: "…," Smith said Tuesday, adding that."""
    tokens = reading.tokens
    for other in reversed(reading.cues):
        if not (other.finite and other.speaks) or other.last > stop:
            continue
        source = subject_before(tokens, 0, other.first)
        if source is None and other.first and tokens[other.first - 1].quotation is not None:
            return subject_after(tokens, other.last, stop)
        if source is not None and source[0] and tokens[source[0] - 1].text == ",":
            return source
        if source is not None and source[0] and tokens[source[0] - 1].quotation is not None:
            return source
    return None


def _document(reading: Reading, lo: int, hi: int) -> Extent | None:
    """ "a sign saying …": the document itself speaks, unless somebody is said to issue it."""
    tokens = reading.tokens
    for k in range(hi - 1, max(lo, hi - _DOCUMENT_REACH) - 1, -1):
        if tokens[k].low in DETERMINERS:
            return None if k and tokens[k - 1].low in ISSUING else (k, hi)
        if not tokens[k].is_word:
            return None
    return None
