"""Who is meant on pages with headings, lists and tips: each case on a text of its own."""

from __future__ import annotations

import pytest

from services.extractor.names import named
from tests.unit.extractor.sources import sources


@pytest.mark.parametrize("between", ["\n", "\n\n", "\t"])
def test_a_name_ends_with_its_line_and_its_cell(between: str) -> None:
    text = f"Prices{between}Allmark Clay{between}Best Overall{between}It is Allmark Clay that Ida Holm buys."
    assert not any(between in one.name for one in named(text))
    assert {"Allmark Clay", "Ida Holm"} <= {one.name for one in named(text)}


@pytest.mark.parametrize(
    ("before", "who"),
    [
        ("Aside from the price, the kiln holds. ", "It"),
        ("At the fair, the kiln holds. ", "It"),
        ("Depending on the clay, the kiln holds. ", "It"),
        ("Essentially, the kiln holds. ", "It"),
        ("Play Time\n\n", "She"),
        ("A Major Math Riddle\n\n", "She"),
        ("Best Overall Kiln\n\n", "She"),
        ("The box holds “Tarn Lodge”, a novel. ", "She"),
    ],
)
def test_a_pronoun_means_no_opening_word_no_heading_and_no_title(before: str, who: str) -> None:
    (found,) = sources(f"{before}{who} says that the clay is warm.", (who, "says", "the clay is warm"))
    assert found.name is None


def test_she_is_the_subject_of_the_sentence_before() -> None:
    text = "Clay and Fire\n\nJody Vik lit the kiln. She says that the clay is warm."
    (found,) = sources(text, ("She", "says", "the clay is warm"))
    assert found.name == "Jody Vik"


def test_many_are_nobody_though_headings_write_them_with_a_capital() -> None:
    text = "What Our Customers Say\n\nMost customers came back. Customers say that the clay is warm."
    (found,) = sources(text, ("Customers", "say", "the clay is warm"))
    assert (found.name, found.anonymous) == (None, True)


@pytest.mark.parametrize("word", ["smaller", "later", "faster"])
def test_what_compares_is_no_role(word: str) -> None:
    text = f"Now that the crowd comes {word}, Ida Holm says that it is warm."
    (found,) = sources(text, ("Ida Holm", "says", "it is warm"))
    assert (found.name, found.role) == ("Ida Holm", None)


@pytest.mark.parametrize("name", ["Tarn Research", "Coast Reports", "Varden Tutors", "Skerry Movers"])
def test_bodies_by_their_last_word(name: str) -> None:
    (found,) = sources(f"{name} says that it is warm.", (name, "says", "it is warm"))
    assert (found.name, found.type) == (name, "organisation")


@pytest.mark.parametrize(("spoken", "name"), [("I’ll", None), ("I've", None), ("We’re", "The Lantern")])
def test_a_pronoun_with_its_verb_is_a_pronoun(spoken: str, name: str | None) -> None:
    (found,) = sources(f"{spoken} explain that it is warm.", (spoken, "explain", "it is warm"))
    assert found.name == name


def test_she_is_whom_a_heading_names_with_a_first_name() -> None:
    text = "Anna Vik\n\nShe says that the clay is warm."
    (found,) = sources(text, ("She", "says", "the clay is warm"))
    assert found.name == "Anna Vik"


@pytest.mark.parametrize("opening", ["Didn’t", "Can", "Is", "Do"])
def test_a_question_does_not_open_with_a_name(opening: str) -> None:
    assert [one.name for one in named(f"{opening} Per Vik fire the clay?")] == ["Per Vik"]


def test_will_may_be_a_name() -> None:
    assert [one.name for one in named("Will Vik lit the kiln.")] == ["Will Vik"]


@pytest.mark.parametrize(
    ("source", "name", "role"),
    [
        ("Lead Planner Ida Holm", "Ida Holm", "lead planner"),
        ("Our reviewer Tove", "Tove", "reviewer"),
        ("Approximately 78% of the students", None, None),
        ("Significantly, only about 1% of contributors", None, None),
    ],
)
def test_what_stands_before_a_name(source: str, name: str | None, role: str | None) -> None:
    (found,) = sources(f"{source} said that it is warm.", (source, "said", "it is warm"))
    assert (found.name, found.role) == (name, role)
