"""Prometheus' own judgement of configuration, rules and alerts."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.integration.monitoring.prometheus import CONFIGURATION, promtool


def test_the_configuration_and_every_rule_file_that_it_names_are_valid() -> None:
    said = promtool("check", "config", str(CONFIGURATION / "prometheus.yml"))
    rules = sorted((CONFIGURATION / "rules").glob("*.yml"))
    assert f"{len(rules)} rule files found" in said


def test_the_rules_are_valid_and_free_of_duplicates() -> None:
    said = promtool("check", "rules", *map(str, sorted((CONFIGURATION / "rules").glob("*.yml"))))
    assert "duplicate" not in said


@pytest.mark.parametrize("path", sorted((CONFIGURATION / "tests").glob("*.yml")), ids=lambda path: path.stem)
def test_alerts_fire_on_the_written_series_that_should_fire_them_and_on_no_others(path: Path) -> None:
    assert "SUCCESS" in promtool("test", "rules", str(path))
