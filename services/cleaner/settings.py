"""The cleaner's settings: ``CLAIMSTREAM_CLEANER_…``."""

from __future__ import annotations

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class CleanerSettings(BaseSettings):
    """Without a database the cleaner remembers nothing of a site."""

    model_config = SettingsConfigDict(env_prefix="CLAIMSTREAM_CLEANER_", extra="ignore")

    database_url: SecretStr | None = Field(
        default=None, description="where the memory of sites is; none: nothing is remembered"
    )

    @field_validator("database_url")
    @classmethod
    def _empty_is_none(cls, url: SecretStr | None) -> SecretStr | None:
        return url if url and url.get_secret_value().strip() else None
