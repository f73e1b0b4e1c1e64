"""Is a paragraph a sentence or more, or a fragment: a headline, a label, a button?"""

from __future__ import annotations

import re

# A pattern of one word of a name. Possessive: a run of capitals could otherwise be cut into names in exponentially many
# ways.
CAPITAL_NAME = r"[^\W\d_a-z][\w.'’\-]*+"
_WORD = re.compile(r"\w+(?:['’\-]\w+)*")
_ANY_WORD = re.compile(r"\w+")
# Scripts that are written without spaces: each character counts as a word's half.
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
_SENTENCE_END = re.compile(r"[.!?:;…。！？：；।؟۔]['\"”’»›)\]）」』\s]*$")
# Quoted speech: what someone in the article says is never the page's own voice. An unclosed quotation runs to
# the end of its paragraph, as multi-paragraph quotations are set.
_QUOTATION_MARKS = frozenset('“„«"')
_QUOTED = re.compile(r"“[^”]*(?:”|$)|„[^“”]*(?:[“”]|$)|«[^»]*(?:»|$)|(?<!\w)\"[^\"]*(?:\"|$)")
_MIN_SENTENCE_WORDS = 6
# Thai and Lao end no sentence with a mark, and some pages lose it; so long, a paragraph is no label.
_CERTAIN_WORDS = 25
_LABEL_WORDS = 8  # a button, a label, a subheading


def word_count(text: str) -> int:
    """Words of a text, also where the script has no spaces between them."""
    if text.isascii() or _UNSPACED.search(text) is None:
        return len(_WORD.findall(text))
    unspaced = len(_UNSPACED.findall(text))
    return len(_WORD.findall(_UNSPACED.sub(" ", text))) + unspaced // 2


def folded_words(text: str) -> tuple[str, ...]:
    """What of two lines is compared: their words, without case and marks."""
    return tuple(_ANY_WORD.findall(text.casefold()))


def ends_sentence(text: str) -> bool:
    return bool(_SENTENCE_END.search(text[-16:]))


def is_prose(text: str) -> bool:
    """A sentence at least: long enough, and closed by a sentence's punctuation."""
    words = word_count(text)
    return words >= _CERTAIN_WORDS or (words >= _MIN_SENTENCE_WORDS and ends_sentence(text))


def is_label(text: str) -> bool:
    """A fragment of a few words: a button, a subheading, a possible answer."""
    return word_count(text) <= _LABEL_WORDS and not is_prose(text)


def outside_quotes(text: str) -> str:
    """The paragraph in the page's own voice; quoted speech falls away."""
    return text if _QUOTATION_MARKS.isdisjoint(text) else _QUOTED.sub(" ", text)
