"""A traceback in the log is bounded plain text: no local variables, which are whole records here."""

from __future__ import annotations

import json
import logging

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


@pytest.mark.parametrize("as_json", [True, False])
def test_what_a_library_logs_is_a_line_like_ours(capsys: pytest.CaptureFixture[str], as_json: bool) -> None:
    """Who reads the log by machine would stumble over every other line while a broker is away."""
    before, root = structlog.get_config(), logging.getLogger()
    handlers, level = list(root.handlers), root.level
    configure_logging("INFO", json=as_json)
    try:
        logging.getLogger("aiokafka").error("Unable connect to %s", "kafka:9092")
        logging.getLogger("aiokafka").info("not shown")
        try:
            raise ZeroDivisionError("x" * 100_000)
        except ZeroDivisionError:
            logging.getLogger("asyncio").exception("Task failed")
    finally:
        structlog.configure(**before)
        root.handlers[:] = handlers
        root.setLevel(level)
    text = capsys.readouterr().err
    assert "not shown" not in text
    assert len(text) < MAX_TRACEBACK + 1_000
    assert "ZeroDivisionError" in text
    if as_json:
        first, second = map(json.loads, text.splitlines())
        assert (first["component"], first["level"], first["event"]) == (
            "aiokafka",
            "error",
            "Unable connect to kafka:9092",
        )
        assert first["timestamp"].endswith("Z")
        assert (second["component"], second["event"]) == ("asyncio", "Task failed")
        assert "ZeroDivisionError" in second["exception"]
    else:
        assert "Unable connect to kafka:9092" in text
