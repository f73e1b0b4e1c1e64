"""Whom a source's words mean: each case on a text of its own, as live pages write it."""

from __future__ import annotations

import pytest

from tests.unit.extractor.sources import Said, sources


@pytest.mark.parametrize(
    ("text", "said", "name"),
    [
        ("Ida Holm, who wanted to leave, sat down.", ("who", "wanted", "to leave"), "Ida Holm"),
        ("Ida Holm who fears a flood has moved.", ("who", "fears", "a flood"), "Ida Holm"),
        ("Ida Holm, the mayor of Oster, who fears a flood, left.", ("who", "fears", "a flood"), "Ida Holm"),
        ("Ida Holm, a clerk at Tarn Bank, who fears a flood, left.", ("who", "fears", "a flood"), "Ida Holm"),
        ("Ida Holm of Tarn Bank, who fears a flood, left.", ("who", "fears", "a flood"), "Ida Holm"),
        ("Ida Holm, 40, who fears a flood, left.", ("who", "fears", "a flood"), "Ida Holm"),
        ("The skippers of Oster who fear a flood left.", ("who", "fear", "a flood"), None),
        ("There were people in Oster who fear a flood.", ("who", "fear", "a flood"), None),
        ("Ida Holm left. A clerk who asked to stay away signed.", ("who", "asked", "to stay away"), None),
        ("Ida Holm left. Many skippers who want quotas did.", ("who", "want", "quotas"), None),
        ("It came in a text from Jon Vik that said no more.", ("that", "said", "no more"), "Jon Vik"),
    ],
)
def test_a_relative_pronoun_is_whoever_stands_before_it(text: str, said: Said, name: str | None) -> None:
    (found,) = sources(text, said)
    assert found.name == name
    assert found.anonymous is (name is None)


def test_a_relative_pronoun_within_a_source_is_that_source() -> None:
    text = "“She runs it,” said the clerk, who asked us not to show her face."
    runs, asks = sources(
        text,
        ("the clerk, who asked us not to show her face", "said", "“She runs it,”"),
        ("who", "asked", "us not to show her face"),
    )
    assert runs.entity == asks.entity


def test_the_readers_own_mechanic_is_not_the_one_who_was_quoted() -> None:
    found = sources(
        "“Ask the shop,” says Jon Vik, a chief mechanic. If your mechanic suggests a flush, wait.",
        ("Jon Vik, a chief mechanic", "says", "“Ask the shop,”"),
        ("your mechanic", "suggests", "a flush"),
    )
    assert [one.name for one in found] == ["Jon Vik", None]


def test_a_studys_group_is_no_firm_and_a_firm_is_none_that_is_only_named_later() -> None:
    text = (
        "The control group showed a rise. The company said it will repeat the test."
        " The Tarn Foundation paid for it."
    )
    found = sources(
        text, ("The control group", "showed", "a rise"), ("The company", "said", "it will repeat the test")
    )
    assert "Tarn Foundation" not in {one.name for one in found}


@pytest.mark.parametrize("called", ["the agency", "the department"])
def test_an_office_is_the_one_that_was_named_last(called: str) -> None:
    text = f"The Lantern wrote to the Department of Transport. In its reply, {called} said the ferry is safe."
    (found,) = sources(text, (called, "said", "the ferry is safe"))
    assert found.name == "Department of Transport"


@pytest.mark.parametrize(
    ("text", "he", "name"),
    [
        (
            "Walter Lund said he lost it. Asked how much Anna Vik had paid, “Too much,” she said.",
            "she",
            "Anna Vik",
        ),
        (
            "Walter Lund said he lost it. Joe Vik came late and, asked what Mark Rehn paid, “Too much,” he said.",
            "he",
            "Joe Vik",
        ),
        ("Walter Lund said he lost it. Anna Vik was there. “Too much,” he said.", "he", "Walter Lund"),
    ],
)
def test_he_and_she_bear_no_first_name_of_the_others(text: str, he: str, name: str) -> None:
    found = sources(text, ("Walter Lund", "said", "he lost it"), (he, "said", "“Too much,”"))
    assert found[-1].name == name


@pytest.mark.parametrize(("who", "name"), [("We", "The Lantern"), ("I", None), ("You", None)])
def test_who_speaks_for_the_article_is_nobody_whom_it_has_quoted(who: str, name: str | None) -> None:
    text = f"Jon Vik said no. The Tarn Council said the same. {who} said it is long."
    found = sources(
        text,
        ("Jon Vik", "said", "no"),
        ("The Tarn Council", "said", "the same"),
        (who, "said", "it is long"),
    )
    assert [one.name for one in found] == ["Jon Vik", "Tarn Council", name]


@pytest.mark.parametrize(("whom", "name"), [("him", "Jon Vik"), ("their", "Tarn Council"), ("not", None)])
def test_a_pronoun_means_the_same_in_every_case(whom: str, name: str | None) -> None:
    text = f"Jon Vik said no. The Tarn Council said yes. For {whom} it is long."
    found = sources(
        text, ("Jon Vik", "said", "no"), ("The Tarn Council", "said", "yes"), (whom, "For", "it is long")
    )
    assert found[-1].name == name


def test_we_within_marks_is_not_the_publisher() -> None:
    text = "Ida Holm spoke on Monday. “We believe it is long,” she added."
    assert [one.name for one in sources(text, ("We", "believe", "it is long"))] == [None]
