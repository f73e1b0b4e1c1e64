"""A cue before its quotation: Smith said: "…"; Smith said that "…"; Smith said the plan was "…"."""

from services.extractor.agent import agent
from services.extractor.attribution import Attribution, attribution
from services.extractor.content import content_start, content_stop, is_scare, runs_on
from services.extractor.cue import Cue, Reading
from services.extractor.lexicon import OPENING_CLAUSES, SUBORDINATORS
from services.extractor.phrase import Extent
from services.extractor.verbs import INNER, MANNER

# Subordinators behind which a cue is a side remark ("as Smith said, …"), not the one that governs.
_ASIDES = SUBORDINATORS - {"and", "but", "so", "that"}
# Words in marks that make a clause a mixed claim. In 840 annotated articles a shorter quotation in the middle
# of a clause was right in .73 (said) and .46 (described) of the cases, longer ones in .85 and .72.
_LEAST_SAID = 2
_LEAST_DESCRIBED = 3
_BREAKS = frozenset({";", ":", "—", "–", "--"})
_COORDINATORS = frozenset({"and", "but", "while", "when", "as", "although"})


def before(reading: Reading, i: int, lo: int) -> Attribution | None:
    """The attribution of the quotation at token `i` by a cue between it and token `lo`."""
    tokens = reading.tokens
    for cue in reversed(reading.cues):
        if cue.first < lo or cue.last > i or cue.lemma in INNER:
            continue
        if cue.lemma in MANNER and any(token.is_word for token in tokens[cue.last : i]):
            continue
        found = agent(reading, cue, lo, i)
        if found is None:
            continue
        if _aside(reading, found) and any(t.text == "," for t in tokens[cue.last : i - 1]):
            continue
        governing, speaker = _outermost(reading, cue, found, lo, i)
        start = content_start(tokens, governing, i)
        if start is None:
            continue
        if start == i and not runs_on(tokens, i):
            content = [(tokens[i].start, tokens[i].end)]
            return attribution("before-direct", reading, governing, speaker, content)
        stop = content_stop(reading, i)
        if is_scare(reading, start, stop, _LEAST_SAID if governing.speaks else _LEAST_DESCRIBED):
            return None
        content = [(tokens[start].start, tokens[stop - 1].end)]
        rule = "before-mixed" if governing.speaks else "describes"
        return attribution(rule, reading, governing, speaker, content)
    return None


def _aside(reading: Reading, found: Extent) -> bool:
    start = found[0]
    return start > 0 and reading.tokens[start - 1].low in _ASIDES


def _in_opening_clause(reading: Reading, found: Extent) -> bool:
    """Whether the clause of the source is one that the main clause follows: "When Smith said …, a man …"."""
    for token in reversed(reading.tokens[: found[0]]):
        if token.text == ",":
            return False
        if token.low in OPENING_CLAUSES:
            return True
    return False


def _outermost(reading: Reading, cue: Cue, found: Extent, lo: int, i: int) -> tuple[Cue, Extent]:
    """The cue in whose content the found one lies: in "Smith said he warned them of …" that is "said"."""
    for outer in reading.cues:
        if outer.last > found[0]:
            break
        if outer.first < lo or not (outer.finite and outer.speaks) or outer.lemma in MANNER | INNER:
            continue
        if _parted(reading, outer.last, found[0]):
            continue
        over = agent(reading, outer, lo, i)
        if over is None or _aside(reading, over):
            continue
        if reading.tokens[found[0] - 1].text == "," and _in_opening_clause(reading, over):
            continue
        return outer, over
    return cue, found


def _parted(reading: Reading, start: int, stop: int) -> bool:
    """Whether a new main clause begins between two tokens."""
    tokens = reading.tokens
    return any(
        tokens[k].text in _BREAKS or (tokens[k].text == "," and tokens[k + 1].low in _COORDINATORS)
        for k in range(start, stop)
    )
