"""A traceback in the log is bounded plain text: no local variables, which are whole records here."""

from __future__ import annotations

import json

import pytest
import structlog

from shared.telemetry import MAX_TRACEBACK, configure_logging, logger


@pytest.mark.parametrize("as_json", [True, False])
def test_a_failure_is_logged_with_its_traceback_and_without_the_record(
    capsys: pytest.CaptureFixture[str], as_json: bool
) -> None:
    before = structlog.get_config()
    configure_logging("INFO", json=as_json)
    try:
        _fail(b"secret " * 100_000)
    finally:
        structlog.configure(**before)
    text = capsys.readouterr().err
    assert "ZeroDivisionError" in text
    assert "test_telemetry" in text
    assert "secret" not in text
    assert len(text) < MAX_TRACEBACK + 1_000
    if as_json:
        assert json.loads(text)["event"] == "failed"


def _fail(record: bytes) -> None:
    try:
        raise ZeroDivisionError("x" * len(record))
    except ZeroDivisionError:
        logger("test").exception("failed")
