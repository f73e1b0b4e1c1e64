"""What an article says in its own voice: claims only where they are asked for, and nobody's words among them."""

from __future__ import annotations

from datetime import date

import pytest

from services.extractor.handler import extract
from services.extractor.reader import reader_of
from services.extractor.settings import ExtractorSettings
from services.extractor.statements import statements
from shared.contracts.text import is_normal

TEXT = (
    "The mill was founded in 1911 and has 340 looms.\n\n"
    "“We will close,” owner Ada Brandt said on Monday. Brandt denied the report in March.\n\n"
    "It was sold for $3 million."
)
PUBLISHED = date(2026, 3, 5)


def found(text: str) -> list[str]:
    assert is_normal(text)
    return [text[one.span[0] : one.span[1]] for one in statements(text, (), PUBLISHED)]


@pytest.mark.parametrize(
    "sentence",
    [
        "The dam was finished in 1964 and holds about 9 million cubic metres of water",
        "The hearing was adjourned until next Tuesday",
        "The “power nap” was an office fashion until 2001",
    ],
)
def test_a_sentence_with_a_figure_or_a_date_is_a_statement_without_its_full_stop(sentence: str) -> None:
    assert found(sentence + ".") == [sentence]


@pytest.mark.parametrize(
    "sentence",
    [
        "The dam is old and holds much water.",  # nothing to check
        "The dam reportedly holds 9 million cubic metres of water.",
        "The dam may hold 9 million cubic metres of water.",
        "We drove 300 miles to the dam in March.",
        "The dam, police said, was finished in 1964.",
        "Was the dam finished in 1964?",
        "Photo: the dam in 1964",
        "THE DAM: Finished in 1964.",
        "“It was finished in 1964 and it leaks,” the sign at the gate of the dam has read since 2001.",
        "Analysts put the cost of the dam at $3 million.",
    ],
)
def test_what_is_somebodys_view_or_no_sentence_is_none(sentence: str) -> None:
    assert found(sentence) == []


def test_without_the_setting_the_article_itself_says_nothing() -> None:
    assert {claim.kind for claim in extract(TEXT, language="en").claims} == {"quote", "paraphrase"}


def test_statements_are_claims_of_the_publisher_among_the_others_and_relations_keep_their_ends() -> None:
    alone = extract(TEXT, language="en", publisher="The Courier", published_at="2026-03-05")
    both = extract(
        TEXT, language="en", publisher="The Courier", published_at="2026-03-05", statements=0.0, title=None
    )
    assert [claim.n for claim in both.claims] == [1, 2, 3, 4]
    assert [claim.kind for claim in both.claims] == ["statement", "quote", "paraphrase", "statement"]
    assert both.layers[0] == "own voice"
    first = both.claims[0]
    assert (first.source, first.cue, first.stance) == (None, None, "asserts")
    assert [(link.as_, link.name) for link in first.chain] == [("publisher", "The Courier")]
    assert [figure.low for figure in first.figures] == [340]
    assert [when.text for when in first.times] == ["1911"]
    attributed = [claim for claim in both.claims if claim.kind != "statement"]
    assert [claim.model_copy(update={"n": 0, "relations": ()}) for claim in attributed] == [
        claim.model_copy(update={"n": 0, "relations": ()}) for claim in alone.claims
    ]
    assert [[r.to for r in claim.relations] for claim in attributed] == [
        [r.to + 1 for r in claim.relations] for claim in alone.claims
    ]


def test_a_statement_below_the_threshold_is_none() -> None:
    told = extract(TEXT, language="en", statements=0.75).claims
    assert [claim.content.text[:2] for claim in told if claim.kind == "statement"] == ["Th"]  # "It …" leans


def test_who_reads_statements_too_is_another_and_newer_extractor() -> None:
    alone, both = (reader_of("rules", least).identity for least in (None, 0.75))
    assert both.version == alone.version + "+statements.0.75"
    assert both.sequence == alone.sequence + 2


def test_the_setting_is_a_share(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLAIMSTREAM_EXTRACTOR_STATEMENTS", "0.75")
    assert ExtractorSettings().statements == 0.75
    monkeypatch.setenv("CLAIMSTREAM_EXTRACTOR_STATEMENTS", "7")
    with pytest.raises(ValueError, match="statements"):
        ExtractorSettings()
