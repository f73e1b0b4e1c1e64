"""From a URL to its claims, at a steady rate: how long a claim's reader waits after the submitter wanted to submit.

The submitter is an open loop: it sends by its timetable whatever the system does, and the time of a page counts from
its place in the timetable. So a system that stalls is charged with everybody who had to wait meanwhile.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import math
import time
from collections.abc import Sequence
from dataclasses import dataclass

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRecord

from bench.load.world import World, urls
from shared.contracts.topics import CLAIMS, URLS, full_name

AFTER_SECONDS = 60.0  # that the last pages have for their claims
WARM = 0.1  # of the pages, whose times do not count: connections and caches are made then


@dataclass(frozen=True, slots=True)
class Latency:
    """``rate``: pages a second. ``p50`` and ``p99`` in seconds from timetable to claim. ``behind``: the most that the
    submitter itself was behind its timetable. ``missing``: pages of which no claim had come at the end."""

    rate: float
    pages: int
    p50: float
    p99: float
    longest: float
    behind: float
    missing: int


async def measure(made: World, rate: float, seconds: float, first: int) -> Latency:
    """All services run already."""
    pages = urls(made, max(20, round(rate * seconds)), first)
    arrived: dict[str, float] = {}
    consumer = AIOKafkaConsumer(
        full_name(made.prefix, CLAIMS),
        **made.options,
        isolation_level="read_committed",
        auto_offset_reset="latest",
    )
    producer = AIOKafkaProducer(**made.options, linger_ms=0)
    await producer.start()
    await consumer.start()
    try:
        await consumer.seek_to_end()
        reading = asyncio.create_task(_read(consumer, arrived))
        planned, behind = await _submit(producer, full_name(made.prefix, URLS), pages, rate)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(AFTER_SECONDS):
                while len(arrived.keys() & planned.keys()) < len(planned):  # noqa: ASYNC110
                    await asyncio.sleep(0.2)
        reading.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await reading
    finally:
        await consumer.stop()
        await producer.stop()
    counted = pages[round(len(pages) * WARM) :]
    waits = sorted(arrived[url] - planned[url] for url in counted if url in arrived)
    return Latency(
        rate,
        len(counted),
        quantile(waits, 0.5),
        quantile(waits, 0.99),
        waits[-1] if waits else float("nan"),
        behind,
        len(counted) - len(waits),
    )


async def _submit(
    producer: AIOKafkaProducer, topic: str, pages: Sequence[str], rate: float
) -> tuple[dict[str, float], float]:
    """Send each at its time; when each was to be sent, and the most that we were late."""
    start = time.monotonic() + 1.0
    planned = {url: start + number / rate for number, url in enumerate(pages)}
    behind = 0.0
    sent = []
    for url, at in planned.items():
        if (wait := at - time.monotonic()) > 0:
            await asyncio.sleep(wait)
        behind = max(behind, time.monotonic() - at)
        # Not awaited here: whether the broker has it is no business of the timetable.
        sent.append(asyncio.ensure_future(producer.send_and_wait(topic, url.encode(), key=url.encode())))
    await asyncio.gather(*sent)
    return planned, behind


async def _read(consumer: AIOKafkaConsumer, arrived: dict[str, float]) -> None:
    record: ConsumerRecord
    async for record in consumer:
        now = time.monotonic()
        if record.value is not None:
            arrived.setdefault(json.loads(record.value)["article"]["url"], now)


def quantile(ordered: Sequence[float], part: float) -> float:
    """The value at or below which ``part`` of the values lie; of none, NaN."""
    if not ordered:
        return float("nan")
    return ordered[max(0, math.ceil(part * len(ordered)) - 1)]
