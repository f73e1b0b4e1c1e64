"""How much room the brokers' logs have, asked of the brokers themselves (KIP-827): no agent on their machines.

A broker whose volume is full takes its log directory offline and stops; whoever looks at lag alone sees it too late.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aiokafka.errors import for_code
from aiokafka.protocol.api import Request, RequestStruct, Response
from aiokafka.protocol.types import (
    Boolean,
    CompactArray,
    CompactString,
    Int16,
    Int32,
    Int64,
    Schema,
    TaggedFields,
)

from shared import metrics
from shared.pipeline.kafka.topics import admin
from shared.pipeline.source import Sender
from shared.telemetry import logger

log = logger("broker-disk")
LOOK_SECONDS = 60.0
# Asked with no topics: only the volumes are of interest, and a topic's replicas would be thousands of lines.
NO_TOPICS: list[Any] = []
HINT = "Kafka from 3.3 says it to whoever may describe the cluster; the alert on its disk needs it."


class _Answer(Response):  # type: ignore[misc]
    """DescribeLogDirs, version 4: the first that has the sizes of the volumes."""

    API_KEY = 35
    API_VERSION = 4
    SCHEMA = Schema(
        ("throttle_time_ms", Int32),
        ("error_code", Int16),
        (
            "results",
            CompactArray(
                ("error_code", Int16),
                ("log_dir", CompactString("utf-8")),
                (
                    "topics",
                    CompactArray(
                        ("name", CompactString("utf-8")),
                        (
                            "partitions",
                            CompactArray(
                                ("partition_index", Int32),
                                ("partition_size", Int64),
                                ("offset_lag", Int64),
                                ("is_future_key", Boolean),
                                ("tags", TaggedFields),
                            ),
                        ),
                        ("tags", TaggedFields),
                    ),
                ),
                ("total_bytes", Int64),
                ("usable_bytes", Int64),
                ("tags", TaggedFields),
            ),
        ),
        ("tags", TaggedFields),
    )


class _Question(RequestStruct):  # type: ignore[misc]
    FLEXIBLE_VERSION = True
    API_KEY = 35
    API_VERSION = 4
    RESPONSE_TYPE = _Answer
    SCHEMA = Schema(
        (
            "topics",
            CompactArray(
                ("topic", CompactString("utf-8")), ("partitions", CompactArray(Int32)), ("tags", TaggedFields)
            ),
        ),
        ("tags", TaggedFields),
    )


class _Ask(Request[_Question]):  # type: ignore[misc]
    API_KEY = 35

    def build(self, request_struct_class: type[_Question]) -> _Question:
        return request_struct_class(NO_TOPICS, {})


async def room(options: Mapping[str, Any]) -> dict[int, tuple[int, int]]:
    """For each broker, by number, free bytes and size of its fullest volume. Empty where brokers do not say.

    Raises BrokerAway, and :class:`~aiokafka.errors.KafkaError` where the question is not allowed.
    """
    found = {}
    async with admin(options) as client:
        for broker in client._client.cluster.brokers():
            answer = await client._send_request_to_node(broker.nodeId, _Ask())
            if answer.error_code:
                raise for_code(answer.error_code)
            # -1: a broker that does not know the size of its volume.
            volumes = [
                (usable, total)
                for error, _path, _topics, total, usable, _tags in answer.results
                if not error and total > 0
            ]
            if volumes:
                found[broker.nodeId] = min(volumes, key=lambda volume: volume[0] / volume[1])
    return found


class BrokerDisk:
    """The source ``broker-disk``: produces nothing, keeps two gauges. What it cannot learn stops nobody's work."""

    name = "broker-disk"

    def __init__(self, service: str, options: Mapping[str, Any]) -> None:
        self.service = service
        self._options = options
        self._told = False

    async def step(self, _sender: Sender) -> float:
        try:
            found = await room(self._options)
        except Exception as error:
            metrics.broker_disk_free.clear()
            metrics.broker_disk.clear()
            if not self._told:
                log.warning("free space of the brokers is unknown", error=repr(error), hint=HINT)
            self._told = True
            return LOOK_SECONDS
        self._told = False
        for broker, (free, total) in found.items():
            metrics.broker_disk_free.labels(str(broker)).set(free)
            metrics.broker_disk.labels(str(broker)).set(total)
        return LOOK_SECONDS
