"""The extractor's settings: ``CLAIMSTREAM_EXTRACTOR_…``."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

BUILTIN = "builtin"
RULES = "rules"
# It becomes part of the extractor's version in every claim that the second reader changed.
_MODEL_NAME: Final = r"^$|^[A-Za-z0-9][A-Za-z0-9._:/@-]{0,99}$"
_KEY: Final = re.compile(r"[\x21-\x7e]+")


class ExtractorSettings(BaseSettings):
    """``model``: `builtin`, the tagger of this release; `rules`, none; or the folder of another one.

    ``statements``: the confidence from which on what the article says in its own voice is a claim; unset, it is none.
    ``reader_…``: the second reader; without a URL there is none.
    """

    model_config = SettingsConfigDict(env_prefix="CLAIMSTREAM_EXTRACTOR_", extra="ignore")

    model: str = Field(default=BUILTIN, min_length=1, description="builtin, rules, or a model's folder")
    statements: float | None = Field(
        default=None,
        ge=0,
        le=1,
        description="least confidence of the article's own statements; none are claims",
    )
    reader_url: str = Field(
        default="", description="of an OpenAI-compatible endpoint, up to /v1; empty: none"
    )
    reader_model: str = Field(
        default="", pattern=_MODEL_NAME, description="its model, as the endpoint calls it"
    )
    reader_key: SecretStr | None = Field(default=None, description="sent as a bearer token")
    reader_below: float = Field(
        default=0.7, ge=0, le=1, description="confidence below which a claim is asked about"
    )
    reader_seconds: float = Field(default=5.0, gt=0, description="that an article waits for it at most")
    reader_parallel: int = Field(default=8, ge=1, le=256, description="calls at a time, of one process")
    reader_calls: int = Field(default=600, ge=0, le=1_000_000, description="of an hour, of one process")

    @field_validator("reader_url")
    @classmethod
    def _is_an_endpoint(cls, url: str) -> str:
        url = url.strip().rstrip("/")
        if not url:
            return url
        try:
            parts = urlsplit(url)
            named = bool(parts.hostname) and parts.port != 0
        except ValueError:
            named = False
        if not named or parts.scheme not in {"http", "https"}:
            raise ValueError("not a URL such as http://model.internal:8000/v1")
        if parts.username is not None or parts.query or parts.fragment:
            raise ValueError("a key goes into reader_key, and nothing may stand behind the path")
        return url

    @field_validator("reader_key")
    @classmethod
    def _is_one_word(cls, key: SecretStr | None) -> SecretStr | None:
        secret = key.get_secret_value().strip() if key else ""
        if not secret:
            return None
        if not _KEY.fullmatch(secret):
            raise ValueError("a key is one word of ASCII")
        return SecretStr(secret)

    @model_validator(mode="after")
    def _url_and_model_go_together(self) -> ExtractorSettings:
        if bool(self.reader_url) != bool(self.reader_model):
            raise ValueError("reader_url and reader_model go together")
        return self
