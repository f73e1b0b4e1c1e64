"""What an answer may do with its claim, and that it can do nothing else."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings

from services.extractor.second_reader.anchors import NotUsable
from services.extractor.second_reader.answers import Answer
from services.extractor.second_reader.corrections import (
    HIGHEST,
    LONGEST_SOURCE,
    LOWEST,
    Correction,
    correction,
)
from services.extractor.second_reader.questions import Question
from tests.unit.extractor.second_reader.any_answer import answered
from tests.unit.extractor.second_reader.story import GAZETTE, MASTER, QUOTE, TEXT, asked, says, span

QUESTIONS = asked(1)
FIRST = "the quay would stay closed until the ice has gone"


def corrected(at: int, answer: Answer) -> Correction:
    found = correction(QUESTIONS[at], answer)
    assert found is not None
    assert found.at == at
    return found


def refusal(at: int, answer: Answer) -> str:
    with pytest.raises(NotUsable) as refused:
        correction(QUESTIONS[at], answer)
    return refused.value.code


def test_who_agrees_raises_the_confidence_by_a_step_up_to_a_bound() -> None:
    one = QUESTIONS[MASTER].tagged
    assert corrected(MASTER, says()).tagged == one._replace(confidence=0.75)
    assert QUESTIONS[QUOTE].tagged.confidence > HIGHEST
    assert correction(QUESTIONS[QUOTE], says()) is None


def test_who_sees_no_attribution_lowers_the_confidence_and_the_claim_stays() -> None:
    one = QUESTIONS[MASTER].tagged
    found = corrected(MASTER, says(attributed=False, content=("nonsense",), source="nobody"))
    assert found.tagged == one._replace(confidence=0.45)
    assert found.tagged.confidence > LOWEST


def test_the_edges_of_a_content_move_within_what_was_there() -> None:
    found = corrected(MASTER, says(content=(FIRST,)))
    assert found.tagged == QUESTIONS[MASTER].tagged._replace(content=(span(FIRST),))


def test_a_content_may_come_in_pieces() -> None:
    pieces = (FIRST, "no ship was damaged")
    assert corrected(MASTER, says(content=pieces)).tagged.content == tuple(map(span, pieces))
    assert refusal(MASTER, says(content=pieces[::-1])) == "misplaced"
    assert refusal(MASTER, says(content=(FIRST, FIRST))) == "misplaced"


def test_the_edges_of_a_source_move() -> None:
    assert corrected(MASTER, says(source="Lise Brandt")).tagged.source == (span("Lise Brandt"),)


@pytest.mark.parametrize(
    ("at", "answer", "code"),
    [
        (MASTER, says(source="the mayor of Aldmoor"), "not-found"),
        (MASTER, says(content=("all ships were damaged",)), "not-found"),
        (MASTER, says(source="the"), "ambiguous"),
        (MASTER, says(source="a crane"), "misplaced"),
        (MASTER, says(source="Harbour master Lise Brandt said"), "misplaced"),
        (MASTER, says(content=("The port of Aldmoor",)), "misplaced"),
        (MASTER, says(content=("no ship was damaged", "said")), "misplaced"),
        (MASTER, says(content=("no ship",)), "misplaced"),
        (MASTER, says(content=("said " + FIRST,)), "misplaced"),
        (MASTER, says(origin="The port of Aldmoor"), "misplaced"),
        (GAZETTE, says(origin="The Aldmoor Gazette"), "misplaced"),
        (
            GAZETTE,
            says(origin="an official at the transport ministry had warned that three other"),
            "misplaced",
        ),
        (GAZETTE, says(origin="an unnamed diplomat"), "not-found"),
        (GAZETTE, says(source="The Aldmoor Gazette", origin="a crane fell into the sea"), "not-found"),
    ],
)
def test_words_that_are_no_part_of_this_claim_take_the_whole_answer_with_them(
    at: int, answer: Answer, code: str
) -> None:
    assert refusal(at, answer) == code


def test_an_inner_source_is_named_where_one_may_be() -> None:
    who = "an official at the transport ministry"
    found = corrected(GAZETTE, says(origin=who))
    assert found == Correction(GAZETTE, QUESTIONS[GAZETTE].tagged, span(who))


@settings(max_examples=40, deadline=None)
@given(answered())
def test_no_answer_at_all_gets_out_of_its_claim(asked_and_answered: tuple[Question, Answer]) -> None:
    """Whoever wrote it."""
    question, answer = asked_and_answered
    at = question.at
    old = question.tagged
    try:
        found = correction(question, answer)
    except NotUsable:
        return
    if found is None:
        return
    new = found.tagged
    assert found.at == at
    assert new.cue == old.cue
    assert bool(new.source) == bool(old.source)
    assert LOWEST <= new.confidence <= max(old.confidence, HIGHEST)
    assert abs(new.confidence - old.confidence) < 0.201
    for parts in (new.content, new.source):
        assert all(0 <= start < end <= len(TEXT) for start, end in parts)
        assert all(one[1] <= other[0] for one, other in pairwise(parts))
    assert any(a < d and c < b for a, b in new.content for c, d in old.content)
    assert any(a < d and c < b for a, b in new.source for c, d in old.source)
    if found.origin is not None:
        assert at == GAZETTE
        assert 0 < found.origin[1] - found.origin[0] <= LONGEST_SOURCE
