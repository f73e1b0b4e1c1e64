"""Structured logs: one line an event, with the ids that lead to the record. JSON by default, readable on a terminal."""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import MutableMapping
from typing import Any

import structlog

MAX_TRACEBACK = 8_000  # characters


def configure_logging(level: str = "INFO", *, json: bool = True) -> None:
    """Set up structlog and the standard library's logging to write to standard error.

    ``level`` is a name of the logging module; ``json`` False gives coloured lines for a person.
    """
    number = logging.getLevelNamesMapping()[level.upper()]
    timestamps = structlog.processors.TimeStamper(fmt="iso", utc=True)
    chain: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        timestamps,
    ]
    renderer: Any = structlog.processors.JSONRenderer() if json else structlog.dev.ConsoleRenderer()
    structlog.configure(
        processors=[*chain, _traceback, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )
    # What libraries log by the standard library becomes a line like ours: who reads the log by machine reads all of it.
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[_of_a_library, timestamps],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _traceback, renderer],
        )
    )
    logging.basicConfig(level=max(number, logging.WARNING), handlers=[handler], force=True)


def _of_a_library(_logger: Any, _method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    record: logging.LogRecord = line["_record"]
    line.update(component=record.name, level=record.levelname.lower())
    return line


def _traceback(_logger: Any, _method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """The traceback as plain text, its beginning and its end if it is long.

    Not structlog's own: that shows local variables where rich is installed, which are whole records here; to lay
    out one of 300 KB held the event loop for a minute, and it would put their contents into the log.
    """
    if failure := line.pop("exc_info", None):
        # True: what is being handled; libraries hand over what they caught elsewhere.
        text = (
            "".join(traceback.format_exception(*failure))
            if isinstance(failure, tuple)
            else traceback.format_exc()
        )
        if len(text) > MAX_TRACEBACK:
            text = f"{text[: MAX_TRACEBACK // 2]}\n…\n{text[-MAX_TRACEBACK // 2 :]}"
        line["exception"] = text
    return line


def logger(name: str) -> Any:
    """A logger whose lines carry ``component=name``."""
    # Lazy: bound when it first logs. `.bind()` here would freeze the configuration at import.
    return structlog.get_logger(component=name)


# What logs before a command has chosen (or in a test) must not render records either.
structlog.configure(
    processors=[_traceback, structlog.dev.ConsoleRenderer()],
    logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
)
