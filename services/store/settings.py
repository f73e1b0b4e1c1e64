"""The store's settings: ``CLAIMSTREAM_STORE_…``."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

# Articles settled at once; each holds a connection of the pool's ten, the relay and the readers take the others.
PARALLEL = 4


class StoreSettings(BaseSettings):
    """``epoch`` is raised by hand, by one, when the database was restored from a backup: revisions that readers
    saw before may then be given out again."""

    model_config = SettingsConfigDict(env_prefix="CLAIMSTREAM_STORE_", extra="ignore")

    database_url: SecretStr = Field(description="postgresql+asyncpg://… or sqlite+aiosqlite:///…")
    epoch: int = Field(default=1, ge=1, le=2**31 - 1)
    routes_file: Path | None = Field(default=None, description="none: deploy/routes.toml")
    parallel: int = Field(default=PARALLEL, ge=1, le=16)
    relay: bool = Field(default=True, description="false: `claimstream run relay` sends what the store says")
    database_folder: Path | None = Field(
        default=None, description="on PostgreSQL's volume, as the relay sees it, for how much is free there"
    )
