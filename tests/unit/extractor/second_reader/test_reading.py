"""With the corrections the article is read again: what follows from a claim's parts follows from the new ones."""

from __future__ import annotations

from hypothesis import given, settings

from services.extractor.handler import Extraction, key_of
from services.extractor.identity import IDENTITY
from services.extractor.second_reader.anchors import NotUsable
from services.extractor.second_reader.answers import Answer
from services.extractor.second_reader.corrections import Correction, correction
from services.extractor.second_reader.identity import read_again
from services.extractor.second_reader.questions import Question
from services.extractor.second_reader.reading import read_with
from services.store.ledger.proof import fault
from shared.contracts.enums import ChainRole, Kind
from shared.contracts.parts import SecondReading
from tests.unit.extractor.second_reader.any_answer import answered
from tests.unit.extractor.second_reader.story import (
    ABOUT,
    GAZETTE,
    MASTER,
    QUOTE,
    TEXT,
    asked,
    read,
    says,
    span,
)

MODEL = "small-model"
QUESTIONS = asked(1)


def again(*corrections: Correction | None) -> Extraction:
    given = [one for one in corrections if one is not None]
    return read_with(TEXT, read().tagged, given, ABOUT, None, MODEL)


@settings(max_examples=30, deadline=None)
@given(answered())
def test_whatever_it_answers_the_same_claims_are_there_and_each_can_be_proved(
    asked_and_answered: tuple[Question, Answer],
) -> None:
    question, answer = asked_and_answered
    at = question.at
    try:
        found = again(correction(question, answer))
    except NotUsable:
        return
    assert fault(found.claims, TEXT, None) is None
    before = read().claims
    assert [key_of(claim) for n, claim in enumerate(found.claims) if n != at] == [
        key_of(claim) for n, claim in enumerate(before) if n != at
    ]
    assert len(found.claims) == len(before)
    assert (found.claims[at].second_reading is None) == (found.claims[at] == before[at])


def test_without_corrections_it_is_the_same_reading() -> None:
    assert again() == read()


def test_a_claim_that_was_changed_says_so_and_no_other_claim_changes() -> None:
    found = again(correction(QUESTIONS[MASTER], says()))
    first, *rest = found.claims
    assert first.second_reading == SecondReading(model=MODEL, changed=("confidence",))
    assert first.confidence == 0.75
    before = read().claims
    assert first.model_copy(update={"second_reading": None, "confidence": 0.65}) == before[MASTER]
    assert tuple(rest) == before[1:]


def test_figures_and_kind_are_those_of_the_new_content() -> None:
    before = read().claims[GAZETTE]
    assert [figure.text for figure in before.figures] == ["three"]
    shorter = "an official at the transport ministry had warned"
    found = again(correction(QUESTIONS[GAZETTE], says(content=(shorter,)))).claims[GAZETTE]
    assert (found.content.text, found.figures) == (shorter, ())
    assert found.content.suffix == " that three other cranes were un"
    assert found.second_reading == SecondReading(model=MODEL, changed=("content",))


def test_a_quotation_stays_one_when_the_model_leaves_out_its_marks() -> None:
    assert read().claims[QUOTE].kind is Kind.QUOTE
    assert correction(QUESTIONS[QUOTE], says(content=("We are counting every bolt",))) is None


def test_an_inner_source_makes_of_the_paper_a_relay() -> None:
    who = "an official at the transport ministry"
    found = again(correction(QUESTIONS[GAZETTE], says(origin=who))).claims[GAZETTE]
    publisher, relay, origin = found.chain
    assert (publisher.as_, relay.as_, origin.as_) == (ChainRole.PUBLISHER, ChainRole.RELAY, ChainRole.ORIGIN)
    assert (relay.name, origin.text, origin.spans) == ("Aldmoor Gazette", who, (span(who),))
    assert origin.anonymous
    assert found.source is not None
    assert found.source.text == "The Aldmoor Gazette"
    assert found.source.anonymous
    assert found.second_reading == SecondReading(model=MODEL, changed=("chain",))


def test_two_claims_never_become_one() -> None:
    other = read().tagged[QUOTE]
    same = Correction(MASTER, read().tagged[MASTER]._replace(content=other.content, cue=other.cue))
    assert again(same) == read()


def test_whoever_read_with_it_has_another_name_above_all_of_the_release() -> None:
    by = read_again(IDENTITY, MODEL)
    assert by.version == f"{IDENTITY.version}+reader.{MODEL}"
    assert by.sequence > IDENTITY.sequence + 3
    assert by.model != IDENTITY.model
    assert by == read_again(IDENTITY, MODEL)
    assert by.model != read_again(IDENTITY, "another-model").model
