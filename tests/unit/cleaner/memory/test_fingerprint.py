"""Which blocks are one and the same."""

from __future__ import annotations

import pytest

from services.cleaner.memory.fingerprint import as_text, fingerprint, from_text, speaks_for_page

SAME = [
    ("Did you know? Follow Jane Doe on Twitter @jane", "Did you know? Follow Li Wei on Twitter @liwei"),
    ("Share your story: 12 comments so far", "share your story — 1,024 comments so far!"),
    ("The bridge was closed at noon, the mayor said.", "The bridge was closed at noon — the Mayor said"),
    ("Write to us at desk@gull.example, please", "Write to us at news@gull.example, please"),
]
OTHER = [
    ("The index closed at 5,000 points on Friday.", "The index closed at 6,000 points on Friday."),
    (
        "The Kremlin did not respond to a request for comment.",
        "The Elysée did not respond to a request for comment.",
    ),
    ("The chain has 5 million subscribers.", "The chain has 6 million subscribers."),
    ("Anna Berg said the bridge was closed.", "Jonas Lind said the bridge was closed."),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_case_punctuation_and_what_a_template_fills_in_make_no_other_block(one: str, other: str) -> None:
    assert fingerprint(one) is not None
    assert fingerprint(one) == fingerprint(other)


@pytest.mark.parametrize(("one", "other"), OTHER)
def test_numbers_and_names_of_news_do(one: str, other: str) -> None:
    assert fingerprint(one) != fingerprint(other)


@pytest.mark.parametrize("text", ["Read more", "Yes.", "", "…", "Nein, danke"])
def test_a_few_words_have_none(text: str) -> None:
    assert fingerprint(text) is None


def test_a_script_without_spaces_has_one() -> None:
    assert fingerprint("この記事を読むには会員登録が必要です") is not None


def test_a_fingerprint_in_a_record_is_the_same_number_again() -> None:
    for text in ("one two three four", "five six seven eight", "nine ten eleven twelve", "thirteen a b c d"):
        mark = fingerprint(text)
        assert mark is not None
        assert from_text(as_text(mark)) == mark
        assert len(as_text(mark)) == 16


def test_the_country_is_no_pronoun_and_a_quotation_is_not_the_pages_voice() -> None:
    assert not speaks_for_page("The US denied on Monday that its ships were there.")
    assert not speaks_for_page("“We need you,” the minister said, “and your ships.”")
    assert speaks_for_page("Dear reader, we need you.")
    assert speaks_for_page("Wir brauchen Ihre Unterstützung und danken.")
