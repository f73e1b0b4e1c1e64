"""Topics on the broker: created and altered explicitly, from deploy/topics.toml."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from aiokafka.admin import AIOKafkaAdminClient, NewPartitions, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import KafkaError, TopicAlreadyExistsError

from shared.contracts.topics import ARTICLES, CLAIMS, EXTRACTIONS, full_name
from shared.errors import BrokerAway, TopicMissing
from shared.topics_file import TopicSpec

# More partitions would move their keys, and old values would survive compaction (tried).
FIXED = (ARTICLES, EXTRACTIONS, CLAIMS)


@dataclass(frozen=True)
class TopicChange:
    """One line of what ``topics apply`` did or would not do: action is created, altered, grown, refused or ok."""

    topic: str
    action: str
    detail: str = ""


@asynccontextmanager
async def admin(options: Mapping[str, Any]) -> AsyncIterator[AIOKafkaAdminClient]:
    """An admin client; raises BrokerAway when the broker does not answer."""
    client = AIOKafkaAdminClient(**options)
    try:
        await client.start()
    except (KafkaError, OSError) as error:
        await client.close()
        raise BrokerAway(repr(error)) from error
    try:
        yield client
    except KafkaError as error:
        raise BrokerAway(repr(error)) from error
    finally:
        await client.close()


async def require_topics(options: Mapping[str, Any], prefix: str, topics: Sequence[str]) -> None:
    """Raise TopicMissing unless every topic (short names) exists."""
    if not topics:
        return
    async with admin(options) as client:
        there = set(await client.list_topics())
    if missing := [name for short in topics if (name := full_name(prefix, short)) not in there]:
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
            await client.alter_configs(
                [
                    ConfigResource(ConfigResourceType.TOPIC, name, dict(wanted[name].configs))
                    for name in present
                ]
            )
    return changes


async def _create(client: AIOKafkaAdminClient, specs: Mapping[str, TopicSpec], replication: int) -> None:
    topics = [
        NewTopic(name, spec.partitions, replication, topic_configs=dict(spec.configs))
        for name, spec in specs.items()
    ]
    response = await client.create_topics(topics)
    for topic, code, *rest in response.topic_errors:
        if code not in (0, TopicAlreadyExistsError.errno):
            raise BrokerAway(
                f"creating {topic}: error {code} {rest}", hint="See the broker's log for the reason."
            )


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
    await client.create_partitions({name: NewPartitions(total_count=spec.partitions)})
    return TopicChange(name, "grown", f"from {there} to {spec.partitions} partitions")
