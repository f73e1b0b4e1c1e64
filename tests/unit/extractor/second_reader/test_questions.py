"""Which claims are asked about, and what of the article goes out with them."""

from __future__ import annotations

from services.extractor.handler import extract
from services.extractor.second_reader.passage import AROUND, MOST, passage
from services.extractor.second_reader.questions import MOST_QUESTIONS, questions
from tests.unit.extractor.second_reader.story import GAZETTE, MASTER, QUOTE, TEXT, asked, read, span


def test_asked_is_about_claims_below_the_confidence_and_about_nested_ones() -> None:
    assert set(asked(0.7)) == {MASTER, GAZETTE}
    assert set(asked(0.95)) == {MASTER, GAZETTE, QUOTE}
    assert set(asked(0)) == {GAZETTE}  # a paper that may pass on what somebody told it


def test_an_inner_source_may_be_named_where_a_paper_passes_on_and_the_chain_has_no_relay() -> None:
    assert {at: question.inner for at, question in asked().items()} == {MASTER: False, GAZETTE: True}
    relayed = "“It is over,” the mayor was quoted as saying by the Aldmoor Gazette."
    (question,) = questions(relayed, extract(relayed, language="en"), 0)
    assert not question.inner


def test_the_least_sure_of_a_long_article_are_asked_about_and_no_more() -> None:
    text = "\n\n".join(f"Clerk Ada Brandt said the {n} boats would come back in May." for n in range(1, 9))
    found = extract(text, language="en")
    assert len(found.tagged) > MOST_QUESTIONS
    chosen = questions(text, found, 1)
    assert len(chosen) == MOST_QUESTIONS
    most = max(question.tagged.confidence for question in chosen)
    assert most <= min(
        one.confidence for at, one in enumerate(found.tagged) if at not in {q.at for q in chosen}
    )


def test_nothing_is_asked_of_a_headline_and_of_statements() -> None:
    found = extract(
        TEXT, language="en", title="Cranes Were Unsafe, Gazette Says", publisher="Coast News", statements=0.0
    )
    assert len(found.claims) > len(found.tagged)
    assert {question.at for question in questions(TEXT, found, 1)} <= set(range(len(found.tagged)))


def test_a_passage_is_the_paragraph_of_the_claim_and_the_one_before() -> None:
    found = passage(TEXT, (span("three other cranes"),))
    assert found is not None
    assert found.text == "\n\n".join(TEXT.split("\n\n")[1:3])
    assert TEXT[found.start :].startswith(found.text)


def test_a_passage_ends_between_words_and_is_bounded() -> None:
    text = "kelp " * 2_000 + "Brandt said no. " + "kelp " * 2_000
    at = text.index("Brandt")
    found = passage(text.strip(), ((at, at + 6),))
    assert found is not None
    assert len(found.text) <= 2 * AROUND + 6
    assert set(found.text.split()) == {"kelp", "Brandt", "said", "no."}
    assert passage(text, ((0, MOST + 1),)) is None


def test_what_is_asked_slices_the_text() -> None:
    for question in asked(1).values():
        start = question.passage.start
        assert TEXT[start : start + len(question.passage.text)] == question.passage.text
        for first, last in (*question.tagged.content, *question.tagged.cue, *question.tagged.source):
            assert start <= first < last <= start + len(question.passage.text)
    assert read().tagged[MASTER].source == (span("Harbour master Lise Brandt"),)
