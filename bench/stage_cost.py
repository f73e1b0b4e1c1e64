"""CPU a record: a stage that does nothing beside raw aiokafka, with the same decode and the same commits.

Both read the same topic from its beginning, in one process, in turns (A B B A …), so that a machine that slows
down slows both. Measured is the processor time of the process (user and system) from the first records in hand
to the end of the consumer, a record; the answer is the median of the rounds' ratios.
"""

from __future__ import annotations

import asyncio
import json
import secrets
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.consumer import fetcher
from aiokafka.record.memory_records import MemoryRecords

from shared.clock import SystemClock
from shared.contracts import encode
from shared.contracts.events import ArticleCleaned, UrlSubmitted
from shared.contracts.record import Outgoing, Record
from shared.contracts.topics import full_name
from shared.pipeline.judge import Judge
from shared.pipeline.kafka.sender import KafkaSender
from shared.pipeline.kafka.stage import KafkaStage
from shared.pipeline.kafka.topics import apply_topics
from shared.pipeline.results import Emit
from shared.pipeline.stage import Batch, Stage
from shared.topics_file import TopicSpec

PARTITIONS = 4
PROMISED = {"1 KB": 1.3, "20 KB": 1.1}
TIME = "2026-01-01T00:00:00Z"
DONE = Emit()
PARTITION_RECORDS = fetcher.PartitionRecords.__mro__[1]  # what ours derives from


@dataclass(frozen=True)
class Case:
    """``decode`` is what both sides do with a value; ``batch`` the records between two commits, as our stage has it."""

    name: str
    topic: str
    batch: int
    record: Callable[[int], Outgoing]
    decode: Callable[[bytes], object]


def _url(number: int) -> Outgoing:
    labels = {f"label-{index}": f"{number:08}-" + "v" * 40 for index in range(14)}
    submitted = UrlSubmitted(url=f"https://news.example/article/{number}", ref=f"ref-{number}", labels=labels)
    return encode.urls(submitted, id=f"id-{number}", source="bench", time=TIME)


def _article(number: int) -> Outgoing:
    same = json.loads(ARTICLE)
    same["text"] = f"{number:08} " + "The minister said “nothing of the kind” had been planned.\n\n" * 330
    return encode.articles(ArticleCleaned.model_validate(same))


ARTICLE = json.dumps(
    {
        "article_id": "11111111-1111-5111-8111-111111111111",
        "version": "sha256:" + "0" * 64,
        "visit_id": "22222222-2222-5222-8222-222222222222",
        "url_id": "33333333-3333-5333-8333-333333333333",
        "observed_at": TIME,
        "url": "https://news.example/a",
        "submitted_url": "https://news.example/a",
        "final_url": "https://news.example/a",
        "site": "news.example",
        "title": "Nothing of the kind",
        "authors": ["A. Writer", "B. Writer"],
        "language": "en",
        "page_sha256": "0" * 64,
        "provenance": {"title": "og:title", "authors": "json-ld", "language": "html"},
        "text": "",
    }
)
CASES = (
    Case("1 KB", "urls", 500, _url, UrlSubmitted.model_validate_json),
    Case("20 KB", "articles", 64, _article, ArticleCleaned.model_validate_json),
)


@dataclass(frozen=True)
class Measured:
    """Microseconds of processor time a record, medians over the rounds, and the median of the rounds' ratios."""

    case: Case
    records: int
    raw: float
    stage: float
    ratio: float
    ratios: tuple[float, ...]


async def measure(bootstrap: str, case: Case, *, records: int, rounds: int) -> Measured:
    """Fill a topic, then read it in turns."""
    options = {"bootstrap_servers": bootstrap}
    prefix = f"bench{secrets.token_hex(4)}"
    await apply_topics(options, prefix, [TopicSpec(name=case.topic, partitions=PARTITIONS)])
    await _fill(options, prefix, case, records)
    await _raw(options, prefix, case, records, "warm-up")
    await _staged(options, prefix, case, records, "warm-up")
    raw: list[float] = []
    stage: list[float] = []
    for number in range(rounds):
        pair = [(raw, _raw), (stage, _staged)]
        for results, side in pair if number % 2 == 0 else reversed(pair):
            results.append(await side(options, prefix, case, records, str(number)))
    ratios = tuple(ours / theirs for ours, theirs in zip(stage, raw, strict=True))
    return Measured(
        case, records, statistics.median(raw), statistics.median(stage), statistics.median(ratios), ratios
    )


async def _fill(options: dict[str, Any], prefix: str, case: Case, records: int) -> None:
    sender = KafkaSender(options, prefix=prefix, max_bytes=lambda _topic: 2**20, deadline=120)
    for start in range(0, records, 1000):
        await sender.send([case.record(number) for number in range(start, min(start + 1000, records))])
    await sender.close()


async def _raw(options: dict[str, Any], prefix: str, case: Case, records: int, name: str) -> float:
    ours = fetcher.MemoryRecords, fetcher.PartitionRecords
    fetcher.MemoryRecords, fetcher.PartitionRecords = MemoryRecords, PARTITION_RECORDS  # as the library comes
    try:
        return await _read_raw(options, prefix, case, records, name)
    finally:
        fetcher.MemoryRecords, fetcher.PartitionRecords = ours


async def _read_raw(options: dict[str, Any], prefix: str, case: Case, records: int, name: str) -> float:
    consumer = AIOKafkaConsumer(
        full_name(prefix, case.topic),
        **options,
        group_id=f"{prefix}.raw.{name}",
        auto_offset_reset="earliest",
        enable_auto_commit=False,
        fetch_max_wait_ms=100,
        max_partition_fetch_bytes=5 * 2**20,
    )
    await consumer.start()
    begun: float | None = None
    seen = 0
    while seen < records:
        got = await consumer.getmany(timeout_ms=100, max_records=case.batch)
        if begun is None and got:
            begun = time.process_time()
        offsets: dict[TopicPartition, int] = {}
        for partition, messages in got.items():
            for message in messages:
                case.decode(message.value)
            offsets[partition] = messages[-1].offset + 1
            seen += len(messages)
        if offsets:
            await consumer.commit(offsets)
    await consumer.stop()
    return (time.process_time() - (begun or 0.0)) / records * 1e6


async def _staged(options: dict[str, Any], prefix: str, case: Case, records: int, name: str) -> float:
    begun: float | None = None
    seen = 0
    all_there = asyncio.Event()

    def decode(record: Record, _envelope: object) -> object:
        nonlocal begun
        if begun is None:
            begun = time.process_time()
        return case.decode(record.value or b"")

    async def handle(batch: Batch[object]) -> None:
        nonlocal seen
        for place, _ in batch:
            batch.settle(place, DONE)
        seen += len(batch.results)
        if seen >= records:
            all_there.set()

    stage = Stage("bench", name, case.topic, decode, handle, batch=case.batch)
    sender = KafkaSender(options, prefix=prefix, max_bytes=lambda _topic: 2**20)
    runner = KafkaStage(
        Judge(stage, max_bytes=lambda _topic: 2**20, clock=SystemClock()),
        sender,
        options,
        prefix=prefix,
        batch_seconds=20,
    )
    await runner.start()
    await all_there.wait()
    await runner.stop()
    await sender.close()
    return (time.process_time() - (begun or 0.0)) / records * 1e6
