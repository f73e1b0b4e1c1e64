"""The file that docs/submit.md gives to kcat lets a submitter in; kcat is librdkafka, which reads these lines here."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import Any

import pytest
from confluent_kafka import Consumer, KafkaError, Message, Producer, TopicPartition

from claimstream.devservices import Kafka
from shared.contracts.record import Outgoing
from shared.contracts.topics import OUTCOMES, URLS, full_name
from shared.pipeline.kafka.sender import KafkaSender
from shared.pipeline.kafka.topics import apply_topics
from shared.topics_file import load_topics, max_bytes_of
from tests.real import access

SUBMIT = (Path(__file__).parents[3] / "docs" / "submit.md").read_text()
WORDS = re.findall(r"^    .*?\bkcat (.*?)(?: \| .*)?$", SUBMIT, re.MULTILINE)
SECONDS = 60.0


def written() -> dict[str, str]:
    """The file's lines as the page has them, an upstream feed's user in it."""
    return dict(re.findall(r"^    ([a-z.]+)=(\S+)$", SUBMIT, re.MULTILINE))


@pytest.fixture
async def conf(kafka: Kafka, topic_prefix: str) -> dict[str, Any]:
    """With this test's broker, user and authority in place of the page's."""
    specs = load_topics()
    await apply_topics(access.inside(kafka), topic_prefix, [specs[URLS], specs[OUTCOMES]])
    settings = await access.user(kafka, topic_prefix, "upstream")
    mine = {
        "bootstrap.servers": settings.bootstrap,
        "sasl.username": settings.username,
        "sasl.password": access.PASSWORD,
        "ssl.ca.location": str(settings.ca_file),
    }
    assert mine.keys() <= written().keys()
    return {**written(), **mine}


def test_every_kcat_line_names_that_file_and_a_topic_of_ours() -> None:
    assert len(WORDS) == 2
    for words in WORDS:
        assert words.startswith("-F kafka.conf ")
        assert re.search(r" -t claimstream\.(urls|outcomes)\.v1\b", words)


async def test_who_has_the_file_submits_and_finds_the_answer(
    kafka: Kafka, topic_prefix: str, conf: dict[str, Any]
) -> None:
    assert await asyncio.to_thread(_produce, conf, full_name(topic_prefix, URLS)) is None
    sender = KafkaSender(
        access.inside(kafka), prefix=topic_prefix, max_bytes=max_bytes_of(load_topics()), deadline=SECONDS
    )
    try:
        await sender.send([Outgoing(OUTCOMES, b"k", b"the answer to desk-7")])
    finally:
        await sender.close()
    read = await asyncio.to_thread(_consume, conf, full_name(topic_prefix, OUTCOMES))
    assert b"desk-7" in read


def _produce(conf: dict[str, Any], topic: str) -> KafkaError | None:
    """What the broker said of one record."""
    said: list[KafkaError | None] = []

    def delivered(error: KafkaError | None, _message: Message) -> None:
        said.append(error)

    producer = Producer(conf)
    producer.produce(topic, b'{"url": "https://news.example/story", "ref": "desk-7"}', on_delivery=delivered)
    assert producer.flush(SECONDS) == 0
    return said[0]


def _consume(conf: dict[str, Any], topic: str) -> bytes:
    """The first record, without a group's offsets, as `kcat -C` reads."""
    consumer = Consumer({**conf, "group.id": conf["sasl.username"], "auto.offset.reset": "earliest"})
    try:
        partitions = consumer.list_topics(topic, SECONDS).topics[topic].partitions
        consumer.assign([TopicPartition(topic, number, 0) for number in partitions])
        message = consumer.poll(SECONDS)
        assert message is not None
        assert message.error() is None
        return message.value() or b""
    finally:
        consumer.close()
