"""What an answer may do with the claim that was asked about, and nothing else:

* say that it is attributed as it was read: its confidence rises by a step, up to a bound;
* say that it is not: its confidence falls by a step, down to a bound. It stays a claim;
* put the edges of its content or of its source elsewhere, if what it gives overlaps with what was there and with none
  of the claim's other parts. Its confidence stays;
* name an inner source, where a paper or a report may pass on what somebody told it and the chain has none yet.

One word that cannot be taken takes the whole answer with it: who cites what is not there is not believed in the rest.
How far the steps go is a decision, not a measurement: no model was measured. They are small enough that no page gets a
claim of its own past what is believed without doubt by talking a model into it.
"""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

from services.extractor.second_reader.anchors import NotUsable, anchored, with_old_edges
from services.extractor.second_reader.answers import Answer
from services.extractor.second_reader.questions import Question
from services.extractor.tagged import Spans, Tagged, meet, overlap
from shared.contracts.parts import Span

RAISED, HIGHEST = 0.1, 0.85
LOWERED, LOWEST = 0.2, 0.3
LEAST_SHARED = 1 / 3  # of the characters of the old and the new: half or twice as long is another edge
LONGEST_SOURCE = 200  # characters
MOST_OF_CONTENT = 0.6  # that an inner source may take: "a doctor at the city's oldest hospital said no"


class Correction(NamedTuple):
    """``at``: which of the attributions. ``origin``: where the inner source is named."""

    at: int
    tagged: Tagged
    origin: Span | None = None


def correction(question: Question, answer: Answer) -> Correction | None:
    """What the answer changes; None if it agrees and nothing can rise. Raises
    :class:`~services.extractor.second_reader.anchors.NotUsable`."""
    one = question.tagged
    if not answer.attributed:
        new = one._replace(confidence=_lowered(one.confidence))
        return None if new == one else Correction(question.at, new)
    new = one._replace(content=_content(question, answer), source=_source(question, answer))
    if new != one:
        _check_apart(new)
    origin = _origin(question, answer, new)
    if new == one and origin is None:
        new = one._replace(confidence=_raised(one.confidence))
    return None if new == one and origin is None else Correction(question.at, new, origin)


def _content(question: Question, answer: Answer) -> Spans:
    old = question.tagged.content
    if answer.content is None:
        return old
    found = tuple(anchored(question.passage, piece) for piece in answer.content)
    if any(left[1] > right[0] for left, right in pairwise(found)):
        raise NotUsable("misplaced")
    found = with_old_edges(question.passage, found, old)
    if overlap(found, old) < LEAST_SHARED:
        raise NotUsable("misplaced")
    return found


def _source(question: Question, answer: Answer) -> Spans:
    old = question.tagged.source
    if answer.source is None:
        return old
    found: Spans = (anchored(question.passage, answer.source),)
    if not old or not meet(found, old) or len(answer.source) > LONGEST_SOURCE:
        raise NotUsable("misplaced")
    return with_old_edges(question.passage, found, old)


def _check_apart(new: Tagged) -> None:
    if meet(new.content, new.cue) or meet(new.content, new.source) or meet(new.source, new.cue):
        raise NotUsable("misplaced")


def _origin(question: Question, answer: Answer, new: Tagged) -> Span | None:
    if answer.origin is None:
        return None
    found = anchored(question.passage, answer.origin)
    if (
        not question.inner
        or len(answer.origin) > LONGEST_SOURCE
        or meet((found,), new.cue + new.source + question.links)
        # In "the Post said an official had warned of it" it stands in what was said, but is not all of that.
        or overlap((found,), new.content) > MOST_OF_CONTENT
    ):
        raise NotUsable("misplaced")
    return found


def _raised(confidence: float) -> float:
    return max(confidence, round(min(HIGHEST, confidence + RAISED), 3))


def _lowered(confidence: float) -> float:
    return min(confidence, round(max(LOWEST, confidence - LOWERED), 3))
