"""Which service is built how on Kafka. The one place that knows all; it imports one only when asked for it.

The relay is the store's, as a process of its own.
"""

from __future__ import annotations

from claimstream.kafka import Broker
from claimstream.readers import READERS
from shared.errors import BrokerAway
from shared.pipeline.kafka.broker_disk import BrokerDisk
from shared.pipeline.kafka.groups import oldest_uncommitted
from shared.pipeline.kafka.marks import unsent_seconds
from shared.pipeline.service import Service
from shared.settings import CommonSettings, load

SERVICES = ("fetcher", "cleaner", "extractor", "store", "relay")
API = "api"  # runs on the store's image, without Kafka: `claimstream.api` wires it


def build_service(name: str, broker: Broker, common: CommonSettings) -> Service:
    """The service of that name from its settings in the environment. Raises SettingsInvalid."""
    if name == "fetcher":
        return _fetcher(broker)
    if name == "cleaner":
        from services.cleaner import app as cleaner

        return cleaner.build(common)
    if name == "extractor":
        from services.extractor import app as extractor

        return extractor.build(common)
    from services.store import app as store

    return store.build_relay() if name == store.RELAY else store.build(common)


async def oldest_unsettled(broker: Broker) -> float | None:
    """The age in seconds of the oldest record that a group has not committed or the store's outbox not sent; None:
    the store never said how far it is. Raises BrokerAway."""
    waiting = await oldest_uncommitted(broker.options, broker.prefix, list(READERS))
    unsent = await unsent_seconds(broker.options, broker.prefix, "store", "relay")
    return None if unsent is None else max(waiting, unsent)


def _fetcher(broker: Broker) -> Service:
    from services.fetcher import app as fetcher
    from services.fetcher.settings import FetcherSettings

    async def probe() -> float | None:
        try:
            return await oldest_unsettled(broker)
        except BrokerAway:
            return None

    service = fetcher.build(load(FetcherSettings), probe=probe)
    service.sources = (*service.sources, BrokerDisk(service.name, broker.options))
    return service
