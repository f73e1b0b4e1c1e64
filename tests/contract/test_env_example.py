"""`.env.example` names every setting that there is, with its default and a word of explanation, and no other."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from pydantic_core import PydanticUndefined
from pydantic_settings import BaseSettings

from services.cleaner.settings import CleanerSettings
from services.extractor.settings import ExtractorSettings
from services.fetcher.settings import FetcherSettings
from services.store.api.settings import ApiSettings
from services.store.settings import StoreSettings
from shared.settings import CommonSettings, KafkaSettings, load

ROOT = Path(__file__).parents[2]
CLASSES: tuple[type[BaseSettings], ...] = (
    CommonSettings,
    KafkaSettings,
    CleanerSettings,
    ExtractorSettings,
    FetcherSettings,
    StoreSettings,
    ApiSettings,
)
LINES = {
    found[1]: (found[2].strip(), (found[3] or "").strip())
    for line in (ROOT / ".env.example").read_text().splitlines()
    if (found := re.match(r"#?(CLAIMSTREAM_[A-Z_]+)=([^#]*)(?:#(.*))?$", line))
}
DATABASE = "sqlite+aiosqlite:///x.db"


def variables(kind: type[BaseSettings]) -> dict[str, str]:
    prefix = str(kind.model_config.get("env_prefix", ""))
    return {f"{prefix}{name}".upper(): name for name in kind.model_fields}


SETTINGS = {variable: (kind, name) for kind in CLASSES for variable, name in variables(kind).items()}


def test_every_setting_is_named_and_nothing_else_but_what_compose_reads() -> None:
    compose = (ROOT / "docker-compose.yml").read_text()
    others = {name for name in LINES if name not in SETTINGS}
    assert set(SETTINGS) <= set(LINES)
    assert {name for name in others if f"${{{name}" not in compose} == set()


@pytest.mark.parametrize("variable", SETTINGS)
def test_a_setting_shows_its_default_and_what_it_is_for(variable: str) -> None:
    kind, name = SETTINGS[variable]
    shown, why = LINES[variable]
    if variable == "CLAIMSTREAM_FETCHER_CONTACT":
        assert shown == ""  # the one line that must be changed; what it is for stands above it
        return
    assert why
    field = kind.model_fields[name]
    if field.default in (None, "", ()) or field.default is PydanticUndefined:
        assert shown == ""
        return
    beside: dict[str, Any] = (
        {}
        if name == "database_url" or "database_url" not in kind.model_fields
        else {"database_url": DATABASE}
    )
    given = load(kind, None, **{**beside, name: shown})
    assert getattr(given, name) == field.default
