"""Titles of works in quotation marks, which nobody says."""

import re
from collections.abc import Sequence

from services.extractor.frame import Token
from services.extractor.lexicon import DETERMINERS, PREPOSITIONS, SUBORDINATORS
from services.extractor.verbs import FORMS

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
MAX_TITLE_WORDS = 12


def is_title(tokens: Sequence[Token], i: int) -> bool:
    """Whether the quotation at `i` is written like a title and not introduced as speech."""
    token = tokens[i]
    if token.last in {"?", "!"} or i == 0:
        return False
    names = _WORD.findall(token.text[:200])
    if not 2 <= len(names) <= MAX_TITLE_WORDS:
        return False
    if (
        not all(w[0].isupper() or w in PREPOSITIONS or w in DETERMINERS or w in SUBORDINATORS for w in names)
        or not names[-1][0].isupper()
    ):
        return False
    before = tokens[i - 1]
    if before.text in {":", "that"} or before.low in FORMS or before.quotation is not None:
        return False
    return not (before.text == "," and i > 1 and tokens[i - 2].low in FORMS) and before.text not in {
        ".",
        "?",
        "!",
    }
