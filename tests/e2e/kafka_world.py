"""The world on a real Kafka and a real PostgreSQL: a `KafkaService` for each member, all in the test's event loop.

The members come in by TLS and SCRAM, as a user whose role is `service`; what looks on is a super user's.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from claimstream.databases import OWNERS
from claimstream.devservices import Kafka, Postgres
from shared.contracts import topics
from shared.contracts.record import Outgoing, Record
from shared.contracts.topics import full_name, group_name, short_name
from shared.errors import DependencyAway
from shared.pipeline.kafka.connection import connection_options
from shared.pipeline.kafka.letters import read_letters, redrive
from shared.pipeline.kafka.sender import KafkaSender
from shared.pipeline.kafka.service import KafkaService
from shared.pipeline.kafka.topics import apply_topics
from shared.pipeline.redrive import Letter, letters_of, plan
from shared.pipeline.service import Service
from shared.settings import CommonSettings, KafkaSettings
from shared.topics_file import load_topics, max_bytes_of
from tests.e2e.world import SERVICES, WATCHED, World, build, common
from tests.real import access

LOOK_SECONDS = 0.05
PARTITIONS = 3
SEND_SECONDS = 5.0  # a broker that does not acknowledge within it counts as away
# Every consumer group, in the order in which a record meets them.
BEFORE_THE_FRONTIER = (("fetcher", "intake", topics.URLS), ("fetcher", "intake-bulk", topics.URLS_BULK))
TO_THE_OUTBOX = (
    ("cleaner", "pages", topics.PAGES),
    ("extractor", "articles", topics.ARTICLES),
    ("store", "articles", topics.ARTICLES),
    ("store", "extractions", topics.EXTRACTIONS),
)
TO_THE_ACCOUNT = (("fetcher", "fates", topics.FATES),)
SUBMITTED = (topics.URLS, topics.URLS_BULK)


@dataclass(eq=False)
class Member:
    """One running copy of a service."""

    runner: KafkaService
    task: asyncio.Task[None]


class KafkaWorld(World):
    """``partitions`` of every topic but the dead letters'; ``start``: the services that run from the beginning."""

    def __init__(
        self,
        kafka: Kafka,
        postgres: Postgres,
        prefix: str,
        *,
        partitions: int = PARTITIONS,
        start: Sequence[str] = SERVICES,
    ) -> None:
        super().__init__({service: postgres.new_database() for service in OWNERS})
        self._postgres = postgres
        self._start = start
        self.prefix = prefix
        self._kafka_part = kafka
        self.kafka = KafkaSettings(bootstrap=kafka.bootstrap, send_seconds=SEND_SECONDS)
        self.options: dict[str, Any] = connection_options(self.kafka)
        specs = load_topics()
        self._specs = [
            replace(spec, partitions=spec.partitions if "!" in spec.name else partitions)
            for spec in specs.values()
        ]
        self.max_bytes = max_bytes_of(specs)
        self.sender = KafkaSender(self.options, prefix=prefix, max_bytes=self.max_bytes, deadline=30)
        self.members: dict[str, list[Member]] = {name: [] for name in SERVICES}
        self._stack = AsyncExitStack()
        self._consumer: AIOKafkaConsumer
        self._admin: AIOKafkaAdminClient
        self._letters: list[Record] = []
        self._next: dict[TopicPartition, int] = {}

    async def __aenter__(self) -> KafkaWorld:
        try:
            await self.migrate()
            await apply_topics(self.options, self.prefix, self._specs)
            await access.user(self._kafka_part, self.prefix, "service")
            await self._watch()
            await asyncio.gather(*(self.join(name) for name in self._start))
        except BaseException as error:
            await self.__aexit__(type(error), error, error.__traceback__)
            raise
        return self

    # -- members --------------------------------------------------------------------------------------------------

    @property
    def outside(self) -> KafkaSettings:
        """How a service connects; ``kafka`` is how whoever looks on does."""
        user = f"{self.prefix}-service"
        return access.outside(self._kafka_part, user, send_seconds=SEND_SECONDS)

    @property
    def common(self) -> CommonSettings:
        return common(prefix=self.prefix)

    async def join(self, name: str) -> Member:
        """One more copy of a service; returns when its stages run."""
        service = build(name, self.common, self.urls)
        member = self.start(self.board.wrap(service))
        self.members[name].append(member)
        while member.runner._starting and not member.task.done():
            await asyncio.sleep(LOOK_SECONDS)
        if member.task.done():
            await member.task
        return member

    def start(self, service: Service) -> Member:
        runner = KafkaService(service, self.common, self.outside, max_bytes=self.max_bytes)
        return Member(runner, asyncio.create_task(runner.run(), name=f"member {service.name}"))

    async def leave(self, name: str) -> None:
        """An orderly end of the oldest copy of a service, as a deploy ends it."""
        member = self.members[name].pop(0)
        member.runner.stop()
        await member.task

    async def until_rebalancing(self, service: str, stage: str, seconds: float = 30) -> None:
        """Wait until the stage's group waits for its members."""
        group = group_name(self.prefix, service, stage)
        async with asyncio.timeout(seconds):
            while await self._state(group) != "PreparingRebalance":
                await asyncio.sleep(LOOK_SECONDS)

    async def until_away(self, name: str, seconds: float = 60) -> None:
        """Wait until a stage or source (``store.relay``) has paused because what it needs is away."""
        runners = [member.runner for member in self.members[name.partition(".")[0]]]

        def paused(runner: KafkaService) -> bool:
            stages = [stage.label for stage in runner.stages if stage.away is not None]
            return name in stages or name in runner._source_problems

        async with asyncio.timeout(seconds):
            while not any(map(paused, runners)):
                await asyncio.sleep(LOOK_SECONDS)

    async def until_seen(self, topic: str, count: int, seconds: float = 60) -> None:
        """Wait until so many records in all were seen on a topic."""
        async with asyncio.timeout(seconds):
            while len(self.records[topic]) < count:
                await asyncio.sleep(LOOK_SECONDS)

    async def _state(self, group: str) -> str:
        (response,) = await self._admin.describe_consumer_groups([group])
        ((_error, _group, state, *_),) = response.groups
        return str(state)

    # -- what can be done -----------------------------------------------------------------------------------------

    async def produce(self, *records: Outgoing) -> None:
        await self.sender.send(records)

    async def redrive(self, topic: str) -> int:
        chosen = plan(await read_letters(self.options, self.prefix, [topic])).chosen
        sender = KafkaSender(
            self.options,
            prefix=self.prefix,
            max_bytes=self.max_bytes,
            transactional_id=f"{self.prefix}.redrive",
        )
        try:
            await redrive(sender, chosen)
        finally:
            await sender.close()
        return len(chosen)

    async def letters(self) -> list[Letter]:
        return letters_of(self._letters)

    # -- quiet ----------------------------------------------------------------------------------------------------

    async def quiet(self, seconds: float = 60) -> None:
        async with asyncio.timeout(seconds):
            while not await self._is_quiet():
                await asyncio.sleep(LOOK_SECONDS)

    async def _is_quiet(self) -> bool:
        """Looked at in the order in which a record goes: what is empty here has passed everything on to the next."""
        for member in (member for members in self.members.values() for member in members):
            if member.task.done():
                member.task.result()
        try:
            return (
                await self._committed(*BEFORE_THE_FRONTIER)
                and not await self.queued()
                and await self._committed(*TO_THE_OUTBOX[:1])
                and await self._committed(*TO_THE_OUTBOX[1:3])
                and await self._committed(*TO_THE_OUTBOX[3:])
                and not await self.unsent()
                and await self._committed(*TO_THE_ACCOUNT)
                and not await self.unanswered()
                and await self._all_seen()
            )
        except (KafkaError, DependencyAway):
            return False

    async def _committed(self, *groups: tuple[str, str, str]) -> bool:
        """Whether these groups have committed everything that was on their topics when it was asked."""
        if not await self._all_seen():
            return False
        for service, stage, topic in groups:
            found = await self._admin.list_consumer_group_offsets(group_name(self.prefix, service, stage))
            committed = {tp: at.offset for tp, at in found.items()}
            name = full_name(self.prefix, topic)
            if any(committed.get(tp, 0) < offset for tp, offset in self._next.items() if tp.topic == name):
                return False
        return True

    async def _all_seen(self) -> bool:
        """Whether the watch is at the end of every topic. The position is behind transaction markers, too."""
        ends = await self._consumer.end_offsets(list(self._consumer.assignment()))
        return all([await self._consumer.position(tp) >= end for tp, end in ends.items()])

    # -- the watch ------------------------------------------------------------------------------------------------

    async def _watch(self) -> None:
        names = [spec.name for spec in self._specs if spec.name in (*SUBMITTED, *WATCHED) or "!" in spec.name]
        self._admin = AIOKafkaAdminClient(**self.options)
        await self._admin.start()
        self._stack.push_async_callback(self._admin.close)
        self._consumer = AIOKafkaConsumer(
            **self.options,
            isolation_level="read_committed",
            auto_offset_reset="earliest",
            fetch_max_wait_ms=50,
        )
        await self._consumer.start()
        self._stack.push_async_callback(self._consumer.stop)
        described = await self._admin.describe_topics([full_name(self.prefix, name) for name in names])
        self._consumer.assign(
            [TopicPartition(d["topic"], p["partition"]) for d in described for p in d["partitions"]]
        )
        watching = asyncio.create_task(self._see(), name="watch")
        self._stack.push_async_callback(_end, watching)
        self._stack.push_async_callback(self.sender.close)

    async def _see(self) -> None:
        while True:
            for partition, messages in (await self._consumer.getmany(timeout_ms=1000)).items():
                topic = short_name(self.prefix, partition.topic)
                records = self._letters if "!" in topic else self.records[topic]
                records += [
                    Record(topic, m.partition, m.offset, m.timestamp, m.key, m.value, m.headers)
                    for m in messages
                ]
                self._next[partition] = messages[-1].offset + 1

    async def close(self) -> None:
        try:
            runners = [member for members in self.members.values() for member in members]
            for member in runners:
                member.runner.stop()
            await asyncio.gather(*(member.task for member in runners))
        finally:
            await self._stack.aclose()

    async def __aexit__(self, *error: object) -> None:
        await super().__aexit__(*error)
        self._postgres.start()
        for url in self.urls.values():
            self._postgres.drop_database(url)


async def _end(task: asyncio.Task[None]) -> None:
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
