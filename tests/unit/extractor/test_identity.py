"""Whom a source's words mean, and what is no name: each case on a text of its own, as live pages write it."""

from __future__ import annotations

import re

import pytest

from services.extractor.structure import About, structure
from services.extractor.tagged import Tagged
from shared.contracts.parts import Source

Said = tuple[str, str, str]  # source, cue, content


def near(text: str, words: str, to: int) -> tuple[int, int]:
    """Where the words stand nearest to an offset."""
    found = [match.span() for match in re.finditer(rf"{re.escape(words)}(?!\w)", text)]
    return min(found, key=lambda span: abs(span[0] - to))


def sources(text: str, *said: Said) -> list[Source]:
    """Of each of these attributions, in the order of their contents."""
    found = []
    for source, cue, content in said:
        to = text.index(content)
        found.append(
            Tagged(((to, to + len(content)),), (near(text, cue, to),), (near(text, source, to),), 0.9)
        )
    return [one.source for one in structure(text, found, About(publisher="The Lantern")) if one.source]


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


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Research shows that it is warm. More research is due.", ("Research", "shows", "it is warm")),
        ("Insights from a seller say it is warm. Such insights help.", ("Insights", "say", "it is warm")),
        ("Data suggest that it is warm.", ("Data", "suggest", "it is warm")),
        ("Plenty of people are focused on the lake.", ("Plenty of people", "are focused on", "the lake")),
        ("Enterprises are demanding a lower tax.", ("Enterprises", "are demanding", "a lower tax")),
        ("Doctors and groups say it is too much.", ("Doctors and groups", "say", "it is too much")),
        (
            "Risk committees and regulators have raised doubts.",
            ("Risk committees and regulators", "have raised", "doubts"),
        ),
        (
            "A large group of skippers is asking for quotas.",
            ("A large group of skippers", "is asking for", "quotas"),
        ),
    ],
)
def test_what_only_opens_a_sentence_and_what_is_many_has_no_name(text: str, said: Said) -> None:
    (found,) = sources(text, said)
    assert (found.name, found.anonymous) == (None, True)


@pytest.mark.parametrize(
    ("text", "said", "name"),
    [
        ("Zayemsky says that it is warm.", ("Zayemsky", "says", "it is warm"), "Zayemsky"),
        ("Reuters says that it is warm.", ("Reuters", "says", "it is warm"), "Reuters"),
        ("Rose said it rose. Then Ida asked Rose again.", ("Rose", "said", "it rose"), "Rose"),
    ],
)
def test_a_name_that_opens_a_sentence_is_one(text: str, said: Said, name: str) -> None:
    assert [one.name for one in sources(text, said)] == [name]


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


@pytest.mark.parametrize(
    ("text", "said", "role", "kind"),
    [
        ("In his long career, Jon Vik has sold boats. Vik said no.", ("Vik", "said", "no"), None, "person"),
        ("Unlike his brother, Jon Vik has sold boats. Vik said no.", ("Vik", "said", "no"), None, "person"),
        ("Jon Vik, a carrier of bad news, left. Vik said no.", ("Vik", "said", "no"), None, "person"),
        (
            "According to its director, Hannah Vogt, it is shut. Vogt said no.",
            ("Vogt", "said", "no"),
            "director",
            "person",
        ),
        (
            "Shaheda Begum of Palpur village said it grew.",
            ("Shaheda Begum of Palpur village", "said", "it grew"),
            None,
            "person",
        ),
        (
            "Tarn Healthcare, one of the largest hospital systems in the north, said it pays.",
            ("Tarn Healthcare, one of the largest hospital systems in the north", "said", "it pays"),
            None,
            "organisation",
        ),
    ],
)
def test_a_role_stands_beside_the_name_and_says_what_its_bearer_is(
    text: str, said: Said, role: str | None, kind: str
) -> None:
    assert [(one.role, one.type) for one in sources(text, said)] == [(role, kind)]


def test_a_place_is_not_the_body_whose_name_begins_with_it() -> None:
    text = "A firm in Fairfield has shut. Fairfield said no more. The Fairfield Police look into it."
    assert [one.name for one in sources(text, ("Fairfield", "said", "no more"))] == ["Fairfield"]


