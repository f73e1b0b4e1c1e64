"""The tagger's spans by this project's conventions, where those of the articles that it learned from differ.

There "that" belongs to a content, and a comma may end a source; and with two clauses in a row a source may end in the
verb of the other one.
"""

import re

from services.extractor.lexicon import AUXILIARIES, RELATIVES
from services.extractor.tagged import Spans, Tagged

_THAT = re.compile(r"that\s+", re.IGNORECASE)
_TOKEN = re.compile(r"[\w'’]+|[^\w\s]")
_MARKS = frozenset(",:;—–-")
# Words that end no source.
_LOOSE = AUXILIARIES | RELATIVES | {"and", "but", "also"}


def tidy(text: str, one: Tagged) -> Tagged:
    """The same attribution with its edges in order; no part becomes empty."""
    (start, end), *rest = one.content
    that = _THAT.match(text, start, end)
    if that is not None and that.end() < end:
        start = that.end()
    return one._replace(
        content=((start, end), *rest),
        cue=_trimmed(text, one.cue, frozenset()),
        source=_trimmed(text, one.source, _LOOSE),
    )


def _trimmed(text: str, spans: Spans, loose: frozenset[str]) -> Spans:
    """Without marks and loose words at the end."""
    if not spans:
        return spans
    start, end = spans[-1]
    tokens = list(_TOKEN.finditer(text, start, end))
    while len(tokens) > 1 and (tokens[-1][0] in _MARKS or tokens[-1][0].lower() in loose):
        tokens.pop()
    return (*spans[:-1], (start, tokens[-1].end())) if tokens else spans
