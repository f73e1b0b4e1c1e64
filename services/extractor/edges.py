"""The tagger's spans by this project's conventions, where those of the articles that it learned from differ.

There "that" belongs to a content, and a comma may end a source; and with two clauses in a row a source may end in the
verb of the other one.
"""

import re

from services.extractor.anonymity import NEAR
from services.extractor.lexicon import AUXILIARIES, RELATIVES
from services.extractor.tagged import Spans, Tagged

_THAT = re.compile(r"that\s+", re.IGNORECASE)
_TOKEN = re.compile(r"[\w'’]+|[^\w\s]")
_MARKS = frozenset(",:;—–-")
# Words that end no source.
_WHEN = frozenset({"earlier", "later", "previously", "recently", "repeatedly", "then"})
_LOOSE = AUXILIARIES | RELATIVES | _WHEN | {"and", "but", "also"}
# What belongs to a source without a name and stands behind it: why it has none, and how close it is.
_WITHHELD = (
    r"who (?:asked|wanted|requested|preferred|wished|chose|declined|refused|spoke|(?:was|were) not)\b"
    r"[^.;:“”\"\n]{1,90}?(?:named|identified|anonymous|anonymity|unnamed|publicly|to the (?:media|press))\b"
    r"(?: because [^,.;:“”\"\n]{1,80})?"
)
_CLOSE = rf"{NEAR} [^,.;:“”\"\n]{{1,80}}?(?=,|\.|;| said\b|\s*$)"
_BEHIND = re.compile(rf",? (?:{_WITHHELD}|{_CLOSE})")


def tidy(text: str, one: Tagged) -> Tagged:
    """The same attribution with its edges in order; no part becomes empty."""
    (start, end), *rest = one.content
    that = _THAT.match(text, start, end)
    if that is not None and that.end() < end:
        start = that.end()
    return one._replace(
        content=((start, end), *rest),
        cue=_trimmed(text, one.cue, frozenset()),
        source=_whole(text, _trimmed(text, one.source, _LOOSE), (*one.cue, *one.content)),
    )


def _whole(text: str, source: Spans, others: Spans) -> Spans:
    """With what is said behind it of an unnamed one, up to the next part."""
    if not source:
        return source
    start, end = source[-1]
    if any(first < end < last for first, last in others):
        return source
    until = min((first for first, _ in others if first >= end), default=len(text))
    found = _BEHIND.match(text, end, until)
    return source if found is None else (*source[:-1], (start, end + len(found[0].rstrip())))


def _trimmed(text: str, spans: Spans, loose: frozenset[str]) -> Spans:
    """Without marks and loose words at the end."""
    if not spans:
        return spans
    start, end = spans[-1]
    tokens = list(_TOKEN.finditer(text, start, end))
    while len(tokens) > 1 and (tokens[-1][0] in _MARKS or tokens[-1][0].lower() in loose):
        tokens.pop()
    return (*spans[:-1], (start, tokens[-1].end())) if tokens else spans
