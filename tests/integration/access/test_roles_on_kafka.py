"""Each role may do what it may and is refused the rest: every topic of deploy/topics.toml, read and written."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import (
    ClusterAuthorizationFailedError,
    GroupAuthorizationFailedError,
    GroupCoordinatorNotAvailableError,
    TopicAuthorizationFailedError,
)

from claimstream.access.roles import Role
from claimstream.devservices import Kafka
from shared.contracts.record import Outgoing
from shared.contracts.topics import full_name
from shared.errors import AccessDenied
from shared.pipeline.kafka.connection import connection_options
from shared.pipeline.kafka.sender import KafkaSender
from shared.pipeline.kafka.topics import admin, apply_topics
from shared.settings import KafkaSettings
from shared.topics_file import load_topics
from tests.real import access

ROUTE = "denials"
SPECS = load_topics(routes=[ROUTE])
DEAD = {name for name in SPECS if "!" in name}
CLAIMS = {"claims", f"claims.{ROUTE}"}
# What DESIGN and CONTRACTS say each reads and writes, by hand: the code derives it from the topics' file.
WRITES: dict[Role, set[str]] = {
    "upstream": {"urls", "urls.bulk"},
    "downstream": set(),
    "service": {"urls", "pages", "articles", "extractions", "fates", "outcomes", "heartbeat"} | CLAIMS | DEAD,
}
READS: dict[Role, set[str]] = {
    "upstream": {"outcomes"},
    "downstream": CLAIMS | {"heartbeat"},
    "service": {"urls", "urls.bulk", "pages", "articles", "extractions", "fates", "outcomes"},
}


@pytest.fixture
async def prefix(kafka: Kafka, topic_prefix: str) -> str:
    """A pipeline whose every topic has one partition and one record in it."""
    specs = [replace(spec, partitions=1) for spec in SPECS.values()]
    await apply_topics(access.inside(kafka), topic_prefix, specs)
    async with _producer(KafkaSettings(bootstrap=kafka.bootstrap)) as producer:
        for name in SPECS:
            await producer.send_and_wait(full_name(topic_prefix, name), b"{}", key=b"k")
    return topic_prefix


@contextlib.asynccontextmanager
async def _producer(settings: KafkaSettings) -> AsyncIterator[AIOKafkaProducer]:
    producer = AIOKafkaProducer(**connection_options(settings), enable_idempotence=True)
    try:
        await producer.start()
        yield producer
    finally:
        await producer.stop()


async def _written(settings: KafkaSettings, prefix: str) -> set[str]:
    """The topics that took a record. A producer each: a refused record poisons an idempotent one."""
    found = set()
    for name in SPECS:
        # To a user who may write nowhere the broker gives no id of an idempotent producer.
        with contextlib.suppress(TopicAuthorizationFailedError, ClusterAuthorizationFailedError):
            async with _producer(settings) as producer:
                await producer.send_and_wait(full_name(prefix, name), b"{}", key=b"k")
                found.add(name)
    return found


async def _read(settings: KafkaSettings, prefix: str) -> set[str]:
    """The topics that gave their record."""
    found = set()
    for name in SPECS:
        consumer = AIOKafkaConsumer(**connection_options(settings))
        await consumer.start()
        try:
            topic = full_name(prefix, name)
            await consumer._client._wait_on_metadata(topic)
            consumer.assign([TopicPartition(topic, 0)])
            consumer.seek(TopicPartition(topic, 0), 0)
            message = await consumer.getone()
            assert message.offset == 0
            found.add(name)
        except TopicAuthorizationFailedError:
            pass
        finally:
            await consumer.stop()
    return found


async def _find(client: AIOKafkaAdminClient, group: str | None) -> None:
    """Ask for the group, as whoever joins it does. The broker makes the groups' topic at the first question."""
    async with asyncio.timeout(60):
        while True:
            try:
                await client.find_coordinator(group)
            except GroupCoordinatorNotAvailableError:
                await asyncio.sleep(0.1)
            else:
                return


@pytest.mark.parametrize("role", ["upstream", "downstream", "service"])
async def test_a_role_writes_and_reads_its_topics_and_no_others(
    kafka: Kafka, prefix: str, role: Role
) -> None:
    settings = await access.user(kafka, prefix, role, specs=SPECS)
    assert await _written(settings, prefix) == WRITES[role]
    assert await _read(settings, prefix) == READS[role]


async def test_a_user_of_another_pipeline_may_do_nothing(kafka: Kafka, prefix: str) -> None:
    other = await access.user(kafka, f"{prefix}x", "service", specs=SPECS)
    assert await _written(other, prefix) == set()
    assert await _read(other, prefix) == set()


@pytest.mark.parametrize("role", ["upstream", "downstream"])
async def test_a_user_has_its_own_groups_and_nobody_elses(kafka: Kafka, prefix: str, role: Role) -> None:
    settings = await access.user(kafka, prefix, role, specs=SPECS)
    async with admin(connection_options(settings)) as client:
        for group in (settings.username, f"{settings.username}.desk"):
            await _find(client, group)
        for group in (
            f"{settings.username}2",
            "another",
            f"{prefix}.store.articles",
            f"{prefix}.fetcher.intake",
        ):
            with pytest.raises(GroupAuthorizationFailedError):
                await _find(client, group)


async def test_a_service_has_the_groups_of_the_stages_and_the_relays_transactions(
    kafka: Kafka, prefix: str
) -> None:
    settings = await access.user(kafka, prefix, "service", specs=SPECS)
    options = connection_options(settings)
    async with admin(options) as client:
        for group in ("fetcher.intake", "cleaner.pages", "extractor.articles", "store.extractions"):
            await _find(client, f"{prefix}.{group}")
        with pytest.raises(GroupAuthorizationFailedError):
            await _find(client, f"{settings.username}")
    record = Outgoing("claims", b"k", b"{}", ())
    for relay, may in ((f"{prefix}.store.relay", True), (f"{prefix}.redrive", False)):
        sender = KafkaSender(options, prefix=prefix, max_bytes=lambda _: 10_000, transactional_id=relay)
        try:
            with contextlib.nullcontext() if may else pytest.raises(AccessDenied):
                await sender.send_transaction([record])
        finally:
            await sender.close()


@pytest.mark.parametrize("role", ["upstream", "downstream", "service"])
async def test_nobody_outside_changes_topics(kafka: Kafka, prefix: str, role: Role) -> None:
    settings = await access.user(kafka, prefix, role, specs=SPECS)
    with pytest.raises(AccessDenied) as raised:
        await apply_topics(connection_options(settings), prefix, SPECS.values())
    assert "super user" in raised.value.hint
