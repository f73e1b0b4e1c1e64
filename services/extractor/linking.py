"""Which quotation of a sentence belongs to which cue.

Two places are looked at: behind the quotation and before it. The punctuation in the marks decides which
first: a comma, a question or an exclamation waits for its cue.
"""

from services.extractor.attribution import Attribution
from services.extractor.before import before
from services.extractor.behind import behind, trailed
from services.extractor.coloned import coloned
from services.extractor.cue import Reading
from services.extractor.phrase import DASHES
from services.extractor.sentence import is_value

_WAITING = frozenset({",", "?", "!", "-", "—", "…", "–", "."})


def link(reading: Reading) -> list[Attribution]:
    """The attributions of one sentence, in text order; each quotation is in one at most."""
    tokens = reading.tokens
    at = [i for i, token in enumerate(tokens) if token.quotation is not None]
    found: list[Attribution] = []
    done = 0  # tokens before this one belong to an attribution
    for n, i in enumerate(at):
        if i < done:
            continue
        lo = max(at[n - 1] + 1 if n else 0, done)
        hi = at[n + 1] if n + 1 < len(at) else len(tokens)
        one = _link(reading, i, lo, hi)
        if one is None:
            continue
        if one.rule.startswith("behind") and hi < len(tokens) and _goes_on(reading, hi, at[n + 2 : n + 3]):
            one.content.append((tokens[hi].start, tokens[hi].end))
            hi += 1
        ends = max(one.content[-1][1], one.cue[-1][1], one.source[-1][1])
        done = next((k for k in range(i, len(tokens)) if tokens[k].start >= ends), len(tokens))
        found.append(one)
    return found


def _link(reading: Reading, i: int, lo: int, hi: int) -> Attribution | None:
    tokens = reading.tokens
    follows = tokens[i + 1].text if i + 1 < len(tokens) else ""
    if tokens[i].last in _WAITING or follows in DASHES | {","}:
        one = behind(reading, i, lo, hi) or before(reading, i, lo) or trailed(reading, i, lo)
    else:
        one = before(reading, i, lo) or behind(reading, i, lo, hi) or trailed(reading, i, lo)
    if one is None and not is_value(tokens[i].text) and (one := coloned(reading, lo, i - 1)) is not None:
        one.content.append((tokens[i].start, tokens[i].end))
    return one


def _goes_on(reading: Reading, i: int, after: list[int]) -> bool:
    """Whether the quotation at `i` is the rest of the one before: "…," he said, "…"."""
    tokens = reading.tokens
    if tokens[i - 1].low not in DASHES | {",", "that", ":"}:
        return False
    return behind(reading, i, i, after[0] if after else len(tokens)) is None
