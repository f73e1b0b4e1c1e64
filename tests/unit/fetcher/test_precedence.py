"""Which of two fates counts: every pair, from the table."""

from __future__ import annotations

import re
from itertools import permutations
from pathlib import Path

import pytest

from services.fetcher.precedence import supersedes
from shared.contracts.enums import Fate

TABLE = Path(__file__).parents[2] / "data" / "fetcher" / "precedence.txt"
ATTEMPT_SAID = {"same attempt": 2, "higher attempt": 3, "lower attempt": 1}


def cases() -> list[tuple[str, str, str, bool]]:
    found = []
    attempt, columns = "", [""]
    for line in TABLE.read_text().splitlines():
        if not line or line.startswith("#"):
            continue
        first, *cells = re.split(r"\s{2,}", line.strip())
        if first in ATTEMPT_SAID:
            attempt, columns = first, cells
        else:
            found += [
                (attempt, first, said, cell == "new") for said, cell in zip(columns, cells, strict=True)
            ]
    return found


@pytest.mark.parametrize(("attempt", "stands", "said", "wins"), cases())
def test_what_stands_against_what_is_said(attempt: str, stands: str, said: str, wins: bool) -> None:
    before = None if stands == "nothing" else (Fate(stands), 2)
    assert supersedes((Fate(said), ATTEMPT_SAID[attempt]), before) is wins


def test_the_table_has_every_pair() -> None:
    assert len(cases()) == len(Fate) * (1 + 3 * len(Fate))


def test_the_end_does_not_depend_on_the_order_in_which_fates_come() -> None:
    said = [(fate, attempt) for fate in (Fate.STORED, Fate.DUPLICATE, Fate.DEAD) for attempt in (1, 2)]
    for stored_or_not in (said, [one for one in said if one[0] is not Fate.STORED]):
        ends = set()
        for order in permutations(stored_or_not):
            stands: tuple[Fate, int] | None = None
            for one in order:
                if supersedes(one, stands):
                    stands = one
            assert stands is not None
            ends.add(stands[0] if stands[0] is Fate.STORED else stands)
        assert len(ends) == 1
