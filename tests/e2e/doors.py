"""What comes in at the doors: records that nobody should write, each beside a good one, and what becomes of them."""

from __future__ import annotations

import contextlib
import time
import tomllib
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiokafka import AIOKafkaProducer
from aiokafka.record.default_records import _DefaultRecordBatchBuilderPy

from claimstream.readers import READERS
from services.cleaner.work import work as clean
from services.extractor.work import work as extract
from services.fetcher.files import open_file_visit
from shared.clock import SystemClock, iso
from shared.contracts import codec, topics
from shared.contracts.enums import Fate
from shared.contracts.events import VisitFate
from shared.contracts.page import CompressedPage, compress_page
from shared.contracts.record import Outgoing, Record
from shared.contracts.topics import full_name
from shared.pipeline.results import Emit
from tests.e2e.kafka_world import KafkaWorld
from tests.integration.pipeline.harness import RawHeaderName

SUBMITTED = (topics.URLS, topics.URLS_BULK)
TOPICS = tuple(dict.fromkeys(reader.topic for reader in READERS))
BATCH_BYTES = 8 * 2**20
GOOD_FATE = "door-good"
NOT_UTF8 = "\\xff"  # how a case names a header key that is no UTF-8

Header = tuple[str, bytes | None]


@dataclass(frozen=True)
class Kind:
    """A case of ``records.toml``."""

    name: str
    value: bytes | None
    whole: bool
    key: bytes | None
    headers: Sequence[Header]
    codes: Mapping[str, str]
    topics: Sequence[str]

    def code(self, topic: str) -> str | None:
        """The code of its dead letters; None: it is handled."""
        return self.codes.get(topic, self.codes.get("other"))

    @property
    def odd(self) -> bool:
        """Whether a header key is no UTF-8."""
        return any(isinstance(name, RawHeaderName) for name, _ in self.headers)


def load_kinds(path: Path) -> list[Kind]:
    return [_kind(**table) for table in tomllib.loads(path.read_text(encoding="utf-8"))["records"]]


def _kind(name: str, codes: dict[str, str], **given: Any) -> Kind:
    value = given.get("value")
    return Kind(
        name=name,
        value=bytes.fromhex(given["hex"])
        if "hex" in given
        else value and value.encode() * given.get("times", 1)
        if value != ""
        else b"",
        whole=given.get("whole", False),
        key=given["key"].encode() if "key" in given else None,
        headers=[_header(*header) for header in given.get("headers", ())],
        codes=codes,
        topics=given.get("only", TOPICS),
    )


def _header(name: str, text: str | None = None, form: str = "text") -> Header:
    value = None if text is None else bytes.fromhex(text) if form == "hex" else text.encode()
    return (RawHeaderName(name) if name.startswith(NOT_UTF8) else name, value)


@dataclass(frozen=True)
class Placed:
    """A record of ``kind`` and the good one behind it. ``url`` and ``good_url`` are those of their visits, on `urls`
    the ``ref`` of their submissions."""

    kind: Kind
    topic: str
    offset: int
    url: str
    good_url: str

    @property
    def code(self) -> str | None:
        return self.kind.code(self.topic)

    @property
    def coordinates(self) -> str:
        return f"{self.topic}:0:{self.offset}"


