"""A pattern is only tried where one of its stems stands: then every match must hold one."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.cleaner import appeal, furniture
from services.cleaner.terms import Terms

TERMS = [
    *appeal.ASKING_GROUPS,
    *appeal.OTHER_GROUPS,
    appeal.SPEAKS_FORMALLY,
    furniture.PROMISE,
    furniture.NOTICE,
]


@pytest.mark.parametrize("terms", TERMS)
def test_whatever_a_pattern_matches_holds_one_of_its_stems(terms: Terms) -> None:
    pattern = terms.pattern

    # Case is folded on both sides; the few signs that fold into ASCII letters are left out.
    @given(st.from_regex(re.compile(pattern.pattern, pattern.flags & ~re.I)))
    @settings(max_examples=60, deadline=None, database=None)
    def holds(text: str) -> None:
        assert any(stem in text.lower() for stem in terms.stems), text

    holds()
