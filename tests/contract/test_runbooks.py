"""Every alert sends its reader to a page that is there, and what the page says to type can be typed."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import yaml

from claimstream import cli
from shared.metrics.declared import DECLARED

ROOT = Path(__file__).parents[2]
RUNBOOKS = ROOT / "docs" / "runbooks"
PROMETHEUS = ROOT / "deploy" / "prometheus"
PAGES = sorted(path for path in RUNBOOKS.glob("*.md") if path.name != "README.md")
STANDS_FOR = {"URL": "https://news.example/story", "VISIT": "0d9c7bd6-0a5d-5c43-9a6e-8a1b2c3d4e5f"}


def rules(pattern: str) -> list[dict[str, Any]]:
    return [
        rule
        for path in sorted((PROMETHEUS / "rules").glob(pattern))
        for group in yaml.safe_load(path.read_text(encoding="utf-8"))["groups"]
        for rule in group["rules"]
    ]


ALERTS = rules("alerts-*.yml")


def page_of(alert: str) -> str:
    """The name of its page: ClaimstreamHeartbeatOld is heartbeat-old."""
    return "-".join(re.findall(r"[A-Z][a-z]+", alert.removeprefix("Claimstream"))).lower()


@pytest.mark.parametrize("rule", ALERTS, ids=lambda rule: rule["alert"])
def test_an_alert_has_severity_words_for_an_operator_and_its_page(rule: dict[str, Any]) -> None:
    assert rule["labels"] == {"severity": rule["labels"]["severity"]}
    assert rule["labels"]["severity"] in ("warning", "critical")
    notes = rule["annotations"]
    assert notes.keys() == {"summary", "description", "runbook_url"}
    assert notes["runbook_url"] == f"docs/runbooks/{page_of(rule['alert'])}.md"
    page = ROOT / notes["runbook_url"]
    assert page.read_text(encoding="utf-8").startswith(f"# {rule['alert']}\n")
    assert len(notes["summary"]) <= 120
    assert notes["description"].endswith(".")


def test_every_page_has_its_alert_and_its_line_in_the_list() -> None:
    assert {path.stem for path in PAGES} == {page_of(rule["alert"]) for rule in ALERTS}
    listed = re.findall(r"^\| (\w+) \((\w+)\) \|.*\[([a-z-]+)\]\(\3\.md\) \|$", read("README"), re.MULTILINE)
    assert listed == [(rule["alert"], rule["labels"]["severity"], page_of(rule["alert"])) for rule in ALERTS]


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.stem)
def test_a_page_says_what_to_do_and_when_it_is_over(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert "**Do**" in text
    assert "**It is over**" in text


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.stem)
def test_a_page_names_only_metrics_and_rules_that_there_are(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    named = set(re.findall(r"[a-z]*:?claimstream_[a-z_]+(?::\w+)?|claimstream:\w+(?::\w+)?", text))
    known = DECLARED.keys() | {series for found in DECLARED.values() for series in found.series}
    assert named <= known | {rule["record"] for rule in rules("recording.yml")}


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.stem)
def test_a_page_links_only_to_what_is_there(page: Path) -> None:
    for target in re.findall(r"\]\(([^)]+)\)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), target


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.stem)
def test_a_command_of_a_page_can_be_typed(page: Path) -> None:
    for line in re.findall(r"`claimstream ([a-z][^`]*)`", page.read_text(encoding="utf-8")):
        words = [STANDS_FOR.get(word, word) for word in shlex.split(line)]
        assert callable(cli._parse(words).run), line


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.stem)
def test_a_setting_of_a_page_is_one(page: Path) -> None:
    settings = (ROOT / ".env.example").read_text(encoding="utf-8")
    for name in re.findall(r"CLAIMSTREAM_[A-Z_]+", page.read_text(encoding="utf-8")):
        assert f"{name}=" in settings, name


def test_every_alert_has_a_series_that_fires_it_and_one_that_does_not() -> None:
    fires: set[str] = set()
    stays: set[str] = set()
    for path in sorted((PROMETHEUS / "tests").glob("*.yml")):
        for test in yaml.safe_load(path.read_text(encoding="utf-8"))["tests"]:
            for case in test.get("alert_rule_test", []):
                (fires if case["exp_alerts"] else stays).add(case["alertname"])
            for case in test.get("promql_expr_test", []):
                fires |= set(re.findall(r'^ALERTS\{alertname="(\w+)",alertstate="firing"', case["expr"]))
    every = {rule["alert"] for rule in ALERTS}
    assert fires == every
    assert stays == every


def read(name: str) -> str:
    return (RUNBOOKS / f"{name}.md").read_text(encoding="utf-8")
