"""Bad input at the topics: strangers' bytes on a real Kafka, before all four services."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from aiokafka.errors import MessageSizeTooLargeError
from structlog.testing import capture_logs

from claimstream.devservices import Kafka, Postgres
from claimstream.sample import SampleSite
from shared import metrics
from shared.contracts import topics
from shared.contracts.events import UrlOutcome
from shared.contracts.record import Outgoing
from shared.contracts.topics import full_name
from shared.errors import RecordTooLarge
from shared.pipeline.dead_letters import original
from tests.e2e.doors import (
    GOOD_FATE,
    SUBMITTED,
    TOPICS,
    Doors,
    Placed,
    counts,
    load_kinds,
    moved,
    rejected,
    stages_of,
)
from tests.e2e.kafka_world import KafkaWorld
from tests.e2e.site import Article, ScenarioSite
from tests.e2e.world import World, decoded
from tests.integration.pipeline.harness import until

KINDS = load_kinds(Path(__file__).parents[1] / "data" / "doors" / "records.toml")
FILLER = (
    "The ferry between the two islands has been out of service since the storm, and the post comes by helicopter.",
    "A new timetable is expected by the end of the week, when the harbour board has met.",
)


@pytest.fixture
async def one_lane(kafka: Kafka, postgres: Postgres, topic_prefix: str) -> AsyncIterator[KafkaWorld]:
    """One partition a topic: what stands behind a broken record cannot go round it."""
    async with KafkaWorld(kafka, postgres, topic_prefix, partitions=1) as world:
        yield world


@pytest.fixture
def page_url(served: SampleSite) -> str:
    """A page that can be fetched."""
    site = ScenarioSite(served, FILLER)
    site.publish(
        "/ferry", Article("Ferry", ["“We have seen the ferry ourselves,” said Anna Berg, a sailor."])
    )
    return site.url("/ferry")


async def test_each_broken_record_has_one_fate_with_a_code_and_the_next_one_is_handled(
    one_lane: KafkaWorld, page_url: str
) -> None:
    world = one_lane
    doors = Doors(world, page_url)
    letters, results, odd = map(counts, (metrics.dead_letters, metrics.records_out, metrics.odd_headers))
    with capture_logs() as logs:
        placed = [one for topic in TOPICS for one in await doors.write(topic, KINDS)]
        await world.quiet(90)
    broken = [one for one in placed if one.code is not None]
    given_up = [(label, one.coordinates, one.code) for one in broken for _, label in stages_of(one.topic)]

    assert sorted(await kept(world)) == sorted(
        (f"{one.topic}!{service}", one.coordinates, one.code)
        for one in broken
        for service, _ in stages_of(one.topic)
    )
    assert sorted(
        (line["stage"], line["record"], line["code"]) for line in logs if line["event"] == "record given up"
    ) == sorted(given_up)
    by_code = Counter((label, code) for label, _, code in given_up)
    assert moved(letters, metrics.dead_letters) == by_code
    assert {
        (label, code): number
        for (label, result, code), number in moved(results, metrics.records_out).items()
        if result == "dead"
    } == by_code

    odd_ones = [
        (label, one.coordinates) for one in placed if one.kind.odd for _, label in stages_of(one.topic)
    ]
    assert sorted(
        (line["stage"], line["record"]) for line in logs if line.get("code") == "header-key-undecodable"
    ) == sorted(odd_ones)
    assert moved(odd, metrics.odd_headers) == Counter((label,) for label, _ in odd_ones)

    await check_account(world, placed)
    check_running(world)


async def check_account(world: World, placed: list[Placed]) -> None:
    """Broken records that name a visit end it, once, with their code; good ones end theirs as they should."""
    told = [(fate.url, fate.fate, fate.code) for fate in await world.told() if fate.counts]
    expected = []
    for one in placed:
        if one.topic in SUBMITTED:
            continue
        good = ("rejected", GOOD_FATE) if one.topic == topics.FATES else ("stored", None)
        expected.append((one.good_url, *good))
        expected.append((one.url, *(good if one.code is None else ("dead", one.code))))
    assert sorted(line for line in told if "door.example" in line[0]) == sorted(expected)
    account = await world.account()
    assert account.open == 0
    assert account.undecodable == sum(one.code is not None for one in placed if one.topic in SUBMITTED)
    assert account.balances
    answered = answered_refs(world)
    for one in placed:
        if one.topic in SUBMITTED:
            assert one.good_url in answered
            assert (one.url in answered) == (one.code is None)


def answered_refs(world: World) -> set[str | None]:
    """The refs of all submissions that an outcome names."""
    outcomes = [decoded(record) for record in world.records[topics.OUTCOMES]]
    assert all(isinstance(outcome, UrlOutcome) for outcome in outcomes)
    return {submission.ref for outcome in outcomes for submission in outcome.submissions}


async def kept(world: World) -> list[tuple[str, str, str]]:
    """All dead letters: topic, where the original stands, code."""
    return [
        (
            letter.record.topic,
            ":".join(letter.reasons[name] for name in ("topic", "partition", "offset")),
            letter.code,
        )
        for letter in await world.letters()
    ]


def check_running(world: KafkaWorld) -> None:
    """No stage has stopped, and none waits for something."""
    stages = [
        stage for members in world.members.values() for member in members for stage in member.runner.stages
    ]
    assert {stage.label: (stage.failure, stage.away) for stage in stages} == {
        stage.label: (None, None) for stage in stages
    }


async def test_the_largest_record_of_each_topic_has_its_fate_and_none_is_larger(
    one_lane: KafkaWorld, page_url: str
) -> None:
    world = one_lane
    doors = Doors(world, page_url)
    letters: list[tuple[str, bytes]] = []
    good = []
    for topic in TOPICS:
        limit = world.max_bytes(topic)
        empty = Outgoing(topic, b"k", b"")
        largest = replace(empty, value=b"\xff" * (limit - empty.size))
        assert largest.size == limit
        with pytest.raises(RecordTooLarge):
            await world.produce(replace(largest, value=b"\xff" + (largest.value or b"")))
        await world.produce(largest)
        letters += [(f"{topic}!{service}", largest.value or b"") for service, _ in stages_of(topic)]
        if topic in SUBMITTED:
            submission = await doors.good(topic, f"https://door.example/{topic}")
            room = limit - submission.size - len(', "x": ""')
            fits = (submission.value or b"")[:-1] + b', "x": "' + b"x" * room + b'"}'
            await world.produce(replace(submission, value=fits))
            good.append(f"https://door.example/{topic}")
        # A producer of somebody's that compresses gets a record past the broker that is larger than its topic takes.
        unfolded = b"\xff" * (4 * limit)
        async with doors.producer(compression_type="gzip", max_request_size=8 * limit) as producer:
            writing = producer.send_and_wait(full_name(world.prefix, topic), unfolded)
            if topic == topics.PAGES:  # it is kept as it is read
                with pytest.raises(MessageSizeTooLargeError):
                    await writing
            else:
                await writing
                letters += [(f"{topic}!{service}", unfolded) for service, _ in stages_of(topic)]
        behind = f"https://door.example/{topic}/behind"
        await world.produce(await doors.good(topic, behind))
        good.append(behind)
    await world.quiet(90)

    kept = await world.letters()
    found = [(letter.record.topic, original(letter.record).value or b"") for letter in kept]
    assert Counter(map(_digest, found)) == Counter(map(_digest, letters))
    assert {letter.code for letter in kept} == {"malformed-json", "wrong-shape"}
    ended = {fate.url for fate in await world.told() if fate.fate in ("stored", "rejected")}
    assert set(good) <= ended | answered_refs(world)
    check_running(world)


def _digest(found: tuple[str, bytes]) -> tuple[str, int, str]:
    topic, value = found
    return topic, len(value), hashlib.sha256(value).hexdigest()


async def test_strangers_on_urls_stop_nobody_and_are_all_answered(
    kafka: Kafka, postgres: Postgres, topic_prefix: str, page_url: str
) -> None:
    """Anybody may write to `urls`: more garbage than a broken deploy makes, and answers larger than a record."""
    async with KafkaWorld(kafka, postgres, topic_prefix, partitions=1, start=["fetcher"]) as world:
        refs = [f"{number} {'r' * 60_000}" for number in range(20)]
        submissions = [json.dumps({"url": page_url, "ref": ref}).encode() for ref in refs]
        await world.produce(*(Outgoing(topics.URLS, None, b"garbage %d" % number) for number in range(600)))
        await world.produce(*(Outgoing(topics.URLS, None, value) for value in submissions))
        await until(lambda: came(world, len(refs)))
        await world.produce(rejected(world.visit_of(page_url)))
        await until(lambda: answered(world, refs))
        assert len(await world.letters()) == 600
        check_running(world)


async def came(world: KafkaWorld, submissions: int) -> bool:
    """Whether so many submissions are in the account, and the page was fetched."""
    account = await world.account()
    return account.opened + account.joined == submissions and bool(world.records[topics.PAGES])


async def answered(world: KafkaWorld, refs: list[str]) -> bool:
    return answered_refs(world) == set(refs)


BEYOND = "".join(
    f"{number:x}" for number in range(80_000)
)  # some 400,000 characters that no index compresses
# What can be read and is beyond all measure: topic, fields of its value, headers, the codes by stage.
# No code: the record is handled.
MEASURES: list[tuple[str, dict[str, object], dict[str, str], dict[str, str | None]]] = [
    (
        topics.PAGES,
        {},
        {"ce_visitid": BEYOND, "ce_pagesha256": "0"},
        {"cleaner": "page-corrupt"},
    ),
    (topics.PAGES, {}, {"traceparent": BEYOND, "ce_attempt": "9" * 30}, {}),
    (topics.ARTICLES, {"article_id": BEYOND}, {}, {"extractor": None, "store": "bad-id"}),
    (topics.ARTICLES, {"visit_id": BEYOND}, {}, {"extractor": None, "store": "bad-id"}),
    (topics.ARTICLES, {}, {"traceparent": BEYOND}, {}),
    (topics.EXTRACTIONS, {"article_id": BEYOND}, {}, {"store": "bad-id"}),
    (topics.EXTRACTIONS, {"visit_id": BEYOND}, {"ce_visitid": BEYOND}, {"store": "bad-id"}),
    (topics.FATES, {"hint": BEYOND, "article_id": BEYOND, "code": BEYOND}, {}, {}),
    (topics.FATES, {"visit_id": BEYOND}, {"ce_visitid": BEYOND}, {"fetcher": "visit-unknown"}),
    (topics.FATES, {"attempt": 10**30}, {}, {"fetcher": "wrong-shape"}),
    (topics.FATES, {"claims": 10**30}, {}, {"fetcher": "wrong-shape"}),
]


async def test_what_is_beyond_all_measure_holds_up_nobody(one_lane: KafkaWorld, page_url: str) -> None:
    """Such records would make a fate, an outcome or a key too large: for its topic, for its index."""
    world = one_lane
    doors = Doors(world, page_url)
    good = []
    letters = []
    for number, (topic, fields, headers, codes) in enumerate(MEASURES):
        name = f"https://door.example/{topic}/{number}"
        record = await doors.good(topic, name)
        value = record.value or b""
        if fields:
            value = json.dumps({**json.loads(value), **fields}).encode()
        kept = [(key, text) for key, text in record.headers if key not in headers]
        more = [(key, text.encode()) for key, text in headers.items()]
        await world.produce(Outgoing(topic, record.key, value, [*kept, *more]))
        letters += [(f"{topic}!{service}", code) for service, code in codes.items() if code is not None]
        if not codes:
            good.append(name)
        await world.produce(await doors.good(topic, f"{name}/behind"))
        good.append(f"{name}/behind")
    await world.quiet(90)
    found = [(letter.record.topic, letter.code) for letter in await world.letters()]
    assert {letter for letter in letters if letters.count(letter) > found.count(letter)} == set()
    ended = {told.url for told in await world.told() if told.fate in ("stored", "rejected")}
    assert set(good) - ended == set()
    assert any(
        decoded(record).url == "https://door.example/fates/7" for record in world.records[topics.OUTCOMES]
    )
    check_running(world)
