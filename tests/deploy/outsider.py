"""A downstream consumer as somebody outside writes it, on librdkafka: nothing of our code is in it."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import Any

from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaError, KafkaException, TopicPartition

SECONDS = 120  # for one topic of a few thousand records


def read_topic(topic: str, options: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The value of each record that stands on ``topic`` now; committed ones only."""
    consumer = Consumer(
        {
            "group.id": "outsider",
            "enable.auto.commit": False,
            "isolation.level": "read_committed",
            "enable.partition.eof": True,
            **options,
        }
    )
    try:
        metadata = consumer.list_topics(topic, timeout=30)
        places = [
            TopicPartition(topic, number, OFFSET_BEGINNING) for number in metadata.topics[topic].partitions
        ]
        consumer.assign(places)
        return _until_the_ends(consumer, len(places))
    finally:
        consumer.close()


def _until_the_ends(consumer: Consumer, partitions: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    ended: set[int] = set()
    deadline = time.monotonic() + SECONDS
    while len(ended) < partitions:
        assert time.monotonic() < deadline, (
            f"{len(ended)} of {partitions} partitions were read in {SECONDS} s"
        )
        message = consumer.poll(1.0)
        if message is None:
            continue
        error = message.error()
        if error is None:
            value = message.value()
            assert value is not None
            found.append(json.loads(value))
        elif error.code() == KafkaError._PARTITION_EOF:
            ended.add(message.partition() or 0)
        else:
            raise KafkaException(error)
    return found
