"""The offsets that the relay recorded and an export names are those of a real Kafka."""

from __future__ import annotations

import json

import httpx
from aiokafka import AIOKafkaConsumer
from sqlalchemy import select

from claimstream.sample import SampleSite
from services.store import models
from services.store.api.server import ApiServer
from shared.contracts import topics
from shared.contracts.topics import full_name
from shared.database import read
from tests.e2e.crowd import FILLER, Crowd
from tests.e2e.kafka_world import PARTITIONS, KafkaWorld
from tests.e2e.site import ScenarioSite
from tests.integration.store.api.serving import serving

SIZE = 8
QUIET_SECONDS = 120.0
LONG_AGO = "2000-01-01T00:00:00Z"


async def test_an_export_and_kafka_from_its_offsets_on_hold_every_revision_once(
    kafka_world: KafkaWorld, served: SampleSite
) -> None:
    world = kafka_world
    crowd = Crowd(world, ScenarioSite(served, FILLER), SIZE)
    async with serving(world.urls["store"], prefix=world.prefix) as api:
        await crowd.publish()
        await world.quiet(QUIET_SECONDS)
        lines, end = await _exported(api)
        assert len(lines) == SIZE
        await crowd.publish()
        await world.quiet(QUIET_SECONDS)
        whole, last = await _exported(api)
    assert end["topic"] == last["topic"] == full_name(world.prefix, topics.CLAIMS)

    rest = await _read(world, end["topic"], end["offsets"])
    assert len(rest) == SIZE
    assert sorted(lines + rest) == sorted(whole)
    assert await _read(world, last["topic"], last["offsets"]) == []


async def test_each_revision_stands_where_the_ledger_says_it_does(
    kafka_world: KafkaWorld, served: SampleSite
) -> None:
    world = kafka_world
    crowd = Crowd(world, ScenarioSite(served, FILLER), SIZE)
    await crowd.publish()
    await world.quiet(QUIET_SECONDS)
    p, r = models.publication.c, models.claim_revision.c
    key = (p.claim_id == r.claim_id) & (p.epoch == r.epoch) & (p.revision == r.revision)
    async with read(world.ledger) as connection:
        rows = (
            await connection.execute(
                select(p.partition, p.offset, r.value).join_from(
                    models.publication, models.claim_revision, key
                )
            )
        ).all()
    seen = {(record.partition, record.offset): record.value for record in world.records[topics.CLAIMS]}
    assert {(row.partition, row.offset): row.value for row in rows} == seen
    assert len(rows) == SIZE


async def _exported(api: ApiServer) -> tuple[list[bytes], dict[str, object]]:
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{api.port}", timeout=60) as client:
        answer = await client.get("/v1/claims/export", params={"since": LONG_AGO})
    assert answer.status_code == 200, answer.text
    *lines, last, _ = answer.content.split(b"\n")
    end: dict[str, object] = json.loads(last)["end"]
    return lines, end


async def _read(world: KafkaWorld, topic: object, offsets: object) -> list[bytes]:
    """The values from these offsets on to the end; of a partition without one, from its beginning."""
    assert isinstance(topic, str)
    assert isinstance(offsets, dict)
    async with AIOKafkaConsumer(
        topic, **world.options, isolation_level="read_committed", auto_offset_reset="none"
    ) as consumer:
        places = consumer.assignment()
        assert len(places) == PARTITIONS
        ends = await consumer.end_offsets(list(places))
        for place in places:
            consumer.seek(place, offsets.get(str(place.partition), 0))
        found: list[bytes] = []
        while any([await consumer.position(place) < ends[place] for place in places]):
            for messages in (await consumer.getmany(timeout_ms=500)).values():
                found += [message.value for message in messages]
        return found
