"""The fetcher's settings, ``CLAIMSTREAM_FETCHER_…``; read by ``shared.settings.load``, which says what is wrong."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)?")
_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0, None: 1.0}


def duration(text: object) -> float:
    """Seconds of ``"90"``, ``"15m"``, ``"24h"``, ``"7d"`` or a number. Raises ValueError."""
    if isinstance(text, int | float) and not isinstance(text, bool):
        return float(text)
    match = _DURATION.fullmatch(str(text).strip().lower())
    if match is None or match[2] not in _SECONDS:
        raise ValueError(f"{text!r} is no duration; say 90s, 15m, 24h or 7d")
    return float(match[1]) * _SECONDS[match[2]]


def _listed(value: object) -> Any:
    """A list from the environment: JSON, or values with commas between them."""
    if not isinstance(value, str):
        return value
    if value.strip().startswith("["):
        return json.loads(value)
    return [part.strip() for part in value.split(",") if part.strip()]


def _durations(value: object) -> tuple[float, ...]:
    return tuple(duration(item) for item in _listed(value))


Seconds = Annotated[float, BeforeValidator(duration)]


class FetcherSettings(BaseSettings):
    """Durations are ``90``, ``15m``, ``24h``, ``7d``; lists are JSON or have commas between their values."""

    model_config = SettingsConfigDict(env_prefix="CLAIMSTREAM_FETCHER_", extra="ignore")

    database_url: SecretStr = Field(description="the frontier's and the account's database")
    contact: str = Field(default="", description="a mail address or a page, for the owners of sites")
    epoch: int = Field(default=1, ge=1, description="one more after the database was restored from a backup")

    concurrency: int = Field(default=32, ge=1, le=1000, description="hosts at a time, in this process")
    crawl_delay: Seconds = Field(default=1.0, ge=0, description="between two requests to one host, at least")
    tries: int = Field(
        default=8, ge=1, le=100, description="requests without an answer until a visit is given up"
    )
    backoff_first: Seconds = Field(default=60.0, gt=0)
    backoff_longest: Seconds = Field(default=3600.0, gt=0)
    page_deadline: Seconds = Field(default=30.0, gt=0, description="from the name to the last byte of a page")
    lease: Seconds = Field(
        default=90.0, gt=0, description="of a host; must be above twice the deadline of a page"
    )
    revisit: Annotated[tuple[float, ...], NoDecode, BeforeValidator(_durations)] = Field(
        default=(3600.0, 6 * 3600.0, 24 * 3600.0, 7 * 86400.0),
        description="ages at which a page is read again, counted from when it was first observed",
    )
    allow_networks: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_listed)] = Field(
        default=(), description="networks in CIDR form that may be crawled although they are not public"
    )

    feeds_file: Path | None = Field(default=None, description="deploy/feeds.toml")
    feeds_every: Seconds = Field(
        default=900.0, gt=0, description="between two polls, where a feed says nothing else"
    )
    feeds_silent_after: Seconds = Field(default=3 * 86400.0, gt=0, description="without a new entry")

    heartbeat_interval: Seconds = Field(default=30.0, gt=0)
    canary_every: Seconds = Field(
        default=60.0, ge=0, description="between two synthetic articles; 0: only those asked for"
    )
    keep_days: int = Field(
        default=90, ge=0, description="of what has ended, with its submissions and fates; 0: for ever"
    )
    unexplained_after: Seconds = Field(
        default=1800.0,
        gt=0,
        description="how long after it was sent on a visit without a fate is unexplained",
    )

    @model_validator(mode="after")
    def _what_can_come_again_is_known(self) -> FetcherSettings:
        # Dead letters are kept for 28 days: what is redriven must find its visit, and its submission its row.
        if 0 < self.keep_days < 30:
            raise ValueError(
                "keep_days is 0 (for ever) or at least 30: dead letters can be redriven for 28 days"
            )
        return self

    @model_validator(mode="after")
    def _lease_outlasts_a_request(self) -> FetcherSettings:
        # robots.txt and the page are asked under one lease, which is renewed between the two.
        if self.lease <= 2 * self.page_deadline:
            raise ValueError(
                "lease must be above twice page_deadline, or two requests to a host could overlap"
            )
        return self
