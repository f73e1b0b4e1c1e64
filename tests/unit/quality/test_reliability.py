"""The curve of said against right: what it counts, and that it tells a liar from an honest one."""

from __future__ import annotations

from pathlib import Path

import pytest

from quality import committed
from quality.claims.reliability import Judged, agreement, curve, lines
from quality.part import Measured


def honest(said: float, right: int, of: int = 10) -> list[Judged]:
    return [Judged(said, n < right) for n in range(of)]


def test_a_bin_says_how_many_what_they_said_and_which_share_was_right() -> None:
    low, high = curve([*honest(0.55, 6), *honest(0.95, 9), Judged(1.0, True)])
    assert (low.claims, low.right, low.name) == (10, 0.6, "below .6")
    assert low.said == pytest.approx(0.55)
    assert (high.claims, high.name) == (11, ".9 and more")
    assert high.right == pytest.approx(10 / 11)


def test_who_is_surer_than_right_agrees_less() -> None:
    assert agreement(honest(0.9, 9)) == pytest.approx(1.0)
    assert agreement(honest(0.9, 4)) == pytest.approx(0.5)
    assert agreement([]) == 1.0


def test_the_curve_is_kept_beside_the_figures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(committed, "FOLDER", tmp_path)
    committed.write("claims", Measured(curves=list(lines("dev", honest(0.9, 9)))))
    assert "said 0.900  right 0.900" in (tmp_path / "claims.curves.txt").read_text()
