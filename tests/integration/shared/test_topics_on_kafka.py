"""Topics are brought to their file, and never so that a key would move."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from claimstream.devservices import Kafka
from shared.contracts.topics import full_name
from shared.pipeline.kafka.connection import connection_options
from shared.pipeline.kafka.topics import admin, apply_topics
from shared.settings import KafkaSettings
from shared.topics_file import TopicSpec, load_topics

FIXED = {"articles", "extractions", "claims", "claims.denials"}
GROWING = {"urls", "pages", "fates"}


async def test_partitions_are_added_only_where_no_key_would_move(kafka: Kafka, topic_prefix: str) -> None:
    options = connection_options(KafkaSettings(bootstrap=kafka.bootstrap))
    few = [replace(spec, partitions=2) for spec in _specs()]
    more = [replace(spec, partitions=3) for spec in few]
    created = await apply_topics(options, topic_prefix, few)
    assert {change.action for change in created} == {"created"}
    assert {change.action for change in await apply_topics(options, topic_prefix, few)} == {"ok"}
    changes = {change.topic: change for change in await apply_topics(options, topic_prefix, more)}
    for name in FIXED:
        refused = changes[full_name(topic_prefix, name)]
        assert refused.action == "refused", name
        assert "new prefix" in refused.detail, "it says what to do instead"
    assert {changes[full_name(topic_prefix, name)].action for name in GROWING} == {"grown"}
    wanted = {full_name(topic_prefix, name): 2 if name in FIXED else 3 for name in FIXED | GROWING}
    async with admin(options) as client, asyncio.timeout(20):
        # The broker tells of new partitions a moment after it made them.
        while await _partitions(client, wanted) != wanted:
            await asyncio.sleep(0.1)


async def _partitions(client: Any, topics: Iterable[str]) -> dict[str, int]:
    described = await client.describe_topics(sorted(topics))
    return {topic["topic"]: len(topic["partitions"]) for topic in described}


def _specs() -> list[TopicSpec]:
    return [spec for name, spec in load_topics(routes=["denials"]).items() if name in FIXED | GROWING]
