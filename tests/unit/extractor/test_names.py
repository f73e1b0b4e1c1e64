"""What a source's name, kind and role are, and what is no name: each case on a text of its own."""

from __future__ import annotations

import pytest

from tests.unit.extractor.sources import Said, sources


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
