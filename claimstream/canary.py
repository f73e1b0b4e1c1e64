"""A canary on demand: one synthetic article from submission to claim, timed by who asked for it."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from claimstream.kafka import Broker
from shared.clock import SystemClock, iso
from shared.contracts import codec, topics
from shared.contracts.canary import canary_request
from shared.contracts.envelope import parse
from shared.contracts.events import UrlOutcome
from shared.contracts.record import Record
from shared.errors import BrokerAway, TopicMissing, Undecodable
from shared.pipeline.kafka.topics import admin

POLL_MS = 200


@dataclass(frozen=True, slots=True)
class CanaryAnswer:
    """``outcome`` None: none came within the time. ``seconds`` from the submission to its answer."""

    outcome: UrlOutcome | None
    seconds: float

    @property
    def alive(self) -> bool:
        """Whether it came through every service and its claims were found."""
        return self.outcome is not None and self.outcome.fate.value == "stored" and bool(self.outcome.claims)


async def push_canary(broker: Broker, seconds: float = 60.0) -> CanaryAnswer:
    """Submit a canary on `urls` as an upstream feed would and wait for its outcome. Raises BrokerAway and
    TopicMissing.

    Its claims reach nobody, whatever becomes of it; it is in no account.
    """
    ref = f"canary-{secrets.token_hex(8)}"
    consumer = AIOKafkaConsumer(**broker.options, isolation_level="read_committed", enable_auto_commit=False)
    sender = broker.sender()
    try:
        await consumer.start()
        await _at_the_end(broker.options, consumer, topics.full_name(broker.prefix, topics.OUTCOMES))
        started = time.monotonic()
        await sender.send([canary_request(ref, iso(SystemClock().now()))])
        outcome = None
        while outcome is None and time.monotonic() - started < seconds:
            outcome = _answer_to(ref, await consumer.getmany(timeout_ms=POLL_MS))
        return CanaryAnswer(outcome, time.monotonic() - started)
    except (KafkaError, OSError) as error:
        raise BrokerAway(repr(error)) from error
    finally:
        await asyncio.gather(consumer.stop(), sender.close())


async def _at_the_end(options: Mapping[str, Any], consumer: AIOKafkaConsumer, topic: str) -> None:
    async with admin(options) as client:
        (described,) = await client.describe_topics([topic])
    partitions = [TopicPartition(topic, entry["partition"]) for entry in described["partitions"]]
    if not partitions:
        raise TopicMissing(topic)
    consumer.assign(partitions)
    for partition, end in (await consumer.end_offsets(partitions)).items():
        consumer.seek(partition, end)


def _answer_to(ref: str, polled: dict[TopicPartition, list[Any]]) -> UrlOutcome | None:
    for messages in polled.values():
        for m in messages:
            record = Record(topics.OUTCOMES, m.partition, m.offset, m.timestamp, m.key, m.value, m.headers)
            try:
                outcome = codec.decode_outcome(record, parse(record.headers))
            except Undecodable:
                continue  # not what we wait for
            if any(one.ref == ref for one in outcome.submissions):
                return outcome
    return None
