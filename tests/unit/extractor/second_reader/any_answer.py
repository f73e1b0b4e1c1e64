"""Answers of a model that says anything: nothing, noise, words of the story, and edges near those that were read."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right

from hypothesis import strategies as st

from services.extractor.second_reader.answers import Answer
from services.extractor.second_reader.questions import Question
from tests.unit.extractor.second_reader.story import TEXT, asked

_STARTS = [found.start() for found in re.finditer(r"\w\S*", TEXT)]
_ENDS = [found.end() for found in re.finditer(r"\w[\w’-]*", TEXT)]
_WORDS = st.tuples(st.sampled_from(_STARTS), st.integers(4, 60)).map(
    lambda at: TEXT[at[0] : sum(at)].rsplit(" ", 1)[0]
)
_NOISE = st.text(min_size=1, max_size=20) | _WORDS


@st.composite
def _near(draw: st.DrawFn, start: int, end: int) -> str:
    """Words whose edges are a few words from these, and more often between them."""
    first = bisect_left(_STARTS, start) + draw(st.integers(-1, 3))
    last = bisect_right(_ENDS, end) - 1 + draw(st.integers(-3, 1))
    first = max(0, min(first, len(_STARTS) - 1))
    return TEXT[_STARTS[first] : _ENDS[max(first, min(last, len(_ENDS) - 1))]] or "x"


@st.composite
def answered(draw: st.DrawFn) -> tuple[Question, Answer]:
    """A question about the story, and an answer."""
    question = draw(st.sampled_from(list(asked(1).values())))
    one = question.tagged
    source, content = _near(*one.source[0]), st.tuples(_near(*one.content[0]))
    noise = st.lists(_NOISE, min_size=1, max_size=4).map(tuple)
    shape = draw(st.sampled_from(["edges", "edges", "source", "origin", "anything"]))
    answer = Answer(
        attributed=draw(st.sampled_from([True, True, True, False])),
        source=draw({"source": source, "anything": _NOISE}.get(shape, st.none())),
        content=draw({"edges": content, "anything": noise}.get(shape, st.none())),
        origin=draw(
            {"origin": content.map("".join) | _WORDS, "anything": st.none() | _NOISE}.get(shape, st.none())
        ),
    )
    return question, answer
