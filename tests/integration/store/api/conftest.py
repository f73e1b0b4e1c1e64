"""The API over a ledger with something in it, on both databases."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from services.store.api.app import Parts, build
from services.store.api.reading import Reader, open_read_only
from services.store.api.settings import ApiSettings
from tests.integration.store.api.asking import Asking, Make
from tests.integration.store.ledger import Ledger


@pytest.fixture
async def make(database_url: str, ledger: Ledger) -> AsyncIterator[Make]:
    """``make(settings, parts)``: an API with those settings, asked in this process."""
    engine = open_read_only(database_url)
    clients: list[httpx.AsyncClient] = []

    def made(settings: dict[str, Any] | None = None, **parts: Any) -> Asking:
        chosen = ApiSettings.model_validate({"rate": 1e6, "burst": 10**6, **(settings or {})})
        reader = Reader(engine, chosen.query_seconds)
        gate = build(chosen, Parts(reader, **parts))
        client = httpx.AsyncClient(
            transport=httpx.ASGITransport(gate, raise_app_exceptions=False),
            base_url="http://api",
        )
        clients.append(client)
        return Asking(client, reader)

    yield made
    for client in clients:
        await client.aclose()
    await engine.dispose()


@pytest.fixture
def api(make: Make) -> Asking:
    return make()
