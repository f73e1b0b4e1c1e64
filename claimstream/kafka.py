"""What the commands need of a broker: settings from the environment, topics from their file."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from services.store.ledger.routes import load_routes
from shared.pipeline.kafka.connection import connection_options
from shared.pipeline.kafka.sender import KafkaSender
from shared.settings import CommonSettings, KafkaSettings, load
from shared.topics_file import TopicSpec, load_topics, max_bytes_of


@dataclass(frozen=True)
class Broker:
    """The broker that ``CLAIMSTREAM_KAFKA_…`` names, with our prefix and our topics."""

    common: CommonSettings
    kafka: KafkaSettings

    @property
    def prefix(self) -> str:
        return self.common.prefix

    @cached_property
    def options(self) -> dict[str, Any]:
        return connection_options(self.kafka)

    @cached_property
    def topics(self) -> dict[str, TopicSpec]:
        given = os.environ.get("CLAIMSTREAM_STORE_ROUTES_FILE")
        routes = load_routes(Path(given) if given else None)
        return load_topics(self.common.topics_file, routes=[route.name for route in routes])

    @cached_property
    def max_bytes(self) -> Callable[[str], int]:
        return max_bytes_of(self.topics)

    def sender(self, transactional: str | None = None) -> KafkaSender:
        """A sender; ``transactional`` names the one who sends in transactions, so that a second one fences it."""
        return KafkaSender(
            self.options,
            prefix=self.prefix,
            max_bytes=self.max_bytes,
            deadline=self.kafka.send_seconds,
            transactional_id=None if transactional is None else f"{self.prefix}.{transactional}",
        )


def from_environment() -> Broker:
    """Raises SettingsInvalid, naming the variable."""
    return Broker(load(CommonSettings), load(KafkaSettings))
