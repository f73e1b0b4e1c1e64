"""A stage on a real Kafka: what it promises when nothing goes wrong, and when something does."""

from __future__ import annotations

from claimstream.devservices import Kafka
from tests.integration.pipeline import harness


async def test_every_record_comes_out_once_and_its_offset_is_committed(
    kafka: Kafka, topic_prefix: str
) -> None:
    await harness.create_topics(kafka.bootstrap, topic_prefix)
    values = [f"value {index}".encode() for index in range(300)]
    await harness.produce(kafka.bootstrap, topic_prefix, values)

    async def all_there() -> bool:
        return len(await harness.read_all(kafka.bootstrap, topic_prefix, "fates")) >= len(values)

    async with harness.running(harness.service(kafka.bootstrap, topic_prefix, harness.echo_stage())):
        await harness.until(all_there)
    async with harness.running(harness.service(kafka.bootstrap, topic_prefix, harness.echo_stage())):
        await harness.produce(kafka.bootstrap, topic_prefix, [b"the last"])

        async def last_there() -> bool:
            return any(
                m.value == b"the last" for m in await harness.read_all(kafka.bootstrap, topic_prefix, "fates")
            )

        await harness.until(last_there)
    out = [m.value for m in await harness.read_all(kafka.bootstrap, topic_prefix, "fates")]
    assert sorted(out) == sorted([*values, b"the last"])


async def test_what_cannot_be_decoded_is_a_dead_letter_and_the_next_record_is_handled(
    kafka: Kafka, topic_prefix: str
) -> None:
    await harness.create_topics(kafka.bootstrap, topic_prefix)
    await harness.produce(kafka.bootstrap, topic_prefix, [b"", None, b"good"], partition=0)

    async def good_there() -> bool:
        return [m.value for m in await harness.read_all(kafka.bootstrap, topic_prefix, "fates")] == [b"good"]

    async with harness.running(harness.service(kafka.bootstrap, topic_prefix, harness.echo_stage())):
        await harness.until(good_there)
    letters = await harness.read_all(kafka.bootstrap, topic_prefix, "urls!echo")
    assert [dict(m.headers)["dead_code"] for m in letters] == [b"undecodable"] * 2
    assert [dict(m.headers)["dead_null"] for m in letters] == [b"", b"value"]
