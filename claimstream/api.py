"""The API's wiring: the store's answers, and, where the account's database is given, the fetcher's for fates.

The account is read where it lies, read-only, and not from the topic `outcomes`: that has closed visits alone, and who
asks after a URL mostly asks because it is still open.
"""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from typing import Any

from services.fetcher.account_history import fate_of
from services.store.api.reading import open_read_only
from services.store.api.refusals import QueryTooSlow
from services.store.api.server import ApiServer
from services.store.api.settings import ApiSettings
from shared.settings import CommonSettings, load


def build_api(common: CommonSettings) -> ApiServer:
    """The process from its settings in the environment. Raises SettingsInvalid."""
    settings = load(ApiSettings)
    if settings.account_database_url is None:
        return ApiServer(common, settings)
    engine = open_read_only(settings.account_database_url.get_secret_value())

    async def account(target: str) -> list[dict[str, Any]]:
        try:
            async with asyncio.timeout(settings.query_seconds):
                return [asdict(visit) for visit in await fate_of(engine, target)]
        except TimeoutError:
            raise QueryTooSlow(f"no answer within {settings.query_seconds:g} s") from None

    server = ApiServer(common, settings, account=account)
    server.resources.push_async_callback(engine.dispose)
    return server
