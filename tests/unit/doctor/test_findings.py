"""The doctor's words, and what it does not look at because of what it found before."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from claimstream.doctor.findings import Check, Finding, examine
from shared.errors import BrokerAway
from tests.command import Call


def _check(name: str, *findings: Finding, needs: tuple[str, ...] = ()) -> Check:
    async def look() -> list[Finding]:
        return list(findings)

    return Check(name, look, needs)


async def test_an_error_is_a_finding_with_code_and_hint_and_the_others_go_on() -> None:
    async def away() -> list[Finding]:
        raise BrokerAway("it")

    found = [
        one async for one in examine([Check("broker", away), _check("disk", Finding("disk", True, "room"))])
    ]
    assert [(one.check, one.ok, one.code) for one in found] == [
        ("broker", False, "broker-away"),
        ("disk", True, None),
    ]
    assert str(found[0].hint) in found[0].line()


async def test_what_stands_on_something_that_is_not_well_is_not_looked_at() -> None:
    ill = Finding("broker", False, "away", "broker-away", "Start it.")
    checks = [
        _check("broker", ill),
        _check("topics", Finding("topics", True, "fine"), needs=("broker",)),
        _check("article", Finding("article", True, "fine"), needs=("topics",)),
    ]
    found = [one async for one in examine(checks)]
    assert [(one.check, one.code) for one in found[1:]] == [
        ("topics", "not-looked-at"),
        ("article", "not-looked-at"),
    ]
    assert "broker" in str(found[1].hint)


def test_without_settings_each_is_named_and_nothing_is_contacted(call: Call) -> None:
    said = call("doctor")
    assert said.code == 1
    assert "CLAIMSTREAM_FETCHER_DATABASE_URL is not set" in said.out
    assert "CLAIMSTREAM_STORE_DATABASE_URL is not set" in said.out
    lines = [line for line in said.out.splitlines() if line.startswith("FAIL")]
    assert all("not looked at" in line for line in lines[2:])
    assert len(lines) == 12


def test_wrong_settings_are_named_by_their_variable(
    call: Call, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("CLAIMSTREAM_KAFKA_SECURITY", "SASL_SSL")
    monkeypatch.setenv("CLAIMSTREAM_FETCHER_DATABASE_URL", "mysql://x")
    monkeypatch.setenv("CLAIMSTREAM_STORE_DATABASE_URL_FILE", str(tmp_path / "none"))
    said = call("doctor", "--json")
    assert said.code == 1
    answer = json.loads(said.out)
    assert answer["ok"] is False
    wrong = [one for one in answer["checks"] if one["check"] == "settings" and not one["ok"]]
    assert {one["code"] for one in wrong} == {"settings-invalid"}
    assert any("username" in one["text"] for one in wrong)
    assert any("CLAIMSTREAM_STORE_DATABASE_URL_FILE" in one["text"] for one in wrong)


def test_a_wrong_number_of_seconds_is_refused(call: Call) -> None:
    assert call("doctor", "--wait", "soon").code == 2
