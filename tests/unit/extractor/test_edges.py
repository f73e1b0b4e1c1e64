"""Where the parts of what a tagger found begin and end, and what is filled in from the rules."""

from __future__ import annotations

import pytest

from services.extractor.edges import tidy, whole
from services.extractor.rules import tag
from services.extractor.tagged import Tagged
from services.extractor.union import union


def cut(text: str, source: str, cue: str, content: str) -> Tagged:
    def at(words: str) -> tuple[tuple[int, int], ...]:
        return ((text.index(words), text.index(words) + len(words)),) if words else ()

    return Tagged(at(content), at(cue), at(source), 0.8)


def words(text: str, one: Tagged) -> tuple[str, str, str]:
    source, cue, content = (
        " ".join(text[slice(*span)] for span in part) for part in (one.source, one.cue, one.content)
    )
    return source, cue, content


@pytest.mark.parametrize(
    ("text", "found", "wanted"),
    [
        (
            "The guild itself fears a ban.",
            ("The guild", "itself fears", "a ban"),
            ("The guild itself", "fears", "a ban"),
        ),
        (
            "Ida Lund seemed to rule out a ban.",
            ("Ida Lund", "seemed", "to rule out a ban"),
            ("Ida Lund", "seemed to rule out", "a ban"),
        ),
        (
            "Ida Lund appeared to deny the ban.",
            ("Ida Lund", "appeared", "to deny the ban"),
            ("Ida Lund", "appeared to deny", "the ban"),
        ),
        (
            "Ida Lund appeared to leave a ban.",
            ("Ida Lund", "appeared", "to leave a ban"),
            ("Ida Lund", "appeared", "to leave a ban"),
        ),
        (
            "It has promised residents “a plan.”",
            ("It", "has promised", "residents “a plan.”"),
            ("It", "has promised", "“a plan.”"),
        ),
        (
            "It has promised a costly “plan.”",
            ("It", "has promised", "a costly “plan.”"),
            ("It", "has promised", "a costly “plan.”"),
        ),
    ],
)
def test_each_word_is_where_it_belongs(
    text: str, found: tuple[str, str, str], wanted: tuple[str, str, str]
) -> None:
    assert words(text, tidy(text, cut(text, *found))) == wanted


@pytest.mark.parametrize(
    ("text", "found", "source"),
    [
        (
            "“Who pays?” asked a potter who did not want to be named.",
            ("a potter", "asked", "“Who pays?”"),
            "a potter who did not want to be named",
        ),
        (
            "According to a report by the agency Orr Wire, which quoted a potter, it fell.",
            ("a report", "According to", "it fell"),
            "a report by the agency Orr Wire",
        ),
    ],
)
def test_a_source_is_whole(text: str, found: tuple[str, str, str], source: str) -> None:
    assert words(text, whole(text, cut(text, *found)))[0] == source


def test_a_source_that_the_tagger_missed_is_that_of_the_rule_for_the_same_report() -> None:
    text = "Lund says that the kilns were cold in May."
    bare = cut(text, "", "says", "that the kilns were cold in May")
    (one,) = union(text, tag(text), [bare])
    assert words(text, one) == ("Lund", "says", "the kilns were cold in May")


@pytest.mark.parametrize(
    "text",
    [
        "Potters had warned in 2019 that the kiln was cold.",
        "Ida Lund, 58, denied all charges.",
        "On Friday morning the guild's head, Jo Orr, told Radio Tarn that the kiln “never went out.”",
        "The guild puts its losses at about 40 per cent.",
    ],
)
def test_where_the_tagger_is_silent_a_plain_report_or_a_quotation_stands(text: str) -> None:
    elsewhere = Tagged(((len(text) + 10, len(text) + 20),), (), (), 0.9)
    more = f"{text} It rained all night."
    assert union(more, tag(text), [elsewhere])[0] == tag(text)[0]


@pytest.mark.parametrize(
    "text", ["By noon the guild had heard of it that it was cold.", "The kiln, it was said, was cold."]
)
def test_any_other_report_is_left_to_the_tagger(text: str) -> None:
    assert union(text, tag(text), [Tagged(((900, 910),), (), (), 0.9)])[:-1] == []


@pytest.mark.parametrize(
    ("source", "cue", "content"),
    [
        ("It", "did not say", "how long"),
        ("They", "would not say", "who wrote it"),
        ("Nobody", "asked", "about the kiln"),
    ],
)
def test_what_nobody_answers_or_asks_is_no_claim(source: str, cue: str, content: str) -> None:
    text = f"{source} {cue} {content}."
    assert union(text, [], [cut(text, source, cue, content)]) == []
    other = cut("It did not say whether it was cold.", "It", "did not say", "whether it was cold")
    assert union("It did not say whether it was cold.", [], [other]) == [other]


@pytest.mark.parametrize(
    ("text", "pieces", "wanted"),
    [
        ("“We know,” Holm wrote. General Rehn said it is late.", ("Holm", "General Rehn"), "General Rehn"),
        (
            "A slide from the board’s talk said it is late.",
            ("A slide", "board’s talk"),
            "A slide from the board’s talk",
        ),
        ("The pact, which most skippers signed, said it is late.", ("The pact", "most skippers"), "The pact"),
        ("Fear of the said it is late.", ("the",), ""),
    ],
)
def test_a_tagger_s_source_is_one_and_more_than_an_article(
    text: str, pieces: tuple[str, ...], wanted: str
) -> None:
    def spans(*each: str) -> tuple[tuple[int, int], ...]:
        return tuple((text.index(one), text.index(one) + len(one)) for one in each)

    found = tidy(text, Tagged(spans("it is late"), spans("said"), spans(*pieces), 0.8))
    assert words(text, found)[0] == wanted
