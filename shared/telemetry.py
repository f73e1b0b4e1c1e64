"""Structured logs: one line an event, with the ids that lead to the record. JSON by default, readable on a terminal."""

from __future__ import annotations

import logging
import sys
from typing import Any

import structlog


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
        processors=[*chain, structlog.processors.format_exc_info, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=False,
    )
    logging.basicConfig(level=max(number, logging.WARNING), stream=sys.stderr, force=True)


def logger(name: str) -> Any:
    """A logger whose lines carry ``component=name``."""
    # Lazy: bound when it first logs. `.bind()` here would freeze the configuration at import.
    return structlog.get_logger(component=name)
