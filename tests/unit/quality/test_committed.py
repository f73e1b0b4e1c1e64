"""A figure that drops fails the check; one that was not measured here does not, unless nothing was missing."""

from __future__ import annotations

from pathlib import Path

import pytest

from quality import committed
from quality.part import Measured


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(committed, "FOLDER", tmp_path / "figures")
    committed.write("claims", Measured(figures={"chain": 0.9, "seed": 1.0}))


def test_a_drop_by_more_than_the_tolerance_is_told_with_both_figures() -> None:
    now = Measured(figures={"chain": 0.894, "seed": 1.0})
    assert committed.dropped("claims", now, 0.005) == ["chain: was 0.9000, is 0.8940"]
    assert committed.dropped("claims", Measured(figures={"chain": 0.895, "seed": 1.0}), 0.005) == []


def test_a_figure_that_is_measured_no_longer_is_a_drop_unless_its_set_is_absent() -> None:
    assert committed.dropped("claims", Measured(figures={"chain": 0.9}), 0.005) == [
        "seed: was 1.0000 and is measured no longer"
    ]
    assert committed.dropped("claims", Measured(figures={"chain": 0.9}, absent=["no seed"]), 0.005) == []


def test_writing_without_a_set_keeps_its_figures() -> None:
    committed.write("claims", Measured(figures={"chain": 0.95}, absent=["no seed"]))
    assert committed.read("claims") == {"chain": 0.95, "seed": 1.0}
