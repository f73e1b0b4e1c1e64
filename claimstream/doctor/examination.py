"""Which checks there are, and in which order: what the others stand on comes first."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from claimstream import databases, kafka
from claimstream.doctor import broker as of_broker
from claimstream.doctor.article import article
from claimstream.doctor.databases import Database
from claimstream.doctor.findings import Check, Finding
from claimstream.kafka import Broker
from services.fetcher.settings import FetcherSettings
from shared.errors import ClaimstreamError
from shared.settings import load

Looks = Callable[[Broker], Awaitable[list[Finding]]]


class Examination:
    """The checks of one run, on the settings of the environment; ``async with`` closes what they opened.

    ``wait``: how many seconds the article may take.
    """

    def __init__(self, wait: float) -> None:
        self._wait = wait
        self._broker: Broker | None = None
        self._databases: list[Database] = []

    async def __aenter__(self) -> Examination:
        return self

    async def __aexit__(self, *_error: object) -> None:
        for database in self._databases:
            await database.close()

    @property
    def checks(self) -> list[Check]:
        return [
            Check("settings", self._settings),
            self._on_broker("broker", of_broker.reach, "settings"),
            self._on_broker("topics", of_broker.topics, "settings", "broker"),
            self._on_broker("certificates", of_broker.certificates, "settings", "broker"),
            self._on_broker("broker-disk", of_broker.disk, "settings", "broker"),
            self._on_databases("database", Database.reach, "settings"),
            self._on_databases("migrations", Database.schema, "settings", "database"),
            self._on_databases("roles", Database.roles, "settings", "database", "migrations"),
            self._on_databases("clock", Database.clock, "settings", "database"),
            self._on_databases("disk", Database.disk, "settings", "database"),
            self._on_broker(
                "article", self._article, "settings", "broker", "topics", "database", "migrations"
            ),
        ]

    async def _settings(self) -> list[Finding]:
        """Reads all there are; every one that is wrong is a finding of its own."""
        found = []
        try:
            broker = kafka.from_environment()
            said = f"prefix {broker.prefix}, {len(broker.topics)} topics"
            self._broker = broker
            found.append(Finding("settings", True, said))
        except ClaimstreamError as error:
            found.append(_failed("settings", error))
        for service in databases.OWNERS:
            variable = databases.variable(service)
            if service in databases.REQUIRED and not databases.is_set(service):
                hint = f"Set {variable} (or {variable}_FILE) as for the service itself."
                found.append(Finding("settings", False, f"{variable} is not set", "settings-invalid", hint))
                continue
            try:
                url = databases.of_environment(service)
                if service == "fetcher" and not load(FetcherSettings).contact:
                    said = "no CLAIMSTREAM_FETCHER_CONTACT here: a fetcher without one asks nobody for pages"
                    found.append(Finding("settings", True, said))
            except ClaimstreamError as error:
                found.append(_failed("settings", error))
                continue
            if url is not None:
                self._databases.append(Database(service, url))
        return found

    async def _article(self, broker: Broker) -> list[Finding]:
        return await article(broker, self._wait)

    def _on_broker(self, name: str, look: Looks, *needs: str) -> Check:
        async def ask() -> list[Finding]:
            assert self._broker is not None  # `needs` says so
            return await look(self._broker)

        return Check(name, ask, needs)

    def _on_databases(
        self, name: str, look: Callable[[Database], Awaitable[list[Finding]]], *needs: str
    ) -> Check:
        async def ask() -> list[Finding]:
            found = []
            for database in self._databases:
                try:
                    found += await look(database)
                except ClaimstreamError as error:
                    found.append(_failed(name, error, f"{database.service}: "))
            return found

        return Check(name, ask, needs)


def _failed(check: str, error: ClaimstreamError, whose: str = "") -> Finding:
    return Finding(check, False, f"{whose}{error.message}", error.code, error.hint)