class Doors:
    """Writes to the topics of a world with one partition each. ``page_url``: a page that can be fetched."""

    def __init__(self, world: KafkaWorld, page_url: str) -> None:
        self._world = world
        self._page_url = page_url

    async def write(self, topic: str, kinds: Sequence[Kind]) -> list[Placed]:
        """Each kind that ``topic`` gets, and a good record behind each, in one go."""
        records: list[dict[str, Any]] = []
        pairs = []
        for number, kind in enumerate(kind for kind in kinds if topic in kind.topics):
            names = [f"https://door.example/{topic}/{number}/{which}" for which in ("odd", "good")]
            odd, good = [await self.good(topic, name) for name in names]
            records += [_as(kind, odd), _raw(good)]
            pairs.append((kind, names))
        base = await self.produce_raw(topic, records)
        return [Placed(kind, topic, base + 2 * number, *names) for number, (kind, names) in enumerate(pairs)]

    async def good(self, topic: str, name: str) -> Outgoing:
        """A good record for a topic, of a visit that is open in the account under the URL ``name``."""
        if topic in SUBMITTED:
            value = f'{{"url": "{self._page_url}", "ref": "{name}"}}'
            return Outgoing(topic, None, value.encode())
        content = PAGE.replace("@", name).encode()
        page = await open_file_visit(self._world.frontier, content, url=name, content_type="text/html")
        assert page is not None
        if topic == topics.FATES:
            return rejected(page.visit_id)
        compressed = compress_page(content)
        if topic == topics.PAGES:
            return codec.pages(page, compressed)
        article = _only(clean(CompressedPage(page, compressed)))
        if topic == topics.ARTICLES:
            return article
        # The store needs the article beside its extraction; the extractor is not to make a second one of it.
        to_store = [*article.headers, ("ce_to", b"store")]
        await self._world.produce(Outgoing(article.topic, article.key, article.value, to_store))
        record = Record(article.topic, 0, 0, 0, article.key, article.value, article.headers)
        return _only(extract(record))

    async def produce_raw(self, topic: str, records: Sequence[dict[str, Any]]) -> int:
        """One record batch, past every check of a producer. The offset of the first."""
        async with self.producer(max_request_size=2 * BATCH_BYTES) as producer:
            batch = producer.create_batch()
            batch._builder = _DefaultRecordBatchBuilderPy(2, 0, 0, -1, -1, 0, BATCH_BYTES)
            for number, record in enumerate(records):
                batch._builder.append(number, int(time.time() * 1000), **record)
                batch._relative_offset += 1
            name = full_name(self._world.prefix, topic)
            written = await (await producer.send_batch(batch, name, partition=0))
            return int(written.offset)

    @contextlib.asynccontextmanager
    async def producer(self, **options: Any) -> AsyncIterator[AIOKafkaProducer]:
        """A producer of somebody's, without any check of ours."""
        producer = AIOKafkaProducer(**self._world.options, **options)
        await producer.start()
        try:
            yield producer
        finally:
            await producer.stop()


def rejected(visit_id: str) -> Outgoing:
    """A good record of `fates`."""
    at = iso(SystemClock().now())
    said = VisitFate(visit_id=visit_id, fate=Fate.REJECTED, code=GOOD_FATE, service="cleaner", at=at)
    return codec.fates(said)


def _only(result: object) -> Outgoing:
    assert isinstance(result, Emit)
    (record,) = result.records
    return record


def _raw(record: Outgoing) -> dict[str, Any]:
    return {"key": record.key, "value": record.value, "headers": list(record.headers)}


def _as(kind: Kind, good: Outgoing) -> dict[str, Any]:
    """The good record made into one of this kind. What it says of its visit stays, so that the account can be told."""
    replaced = {name for name, _ in kind.headers}
    kept = [
        (name, value)
        for name, value in good.headers
        if name not in replaced and (name == "ce_visitid" or good.topic == topics.PAGES)
    ]
    value = good.value if kind.whole else kind.value
    return {"key": kind.key, "value": value, "headers": [*kept, *kind.headers]}


def stages_of(topic: str) -> list[tuple[str, str]]:
    """(service, stage's label) of all that read the topic."""
    return [
        (reader.service, f"{reader.service}.{reader.stage}") for reader in READERS if reader.topic == topic
    ]


def moved(before: Mapping[tuple[str, ...], float], metric: Any) -> Counter[tuple[str, ...]]:
    """By how much each child of a counter has risen since :func:`counts`."""
    now = counts(metric)
    return Counter(
        {
            labels: int(now[labels] - before.get(labels, 0))
            for labels in now
            if now[labels] != before.get(labels, 0)
        }
    )


def counts(metric: Any) -> dict[tuple[str, ...], float]:
    """The value of each child of a counter, by its labels."""
    return {labels: child._value.get() for labels, child in metric._metrics.items()}


PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Bridge to Be Closed</title>
<meta property="og:type" content="article"></head><body><article><h1>Bridge to Be Closed</h1>
<p>The road along the estuary carries more lorries than it was built for, and its bridges are inspected in turn.</p>
<p>“The bridge will have to be closed to all lorries for ten weeks,” said Lena Fisk, an engineer of the county.</p>
<p>The county's engineers publish what they find on the first Monday of the month, and the council debates it.</p>
<p>The number of this report at the county's news desk is @.</p>
</article></body></html>
"""
