"""What stands of the rules' attributions and of the tagger's where both have read a text."""

from __future__ import annotations

import pytest

from services.extractor.edges import tidy
from services.extractor.tagged import Spans, Tagged
from services.extractor.union import union

TEXT = (
    "“It holds,” Ida Lund said. The mayor, who is new, said that the bridge was safe, the Herald wrote, citing an "
    "unnamed engineer. The plan was dropped, he was quoted as saying."
)


def at(*words: str) -> Spans:
    return tuple((TEXT.index(word), TEXT.index(word) + len(word)) for word in words)


def one(content: str, cue: str, source: str, confidence: float = 0.8) -> Tagged:
    return Tagged(at(content), at(cue), at(source), confidence)


QUOTE = one("“It holds,”", "said", "Ida Lund", 0.93)
REPORT = one("the bridge was safe", "said that", "The mayor", 0.8)
RELAYED = one("The plan was dropped", "was quoted as saying", "he", 0.8)


def test_without_a_tagger_the_rules_stand() -> None:
    assert union(TEXT, [QUOTE, REPORT], []) == [QUOTE, REPORT]


def test_sure_rules_go_first_and_what_overlaps_them_goes() -> None:
    other = one("It holds", "said", "Ida Lund", 0.99)
    assert union(TEXT, [QUOTE], [other]) == [QUOTE]


def test_unsure_rules_leave_the_field_to_the_tagger_but_for_what_others_pass_on() -> None:
    other = one("the bridge was safe, the Herald wrote", "said", "The mayor")
    assert union(TEXT, [REPORT, RELAYED], [other]) == [RELAYED, other]


def test_a_content_begins_behind_that_and_no_part_ends_in_a_comma_or_a_loose_verb() -> None:
    found = tidy(TEXT, one("that the bridge was safe", "said", "The mayor, who is"))
    assert found == one("the bridge was safe", "said", "The mayor")
    assert tidy(TEXT, one("that", "said", "who")) == one("that", "said", "who")
    assert tidy(TEXT, Tagged(at("that"), at(","), (), 0.5)).cue == at(",")


def test_whom_somebody_cites_is_no_content() -> None:
    assert union(TEXT, [], [one("an unnamed engineer", "citing", "the Herald"), REPORT]) == [REPORT]


@pytest.mark.parametrize(
    ("source", "behind"),
    [
        ("A clerk", " who asked not to be named because of her pension"),
        ("A clerk", ", who spoke on condition of anonymity"),
        ("A person", " close to the owners"),
        ("People", " with direct knowledge of the sale"),
    ],
)
def test_why_a_source_has_no_name_and_how_close_it_is_belong_to_it(source: str, behind: str) -> None:
    text = f"{source}{behind} said the mill would close."
    short = Tagged(
        ((text.index("the mill"), len(text) - 1),), ((text.index("said"), text.index("said") + 4),), (), 0.9
    )
    found = tidy(text, short._replace(source=((0, len(source)),)))
    assert text[slice(*found.source[0])] == source + behind


def test_a_source_ends_before_what_only_says_when_and_never_reaches_into_the_content() -> None:
    text = "The ministry earlier said people close to the owners were safe, he said."
    one_ = Tagged(((26, 62),), ((21, 25),), ((0, 20),), 0.9)
    assert tidy(text, one_).source == ((0, 12),)
    inside = Tagged(((26, 62),), ((67, 71),), ((26, 32),), 0.9)
    assert tidy(text, inside).source == ((26, 32),)
