"""The topics that people outside see, on a real broker, filled as our own services fill them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Self

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from claimstream.devservices import Kafka
from shared.contracts.placement import partition_for
from shared.contracts.record import Outgoing, Record
from shared.contracts.topics import CLAIMS, URLS, full_name
from shared.pipeline.kafka.sender import KafkaSender
from shared.pipeline.kafka.topics import apply_topics
from shared.topics_file import load_topics, max_bytes_of
from tests.real import access

PARTITIONS = 3


class Topics:
    """`claims` and `urls`, under a prefix of the test's own."""

    def __init__(self, kafka: Kafka, prefix: str) -> None:
        self.kafka = kafka
        self.prefix = prefix
        self._options = access.inside(kafka)
        specs = load_topics()
        self._specs = [replace(specs[name], partitions=PARTITIONS) for name in (CLAIMS, URLS)]
        self._relay = KafkaSender(
            self._options,
            prefix=prefix,
            max_bytes=max_bytes_of(specs),
            transactional_id=f"{prefix}.relay",
        )

    async def __aenter__(self) -> Self:
        await apply_topics(self._options, self.prefix, self._specs)
        return self

    async def __aexit__(self, *error: object) -> None:
        await self._relay.close()

    async def relay(self, records: Sequence[Outgoing]) -> None:
        """In one transaction, packed with zstd, placed by article: the store's own sender."""
        await self._relay.send_transaction(records)

    async def abort(self, record: Outgoing) -> None:
        """Send it in a transaction that is aborted, as one is when a relay dies."""
        producer = AIOKafkaProducer(
            **self._options, transactional_id=f"{self.prefix}.dying", compression_type="zstd"
        )
        await producer.start()
        try:
            await producer.begin_transaction()
            await producer.send_and_wait(
                full_name(self.prefix, record.topic),
                record.value,
                record.key,
                partition=partition_for(record.place_by or b"", PARTITIONS),
                headers=list(record.headers),
            )
            await producer.abort_transaction()
        finally:
            await producer.stop()

    async def submitted(self, number: int) -> list[Record]:
        """The first ``number`` records of `urls`, as our intake gets them."""
        name = full_name(self.prefix, URLS)
        consumer = AIOKafkaConsumer(name, **self._options, auto_offset_reset="earliest")
        records: list[Record] = []
        async with consumer:
            while len(records) < number:
                message = await consumer.getone()
                records.append(
                    Record(
                        URLS,
                        message.partition,
                        message.offset,
                        message.timestamp,
                        message.key,
                        message.value,
                        message.headers,
                    )
                )
        return records
