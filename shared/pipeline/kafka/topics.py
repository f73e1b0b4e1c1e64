"""Topics on the broker: created and altered explicitly, from deploy/topics.toml."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from aiokafka.admin import AIOKafkaAdminClient, NewPartitions, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import (
    BrokerResponseError,
    ClusterAuthorizationFailedError,
    KafkaError,
    TopicAlreadyExistsError,
    TopicAuthorizationFailedError,
    for_code,
)

from shared.contracts.topics import ARTICLES, CLAIMS, EXTRACTIONS, full_name
from shared.errors import AccessDenied, TopicMissing, TopicRefused
from shared.pipeline.kafka.refusals import why
from shared.topics_file import TopicSpec

# More partitions would move their keys, and old values would survive compaction (tried).
FIXED = (ARTICLES, EXTRACTIONS, CLAIMS)
ADMINISTRATOR = (
    "Topics are an administrator's to change: run it as a super user of the broker, on its inside listener."
)


@dataclass(frozen=True)
class TopicChange:
    """One line of what ``topics apply`` did or would not do: action is created, altered, grown, refused or ok."""

    topic: str
    action: str
    detail: str = ""


@asynccontextmanager
async def admin(options: Mapping[str, Any]) -> AsyncIterator[AIOKafkaAdminClient]:
    """An admin client; raises BrokerAway when the broker does not answer, and what it says when it refuses us."""
    client = AIOKafkaAdminClient(**options)
    try:
        await client.start()
    except (KafkaError, OSError) as error:
        await client.close()
        raise await why(options, error) from error
    try:
        yield client
    except KafkaError as error:
        raise await why(options, error) from error
    finally:
        await client.close()


async def require_topics(options: Mapping[str, Any], prefix: str, topics: Sequence[str]) -> None:
    """Raise TopicMissing unless every topic (short names) exists, AccessDenied when we may not know."""
    if not topics:
        return
    async with admin(options) as client:
        there = set(await client.list_topics())
        missing = [name for short in topics if (name := full_name(prefix, short)) not in there]
        # To somebody without rights on a topic, a list does not show it; asked by its name, the broker says so.
        told = await client.describe_topics(missing) if missing else []
    if denied := [
        topic["topic"] for topic in told if topic["error_code"] == TopicAuthorizationFailedError.errno
    ]:
        raise AccessDenied(f"Kafka denies us the topic {', '.join(denied)}")
    if missing:
        raise TopicMissing(f"no topic {', '.join(missing)}")


async def apply_topics(
    options: Mapping[str, Any], prefix: str, specs: Iterable[TopicSpec], *, replication: int = 1
) -> list[TopicChange]:
    """Bring the broker's topics to the specs: create, set configs, add partitions where keys do not matter."""
    changes: list[TopicChange] = []
    async with admin(options) as client:
        there = set(await client.list_topics())
        wanted = {full_name(prefix, spec.name): spec for spec in specs}
        missing = [name for name in wanted if name not in there]
        if missing:
            await _create(client, {name: wanted[name] for name in missing}, replication)
            changes += [
                TopicChange(name, "created", f"{wanted[name].partitions} partitions") for name in missing
            ]
        present = [name for name in wanted if name in there]
        partitions = (
            {d["topic"]: len(d["partitions"]) for d in await client.describe_topics(present)}
            if present
            else {}
        )
        for name in present:
            changes.append(await _partitions(client, name, wanted[name], partitions[name]))
        if present:
            await _alter(client, {name: wanted[name] for name in present})
    return changes


async def _create(client: AIOKafkaAdminClient, specs: Mapping[str, TopicSpec], replication: int) -> None:
    topics = [
        NewTopic(name, spec.partitions, replication, topic_configs=dict(spec.configs))
        for name, spec in specs.items()
    ]
    response = await client.create_topics(topics)
    for topic, code, *rest in response.topic_errors:
        if code not in (0, TopicAlreadyExistsError.errno):
            raise _refused(f"creating {topic}", code, *rest)


async def _alter(client: AIOKafkaAdminClient, specs: Mapping[str, TopicSpec]) -> None:
    answers = await client.alter_configs(
        [ConfigResource(ConfigResourceType.TOPIC, name, dict(spec.configs)) for name, spec in specs.items()]
    )
    for answer in answers:
        for code, message, _kind, topic in answer.resources:
            if code != 0:
                raise _refused(f"configuring {topic}", code, message)


def _refused(what: str, code: int, message: str | None = None) -> AccessDenied | TopicRefused:
    kind = for_code(code)
    if kind in (TopicAuthorizationFailedError, ClusterAuthorizationFailedError):
        return AccessDenied(f"{what}: {message or kind.__name__}", hint=ADMINISTRATOR)
    return TopicRefused(f"{what}: {message or kind.__name__}")


async def _partitions(client: AIOKafkaAdminClient, name: str, spec: TopicSpec, there: int) -> TopicChange:
    if there == spec.partitions:
        return TopicChange(name, "ok", f"{there} partitions")
    if there > spec.partitions:
        return TopicChange(
            name, "refused", f"has {there} partitions, more than the {spec.partitions} in the file"
        )
    if spec.name in FIXED or spec.name.startswith(CLAIMS + "."):
        return TopicChange(
            name,
            "refused",
            f"has {there} partitions, the file says {spec.partitions}: keys would move and old values would survive "
            "compaction. Create it under a new prefix and let consumers move over.",
        )
    try:
        await client.create_partitions({name: NewPartitions(total_count=spec.partitions)})
    except BrokerResponseError as error:
        raise _refused(f"adding partitions to {name}", error.errno, str(error)) from error
    return TopicChange(name, "grown", f"from {there} to {spec.partitions} partitions")
