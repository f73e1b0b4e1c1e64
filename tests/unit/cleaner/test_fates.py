"""What is shown in an article's place is known for what it is; an article about such things stays one."""

from __future__ import annotations

import pytest

from quality.cleaner.fates import ARTICLE, Case, cases, figures
from services.cleaner.prose import word_count
from services.cleaner.walls import wall_of

CASES = cases()


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_a_page_has_the_fate_of_its_kind(case: Case) -> None:
    assert case.found == case.wanted


def test_each_kind_has_a_page_and_each_a_like_article() -> None:
    kinds = {case.wanted for case in CASES}
    assert kinds == {
        "bot-wall",
        "consent-wall",
        "error-page",
        "login-page",
        "index-page",
        "video-page",
        ARTICLE,
    }


def test_the_figures_count_what_was_named_wrongly_and_what_was_not_named() -> None:
    found = [
        Case("a", "bot-wall", "bot-wall"),
        Case("b", "bot-wall", ARTICLE),
        Case("c", ARTICLE, "error-page"),
    ]
    assert list(figures(found).values()) == [0.5, 0.5, 0.0]


@pytest.mark.parametrize(
    "title",
    [
        "500 jobs to go",
        "404 people moved",
        "Oops: the mayor apologises to all of the ferry's passengers",
        "403",
    ],
)
def test_a_number_in_a_headline_is_no_error_unless_it_stands_alone(title: str) -> None:
    text = "The mayor said on Monday that the ferry would run again, and asked everybody to wait."
    found = wall_of([title], [text], word_count(text), says_article=False, password_fields=0)
    assert (found is not None) == (title == "403")


def test_a_long_text_is_no_wall_whatever_its_title_says() -> None:
    text = "The council met on Monday and talked of the bridge and of the ferry. " * 20
    assert word_count(text) > 200
    for title in ("Just a moment...", "Page not found", "Sign in"):
        assert wall_of([title], [text], word_count(text), says_article=False, password_fields=1) is None