@pytest.mark.parametrize(
    ("source", "name", "role"),
    [
        ("Tarn Teachers Association President Keith Gambill", "Keith Gambill", "president"),
        ("Interim BART Police Chief Ed Alvarez", "Ed Alvarez", "chief"),
        ("Home Secretary Ida Holm", "Ida Holm", "home secretary"),
        ("Burger King CEO Ida Holm", "Ida Holm", "CEO"),
        ("the actor and director Ida Holm", "Ida Holm", "director"),
        ("Gordon Brown", "Gordon Brown", None),
        ("company CEO Andy Vesey", "Andy Vesey", "CEO"),
        ("US President Walter Lund", "Walter Lund", "president"),
        ("Israeli Prime Minister Walter Lund", "Walter Lund", "prime minister"),
        ("Aaron King", "Aaron King", None),
        ("Republican Gov. Eric Holm", "Eric Holm", "governor"),
        ("Avi Bell, senior fellow at the institute", "Avi Bell", "senior fellow at the institute"),
    ],
)
def test_an_office_before_a_name_is_no_part_of_it(source: str, name: str, role: str | None) -> None:
    text = f"“We saw it,” {source} said. Others who wore brown did not."
    found = sources(text, (source, "said", "“We saw it,”"))
    assert [(one.name, one.role, one.type) for one in found] == [(name, role, "person")]


@pytest.mark.parametrize("name", ["Big Lake Records", "Rehn Holm Productions", "Tarn Energy", "Vik Motors"])
def test_a_body_is_told_by_the_words_of_its_name(name: str) -> None:
    (found,) = sources(f"{name} denied it had sold the boat.", (name, "denied", "it had sold the boat"))
    assert (found.name, found.type) == (name, "organisation")


@pytest.mark.parametrize(
    ("text", "who", "name"),
    [
        ("Then I saw a list. I said it is long.", "I", None),
        (
            "A short list\n\nBoth Strava and Vik agree. Strava said it is long.",
            "Strava",
            "Strava",
        ),
        (
            "A short list\n\nTests said it is long. The Tests are slow.",
            "Tests",
            None,
        ),
        (
            "It is shut. The ClassPass site says so. ClassPass said it is long.",
            "ClassPass",
            "ClassPass",
        ),
        ("Otto Rehn Jr. left. Rehn said it is long.", "Rehn", "Otto Rehn Jr."),
        (
            "The agency rang. Indiana State Police came. The agency said it is long.",
            "The agency",
            "Indiana State Police",
        ),
        (
            "The Court of Justice and the Tarn Council met. The council said it is long.",
            "The council",
            "Tarn Council",
        ),
        (
            "Gov. Eric Holm spoke. Gov. Holm will not pay, as Ohio Gov. Matt Vik does. The governor said it is long.",
            "The governor",
            "Eric Holm",
        ),
    ],
)
def test_a_name_is_whole_and_nothing_else_is_in_it(text: str, who: str, name: str | None) -> None:
    assert [one.name for one in sources(text, (who, "said", "it is long"))] == [name]


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


def test_an_office_for_something_is_no_name_behind_it() -> None:
    source = "The United Nations High Commissioner for Human Rights"
    (found,) = sources(f"{source} said it is long.", (source, "said", "it is long"))
    assert found.name == "United Nations High Commissioner for Human Rights"


@pytest.mark.parametrize(
    ("text", "who", "name", "kind"),
    [
        (
            "The Bernie Holm campaign grew. Bernie Holm said it is long.",
            "Bernie Holm",
            "Bernie Holm",
            "person",
        ),
        ("The Kremlin waits. The Kremlin said it is long.", "The Kremlin", "Kremlin", "organisation"),
        (
            "FDIC Accused Of Hiding A Leak To Save It\n\nA probe: FDIC said it is long.",
            "FDIC",
            "FDIC",
            "organisation",
        ),
        (
            "He is Fox News Chairman and CEO. Fox News said it is long.",
            "Fox News",
            "Fox News",
            "organisation",
        ),
        ("Many Democrats and Republicans said it is long.", "Many Democrats and Republicans", None, "person"),
        ("Several Democrats said it is long.", "Several Democrats", None, "person"),
        (
            "Its leaders, Ida Holm and Jon Vik, said it is long.",
            "Its leaders, Ida Holm and Jon Vik",
            None,
            "person",
        ),
        ("Ida Holm and the DNC said it is long.", "Ida Holm and the DNC", None, "other"),
        ("Jon Vik came. She and her husband said it is long.", "She and her husband", None, "person"),
        ("Close to 50 interviews said it is long.", "Close to 50 interviews", None, "other"),
        ("His rival and groups said it is long.", "His rival and groups", None, "organisation"),
    ],
)
def test_what_is_joined_or_stands_before_a_noun_is_nobodys_name(
    text: str, who: str, name: str | None, kind: str
) -> None:
    assert [(one.name, one.type) for one in sources(text, (who, "said", "it is long"))] == [(name, kind)]


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("In a reminder, Jon Vik wrote. Vik said it is long.", None),
        ("Moreover, Jon Vik wrote. Vik said it is long.", None),
        (
            "Jon Vik, director, wrote. Vik, director of the mill, said it is long. Vik said it is long.",
            "director",
        ),
        ("Dr. Jon Vik wrote. Vik said it is long.", None),
        ("Dr. Jon Vik, the former director, wrote. Vik said it is long.", "director"),
    ],
)
def test_neither_an_occasion_nor_a_form_of_address_is_a_role(text: str, role: str | None) -> None:
    assert [one.role for one in sources(text, ("Vik", "said", "it is long"))] == [role]


