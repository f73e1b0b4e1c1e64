"""Titles of works in quotation marks, which nobody says."""

import re
from collections.abc import Sequence

from services.extractor.frame import TERMINALS, Token
from services.extractor.lexicon import DETERMINERS, PREPOSITIONS, SUBORDINATORS
from services.extractor.verbs import FORMS

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_MAX_WORDS = 12
_MAX_CHARACTERS = 200  # twelve words are shorter; the rest of a longer quotation need not be read
_SMALL = PREPOSITIONS | DETERMINERS | SUBORDINATORS


def is_title(tokens: Sequence[Token], i: int) -> bool:
    """Whether the quotation at `i` is written like a title and not introduced as speech."""
    if i == 0 or tokens[i].last in {"?", "!"}:
        return False
    names = _WORD.findall(tokens[i].text[:_MAX_CHARACTERS])
    if not 2 <= len(names) <= _MAX_WORDS or not names[-1][0].isupper():
        return False
    if not all(name[0].isupper() or name in _SMALL for name in names):
        return False
    before = tokens[i - 1]
    if before.quotation is not None or before.text in TERMINALS | {":", "that"} or before.low in FORMS:
        return False
    return not (before.text == "," and i > 1 and tokens[i - 2].low in FORMS)
