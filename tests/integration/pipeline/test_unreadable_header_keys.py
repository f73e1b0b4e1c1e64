"""A header key that is not UTF-8, written past the producer: legal on the wire, and aiokafka cannot read it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.consumer import fetcher
from aiokafka.record.memory_records import MemoryRecords
from structlog.testing import capture_logs

from shared import metrics
from shared.pipeline.kafka import records
from tests.integration.pipeline.harness import RawHeaderName, World, counted, echo_stage, running

BAD = [(RawHeaderName("not utf-8"), b"value")]


def raw(value: bytes, *, bad: bool = False) -> dict[str, Any]:
    return {"key": b"k", "value": value, "headers": BAD if bad else []}


async def fill(world: World) -> list[bytes]:
    """Odd records in the middle of partition 0, first and last of 2; 1 is sound. Returns the values of all."""
    await world.create(partitions=3)
    await world.produce_raw(
        [raw(b"0.0"), raw(b"0.1"), raw(b"0.2", bad=True), raw(b"0.3", bad=True), raw(b"0.4")], partition=0
    )
    await world.produce_raw([raw(b"1.%d" % number) for number in range(40)], partition=1)
    await world.produce_raw([raw(b"2.0", bad=True), raw(b"2.1"), raw(b"2.2", bad=True)], partition=2)
    return (
        [b"0.%d" % n for n in range(5)] + [b"1.%d" % n for n in range(40)] + [b"2.%d" % n for n in range(3)]
    )


async def test_plain_aiokafka_raises_for_ever_and_never_gets_past(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await fill(world)
    monkeypatch.setattr(fetcher, "MemoryRecords", MemoryRecords)  # as the library comes
    consumer = AIOKafkaConsumer(bootstrap_servers=world.bootstrap, auto_offset_reset="earliest")
    await consumer.start()
    partitions = [TopicPartition(world.topic("urls"), number) for number in range(3)]
    consumer.assign(partitions)
    seen, raised = set(), 0
    try:
        for _ in range(30):
            try:
                for records in (await consumer.getmany(timeout_ms=100)).values():
                    seen |= {record.value for record in records}
            except UnicodeDecodeError:
                raised += 1
        # Seeking past the offset is no way out: the broker hands over the whole batch again.
        consumer.seek(partitions[0], 4)
        with pytest.raises(UnicodeDecodeError):
            await consumer.getmany(partitions[0], timeout_ms=5_000)
    finally:
        await consumer.stop()
    assert raised >= 10
    assert not seen & {b"0.4", b"2.1"}


@pytest.mark.parametrize("batch", [1, 7, 100])
async def test_ours_hands_over_every_record_and_names_the_odd_ones(world: World, batch: int) -> None:
    values = await fill(world)
    before = counted(metrics.odd_headers, "echo.urls")
    with capture_logs() as logs:
        async with running(world.service(echo_stage(batch=batch))):
            await world.until_committed(len(values))
    assert await world.out() == dict.fromkeys(values, 1)
    assert counted(metrics.odd_headers, "echo.urls") == before + 4
    named = [line["record"] for line in logs if line.get("code") == "header-key-undecodable"]
    assert sorted(named) == ["urls:0:2", "urls:0:3", "urls:2:0", "urls:2:2"]
    assert await world.letters() == []


async def test_a_dead_letter_keeps_value_and_key_and_writes_the_odd_header_key_with_escapes(
    world: World,
) -> None:
    await world.create(partitions=1)
    await world.produce_raw([{"key": b"k", "value": b"", "headers": BAD}], partition=0)
    async with running(world.service()):
        await world.until_committed(1)
    (letter,) = await world.read("urls!echo")
    assert (letter.key, letter.value, letter.headers[0]) == (b"k", b"", ("\\xff\\xfe", b"value"))


@pytest.mark.parametrize("compression", ["gzip", "snappy", "lz4", "zstd"])
async def test_our_parser_reads_what_the_library_reads(world: World, compression: str) -> None:
    await world.create(partitions=1)
    async with world.producer(compression_type=compression, linger_ms=50) as producer:
        headers = [("a", None), ("b", b""), ("ü", b"\xff")]
        for number in range(50):
            key = None if number % 2 else b"%d" % number
            value = None if number % 5 == 0 and key else b"x" * number * 100
            await producer.send(world.topic("urls"), value, key=key, headers=headers[: number % 4])
    theirs = await world.read("urls")

    class Breaking:
        """Every batch of the library's parser raises at its third record."""

        def __init__(self, batch: Any) -> None:
            self._batch = batch

        def __getattr__(self, name: str) -> Any:
            return getattr(self._batch, name)

        def __iter__(self) -> Iterator[Any]:
            for number, record in enumerate(self._batch):
                if number == 2:
                    raise UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid start byte")
                yield record

    class BreakingRecords(records.TolerantRecords):
        def next_batch(self) -> Any:
            batch = super().next_batch()
            return batch if isinstance(batch, records.ReparsedBatch) else Breaking(batch)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fetcher, "MemoryRecords", BreakingRecords)
        before = records.TolerantRecords.reparsed
        ours = await world.read("urls")
    assert records.TolerantRecords.reparsed > before
    assert ours == theirs