@pytest.mark.parametrize(("whom", "name"), [("him", "Jon Vik"), ("their", "Tarn Council"), ("not", None)])
def test_a_pronoun_means_the_same_in_every_case(whom: str, name: str | None) -> None:
    text = f"Jon Vik said no. The Tarn Council said yes. For {whom} it is long."
    found = sources(
        text, ("Jon Vik", "said", "no"), ("The Tarn Council", "said", "yes"), (whom, "For", "it is long")
    )
    assert found[-1].name == name


@pytest.mark.parametrize(
    ("text", "who", "name", "kind"),
    [
        (
            "Google has a Google Assistant. Google grew. Google said it is long.",
            "Google",
            "Google",
            "organisation",
        ),
        ("Ida Holm came. Ida left. Ida slept. Ida said it is long.", "Ida", "Ida Holm", "person"),
        ("A Soft Group Corp share fell. Soft said it is long.", "Soft", "Soft Group Corp", "organisation"),
        (
            "Vik fell. Stakes in Vik fell. The Times asked Vik. The firm said it is long.",
            "The firm",
            "Vik",
            "organisation",
        ),
        ("The New York Times asked. The company said it is long.", "The company", "company", "organisation"),
        (
            "One Home Depot fell at home in a depot. Home Depot said it is long.",
            "Home Depot",
            "Home Depot",
            "organisation",
        ),
        ("The origin is blue. Blue Origin said it is long.", "Blue Origin", "Blue Origin", "organisation"),
        ("It was early. Chris Early said it is long.", "Chris Early", "Chris Early", "person"),
        ("It is a vik. Jon Vik said it is long. Vik left.", "Jon Vik", "Jon Vik", "person"),
        ("Coach (Frank) Vogel said it is long.", "Coach (Frank) Vogel", "Vogel", "person"),
        ("Both Vik and Holm said it is long.", "Both Vik and Holm", None, "other"),
        ("Jon Vik met Ida Holm. Vik and Holm said it is long.", "Vik and Holm", None, "other"),
        ("Marks and Spencer said it is long.", "Marks and Spencer", "Marks and Spencer", "organisation"),
        ("An apple fell. Apple said it is long.", "Apple", "Apple", "organisation"),
        ("Reuters report it is long. Reuters said it is long.", "Reuters", "Reuters", "organisation"),
        (
            "Ida Tsai-Lund said no. Tsai left. Tsai won. Tsai said it is long.",
            "Ida Tsai-Lund",
            "Ida Tsai-Lund",
            "person",
        ),
        (
            "Officials of the Department of Justice left. The department said it is long.",
            "The department",
            "Department of Justice",
            "organisation",
        ),
        (
            "The Office of the Attorney General said it is long.",
            "The Office of the Attorney General",
            "Office of the Attorney General",
            "organisation",
        ),
        (
            "The Big Ten Conference said it is long.",
            "The Big Ten Conference",
            "Big Ten Conference",
            "organisation",
        ),
        ("NASA Administrator Jim Holm said it is long.", "NASA Administrator Jim Holm", "Jim Holm", "person"),
        ("Lt Col Jim Holm said it is long.", "Lt Col Jim Holm", "Jim Holm", "person"),
        ("The Democratic Party said it is long.", "The Democratic Party", "Democratic Party", "organisation"),
        ("Democratic National Bank said it is long.", *["Democratic National Bank"] * 2, "organisation"),
        ("Maybe Instagram will. Instagram said it is long.", "Instagram", "Instagram", "organisation"),
    ],
)
def test_products_outlets_and_words_of_the_text_are_not_taken_for_the_source(
    text: str, who: str, name: str | None, kind: str
) -> None:
    assert [(one.name, one.type) for one in sources(text, (who, "said", "it is long"))] == [(name, kind)]


def test_we_within_marks_is_not_the_publisher() -> None:
    text = "Ida Holm spoke on Monday. “We believe it is long,” she added."
    assert [one.name for one in sources(text, ("We", "believe", "it is long"))] == [None]
