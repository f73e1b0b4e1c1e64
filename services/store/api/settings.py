"""The API's settings: ``CLAIMSTREAM_API_…``."""

from __future__ import annotations

import ipaddress
import re

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

SHORTEST_TOKEN = 16  # characters: 64 bits, where they are drawn at random in hexadecimal


class ApiSettings(BaseSettings):
    """Beside these it reads ``CLAIMSTREAM_STORE_DATABASE_URL`` and ``_EPOCH``, which the store has too."""

    model_config = SettingsConfigDict(env_prefix="CLAIMSTREAM_API_", extra="ignore")

    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)
    tokens: SecretStr | None = Field(default=None, description="parted by commas or white space")
    rate: float = Field(default=20, gt=0, description="requests a second of one token or address")
    burst: int = Field(default=100, ge=1, description="requests at once after a rest")
    query_seconds: float = Field(default=5, gt=0, le=120)
    streams: int = Field(default=64, ge=1, le=1000, description="streams and exports at once")
    stream_seconds: float = Field(default=3600, gt=0, description="then a stream ends, to be resumed")
    account_database_url: SecretStr | None = Field(default=None, description="the fetcher's, for fates")

    @property
    def accepted(self) -> tuple[str, ...]:
        """The tokens, in the order of the setting; several, so that they can be changed one after the other."""
        text = "" if self.tokens is None else self.tokens.get_secret_value()
        return tuple(filter(None, re.split(r"[\s,]+", text)))

    @model_validator(mode="after")
    def _who_is_reachable_asks_who_comes(self) -> ApiSettings:
        if any(len(token) < SHORTEST_TOKEN for token in self.accepted):
            raise ValueError(f"a token has fewer than {SHORTEST_TOKEN} characters")
        if not self.accepted and not is_loopback(self.host):
            raise ValueError(
                f"host {self.host} can be reached from outside: set CLAIMSTREAM_API_TOKENS (or _FILE) too, "
                "or listen on 127.0.0.1"
            )
        return self


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches that address. A name other than ``localhost`` may mean anything."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
