"""What a figure measures where a verb says so: "turnout will exceed 70 percent", "its fund stands at 2 million"; and
the goods that are worth it; what was cut or has grown."""

from __future__ import annotations

from collections.abc import Sequence

from services.extractor import lexicon
from services.extractor.figures.conventions import CHANGES
from services.extractor.figures.counted import Phrase, noun_phrase, past_determiners, stands
from services.extractor.figures.elsewhere import hedged
from services.extractor.figures.words import Word, word_at

_EXCEEDS = frozenset({"exceed", "exceeds", "exceeded", "exceeding", "surpass", "surpassed", "topped"})
_STANDS = frozenset({"stand", "stands", "stood"})
_BEFORE_VERBS = lexicon.AUXILIARIES | lexicon.ADVERBS | lexicon.NEGATIONS
_FURTHEST = 12  # words between the verb of a change and its figure
_GOODS = 3  # words of what is worth something


def exceeded(words: Sequence[Word], start: int) -> bool | None:
    """Whether the figure is passed (True) or said not to be (False); None where nothing says either."""
    verb = hedged(words, start) - 1
    low, before = word_at(words, verb), word_at(words, verb - 1)
    if low in _EXCEEDS or (low == "top" and before in lexicon.AUXILIARIES):
        return before not in lexicon.NEGATIONS and not before.endswith(("n't", "n’t"))
    return None


def measured(words: Sequence[Word], start: int) -> Phrase | None:
    at = hedged(words, start)
    before = word_at(words, at - 1)
    if before == "at" and word_at(words, at - 2) in _STANDS:
        return subject_of(words, at - 2)
    if exceeded(words, start) is not None:
        return subject_of(words, at - 1)
    return _goods(words, at - 1) if before == "worth" else None


def changed(words: Sequence[Word], before: int) -> Phrase | None:
    """The phrase of what changed, for a figure behind ``words[before]`` ("from", "by")."""
    for verb in range(before - 1, max(-1, before - _FURTHEST), -1):
        if words[verb].low in CHANGES:
            break
    else:
        return None
    begin = past_determiners(words, verb + 1)
    if begin < before and (end := noun_phrase(words, begin, singular=True)) > begin:
        return begin, min(end, before)
    return subject_of(words, verb) if words[before].low == "from" else None


def subject_of(words: Sequence[Word], verb: int) -> Phrase | None:
    """The phrase before the verb, with what it is of or for: "support for the tunnel had fallen"."""
    end = verb
    while end > 0 and words[end - 1].low in _BEFORE_VERBS:
        end -= 1
    at = end
    while at > 0:
        low, before = words[at - 1].low, word_at(words, at - 2)
        linked = low in {"of", "for"} and at < end
        inner = low in lexicon.DETERMINERS and before in {"of", "for"}
        if not (linked or inner or (stands(words, at - 1) and low not in lexicon.COMMON_VERBS)):
            break
        at -= 1
    begin = past_determiners(words, at)
    return (begin, end) if begin < end and word_at(words, begin) not in {"of", "for"} else None


def _goods(words: Sequence[Word], end: int) -> Phrase | None:
    begin = end
    while begin > 0 and end - begin < _GOODS and stands(words, begin - 1):
        begin -= 1
    return (begin, end) if begin < end else None
