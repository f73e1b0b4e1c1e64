"""The extractor's settings: ``CLAIMSTREAM_EXTRACTOR_…``."""

from __future__ import annotations

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

BUILTIN = "builtin"
RULES = "rules"


class ExtractorSettings(BaseSettings):
    """``model``: `builtin`, the tagger of this release; `rules`, none; or the folder of another one.

    ``statements``: the confidence from which on what the article says in its own voice is a claim; unset, it is none.
    """

    model_config = SettingsConfigDict(env_prefix="CLAIMSTREAM_EXTRACTOR_", extra="ignore")

    model: str = Field(default=BUILTIN, min_length=1, description="builtin, rules, or a model's folder")
    statements: float | None = Field(
        default=None,
        ge=0,
        le=1,
        description="least confidence of the article's own statements; none are claims",
    )
