"""How much room a broker has is what its own volume has; a broker that does not say stops nothing."""

from __future__ import annotations

import shutil
import tempfile
from unittest.mock import AsyncMock

from claimstream.devservices import Kafka
from shared import metrics
from shared.pipeline.kafka.broker_disk import BrokerDisk, room


def shown() -> dict[str, float]:
    (family,) = metrics.broker_disk_free.collect()
    return {sample.labels["broker"]: sample.value for sample in family.samples}


async def test_a_broker_says_how_much_room_its_volume_has(kafka: Kafka) -> None:
    options = {"bootstrap_servers": kafka.bootstrap}
    ((free, total),) = (await room(options)).values()
    volume = shutil.disk_usage(tempfile.gettempdir())  # where the test's broker has its logs
    assert total == volume.total
    assert abs(free - volume.free) < volume.total / 20  # others write to it meanwhile

    source = BrokerDisk("echo", options)
    assert await source.step(AsyncMock()) > 1
    assert list(shown()) == ["1"]
    assert shown()["1"] > 0


async def test_room_that_cannot_be_learned_is_shown_as_nothing_and_stops_nobody(kafka: Kafka) -> None:
    await BrokerDisk("echo", {"bootstrap_servers": kafka.bootstrap}).step(AsyncMock())
    assert await BrokerDisk("echo", {"bootstrap_servers": "127.0.0.1:1"}).step(AsyncMock()) > 1
    assert shown() == {}
