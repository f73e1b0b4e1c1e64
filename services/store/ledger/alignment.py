"""Which claim of a new set is which claim of the old set. Pure and deterministic.

In this order, each claim used once:

1. equal text: source and content normalised as for the claim id; among several of one text those whose other
   traits are equal first, then by position;
2. likeness: the pairs by falling score, down to :data:`MATCH`;
3. withdrawn claims, by equal text only: a claim that returns has its old id;
4. what is left names a near counterpart, down to :data:`NEAR`, without being it.

Greedy, not an optimal assignment: that one would part the most similar pair to raise the sum over all, and a
reader who sees an unchanged quotation change its id does not care about the sum. Ties go by position.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from shared.contracts.ids import normal_text

# Half of the words kept in order, by the same source, is still the same claim; another source needs three
# quarters. tests/data/store/alignment.json has the cases on both sides of the line.
MATCH = 0.6
CONTENT_FLOOR = 0.5
# Below this two claims share little but function words.
NEAR = 0.35
CONTENT_WEIGHT = 0.8
SOURCE_WEIGHT = 0.2
# A source that one extraction found and the other did not neither speaks for a match nor against it.
SOURCE_UNKNOWN = 0.5

# Scripts without spaces count by character.
_TOKEN = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|\w+")


@dataclass(frozen=True)
class Statement:
    """A claim as alignment sees it. ``traits``: whatever else tells claims of equal text apart."""

    source: str | None
    content: str
    traits: Hashable = None


@dataclass(frozen=True)
class Alignment:
    """Indices of the new set to indices of the old set (``returned``: of the withdrawn)."""

    matched: dict[int, int] = field(default_factory=dict)
    returned: dict[int, int] = field(default_factory=dict)
    near: dict[int, int] = field(default_factory=dict)


class _Words:
    """A statement's tokens, made once for all its pairs."""

    def __init__(self, statement: Statement) -> None:
        self.key = (normal_text(statement.source or ""), normal_text(statement.content))
        self.traits = statement.traits
        self.has_source = statement.source is not None
        self.source = _TOKEN.findall(self.key[0])
        self.content = _TOKEN.findall(self.key[1])
        self.bag = Counter(self.content)


def align(
    old: Sequence[Statement], new: Sequence[Statement], withdrawn: Sequence[Statement] = ()
) -> Alignment:
    """Align ``new`` with ``old``, then what is left of it with ``withdrawn``. Each in the order of the text."""
    before, after = [_Words(s) for s in old], [_Words(s) for s in new]
    gone = [_Words(s) for s in withdrawn]
    matched = _equal(before, after, range(len(before)), range(len(after)))
    matched |= _greedy(before, after, _left(before, matched.values()), _left(after, matched), _match_score)
    returned = _equal(gone, after, range(len(gone)), _left(after, matched))
    near = _greedy(before, after, _left(before, matched.values()), _left(after, matched), _near_score)
    return Alignment(matched, returned, near)


def _left(words: Sequence[_Words], used: Iterable[int]) -> list[int]:
    taken = set(used)
    return [index for index in range(len(words)) if index not in taken]


def _equal(
    old: Sequence[_Words], new: Sequence[_Words], old_free: Iterable[int], new_free: Iterable[int]
) -> dict[int, int]:
    by_key: dict[tuple[str, str], list[int]] = {}
    for o in old_free:
        by_key.setdefault(old[o].key, []).append(o)
    pairs: dict[int, int] = {}
    waiting = list(new_free)
    for same_traits in (True, False):
        for n in [n for n in waiting if n not in pairs]:
            candidates = by_key.get(new[n].key, [])
            found = next((o for o in candidates if not same_traits or old[o].traits == new[n].traits), None)
            if found is not None:
                candidates.remove(found)
                pairs[n] = found
    return pairs


def _greedy(
    old: Sequence[_Words],
    new: Sequence[_Words],
    old_free: Sequence[int],
    new_free: Sequence[int],
    score: Callable[[_Words, _Words], float],
) -> dict[int, int]:
    ranked = sorted((-score(old[o], new[n]), o, n) for o in old_free for n in new_free)
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for negative, o, n in ranked:
        if negative < 0 and o not in taken and n not in pairs:
            pairs[n] = o
            taken.add(o)
    return pairs


def _match_score(old: _Words, new: _Words) -> float:
    return _score(old, new, MATCH, CONTENT_FLOOR)


def _near_score(old: _Words, new: _Words) -> float:
    return _score(old, new, NEAR, NEAR)


def _score(old: _Words, new: _Words, threshold: float, floor: float) -> float:
    """Likeness from 0 to 1; 0 where it does not reach ``threshold``."""
    length = len(old.content) + len(new.content)
    if not length or 2 * (old.bag & new.bag).total() / length < floor:
        return 0.0  # words in common, in any order, bound the ratio from above, and are cheap
    content = SequenceMatcher(None, old.content, new.content, autojunk=False).ratio()
    if content < floor:
        return 0.0
    score = CONTENT_WEIGHT * content + SOURCE_WEIGHT * _source_likeness(old, new)
    return score if score >= threshold else 0.0


def _source_likeness(old: _Words, new: _Words) -> float:
    if not (old.has_source and new.has_source):
        return 1.0 if old.has_source == new.has_source else SOURCE_UNKNOWN
    if not old.source or not new.source:
        return 1.0 if old.source == new.source else 0.0
    return SequenceMatcher(None, old.source, new.source, autojunk=False).ratio()
