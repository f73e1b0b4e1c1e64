"""Reading a source's mark (``shared.pipeline.marks``) from the broker."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from aiokafka import TopicPartition
from aiokafka.structs import OffsetAndMetadata

from shared.contracts.topics import FATES, full_name, group_name
from shared.pipeline.kafka.topics import admin


def mark_of(prefix: str, through_ms: int) -> dict[TopicPartition, OffsetAndMetadata]:
    """The offsets that a group commits to keep a mark."""
    return {
        TopicPartition(full_name(prefix, FATES), 0): OffsetAndMetadata(
            through_ms, "sent through, ms since 1970"
        )
    }


async def unsent_seconds(options: Mapping[str, Any], prefix: str, service: str, name: str) -> float | None:
    """How long ago the moment is through which a source has sent its outbox; None: it never said so.

    Raises BrokerAway.
    """
    async with admin(options) as client:
        kept = await client.list_consumer_group_offsets(group_name(prefix, service, name))
    entry = kept.get(TopicPartition(full_name(prefix, FATES), 0))
    if entry is None or entry.offset < 0:
        return None
    return max(0.0, time.time() - float(entry.offset) / 1000)
