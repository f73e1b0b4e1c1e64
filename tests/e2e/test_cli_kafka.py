"""The whole way on a real Kafka and PostgreSQL, by nothing but commands, as an operator types them."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiokafka import AIOKafkaProducer

from claimstream.devservices import Kafka, Postgres
from claimstream.sample import SampleSite, load_truth
from shared.contracts.topics import full_name
from tests.command import Call, call, served, start

__all__ = ["call"]
# Of one text under two URLs the second is a duplicate or, when it is the article's own URL, nothing new; which is
# fetched first is up to the partitions of `urls`.
TWICE = "(duplicate|unchanged) 1"


@pytest.fixture
def topics_file(tmp_path: Path) -> Path:
    """The committed topics with fewer partitions: 32 of each would be most of what a small broker does."""
    path = tmp_path / "topics.toml"
    committed = Path(__file__).parents[2] / "deploy" / "topics.toml"
    path.write_text(committed.read_text().replace("partitions = 32", "partitions = 2"))
    return path


@pytest.fixture
def environment(
    call: Call,
    kafka: Kafka,
    postgres: Postgres,
    topic_prefix: str,
    topics_file: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[dict[str, str]]:
    """The settings that an operator's shell has."""
    databases = [postgres.new_database(), postgres.new_database()]
    settings = {
        "CLAIMSTREAM_KAFKA_BOOTSTRAP": kafka.bootstrap,
        "CLAIMSTREAM_PREFIX": topic_prefix,
        "CLAIMSTREAM_TOPICS_FILE": str(topics_file),
        "CLAIMSTREAM_FETCHER_DATABASE_URL": databases[0],
        "CLAIMSTREAM_STORE_DATABASE_URL": databases[1],
        "CLAIMSTREAM_FETCHER_CONTACT": "tests@claimstream.invalid",
        "CLAIMSTREAM_FETCHER_ALLOW_NETWORKS": "127.0.0.0/8",
        "CLAIMSTREAM_FETCHER_CRAWL_DELAY": "0.05",
        "CLAIMSTREAM_POOL_WORKERS": "1",
        "CLAIMSTREAM_LOG_LEVEL": "WARNING",
    }
    for name, text in settings.items():
        monkeypatch.setenv(name, text)
    yield settings
    for url in databases:
        postgres.drop_database(url)


def until(call: Call, arguments: list[str], wanted: str, seconds: float = 90) -> str:
    """Repeat a command until its output holds the pattern ``wanted``."""
    ends = time.monotonic() + seconds
    while True:
        said = call(*arguments)
        if re.search(wanted, said.out):
            return said.out
        assert time.monotonic() < ends, said.out + said.err
        time.sleep(0.5)


def test_the_whole_way_by_commands(call: Call, environment: dict[str, str]) -> None:
    applied = call("topics", "apply")
    assert (applied.code, applied.err) == (0, "")
    assert f"{environment['CLAIMSTREAM_PREFIX']}.claims.v1" in applied.out
    assert call("topics", "apply").out == "" or "created" not in call("topics", "apply").out
    migrated = call("migrate")
    assert migrated.code == 0
    assert "postgresql+asyncpg://" in migrated.out

    services = start("run", "fetcher", "cleaner", "extractor", "store", env=environment)
    told: list[str] = []
    reading = threading.Thread(target=lambda: told.extend(services.stderr or ()), daemon=True)
    reading.start()
    try:
        with served() as site:
            by_feeds(call, site)
            by_url(call, site)
            dead_letters(call, environment)
    finally:
        os.kill(services.pid, signal.SIGTERM)
        code = services.wait(60)
        reading.join(10)
        for stream in (services.stdout, services.stderr):
            assert stream is not None
            stream.close()
    assert code == 0, "".join(told)


def by_feeds(call: Call, site: SampleSite) -> None:
    """Feeds in, claims out; status, tail, why and fate agree on it."""
    added = call("feeds", "add", *site.feed_urls.values())
    assert added.out.count("added") == 4
    said = until(call, ["status"], rf"in 12 = stored 10 \+ {TWICE} \+ rejected 1 \+ open 0; unexplained 0\n")
    # The account is committed before the offsets of the fates that are in it.
    said = until(call, ["status"], r"fetcher\.fates .* lag 0\n")
    assert "submissions 12 = opened 12 + joined 0 + undecodable 0" in said
    for stage in (
        "cleaner.pages",
        "extractor.articles",
        "store.articles",
        "store.extractions",
        "fetcher.fates",
    ):
        assert re.search(rf"^  {re.escape(stage)} .* lag 0$", said, re.MULTILINE), said
    assert "[feed-is-html]" in call("feeds", "list").out

    expected = json.loads(call("status", "--json").out)["store"]["claims"]
    assert expected >= sum(len(one.quotations) for one in load_truth().values() if one.version == 1)
    tailed = call("tail", "--since", "all", "--count", expected, "--idle", "20", "--json")
    assert tailed.code == 0
    claims = [json.loads(line) for line in tailed.out.splitlines()]
    assert len({claim["value"]["claim_id"] for claim in claims}) == expected
    assert all(claim["headers"]["ce_type"] for claim in claims)
    lines = call("tail", "--since", "10m", "--count", "3", "--idle", "20").out.splitlines()
    assert all(re.match(r"\d+:\d+  \+ [0-9a-f]{8}  ", line) for line in lines)
    assert len(lines) == 3

    why = call("why", claims[0]["value"]["claim_id"])
    assert (why.code, why.out.splitlines()[-1]) == (0, "verified")
    assert call("tail", "heartbeat", "--since", "2099-01-01", "--idle", "0.1").code == 0
    assert "[topic-missing]" in call("tail", "nothing").err


def by_url(call: Call, site: SampleSite) -> None:
    """A URL is submitted with a ref, its outcome names it; it is fetched again; what hangs is closed."""
    missing = site.url("courier", "/missing")
    said = call("submit", missing, "--ref", "desk-7", "--label", "desk=foreign")
    assert (said.code, said.err) == (0, "")
    assert f"submitted {missing}" in said.out
    found = until(call, ["fate", "desk-7"], r"rejected \(")
    assert "ref desk-7" in found
    (outcome,) = [
        json.loads(line)["value"]
        for line in call("tail", "outcomes", "--since", "all", "--idle", "2", "--json").out.splitlines()
        if "desk-7" in line
    ]
    assert outcome["fate"] == "rejected"
    assert outcome["submissions"][0]["labels"] == {"desk": "foreign"}

    again = call("fate", missing, "--refetch")
    assert again.code == 0
    assert "queued again: visit " in again.out
    until(call, ["status"], rf"in 14 = stored 10 \+ {TWICE} \+ rejected 3 \+ open 0; unexplained 0\n")
    closed = call("fate", missing, "--close")
    assert closed.code == 2
    assert "[nothing-open]" in closed.err
    for arguments, code in (
        (["ftp://x.example/"], "url-scheme"),
        (["https://u:p@x.example/"], "url-credentials"),
        (["https://x.example/", "--label", "nonsense"], "usage"),
        (["https://x.example/", "--priority", "1000"], "usage"),
    ):
        refused = call("submit", *arguments)
        assert (refused.code, refused.out) == (2, "")
        assert f"[{code}]" in refused.err


def dead_letters(call: Call, environment: dict[str, str]) -> None:
    """What no service can read lies in its dead letters; it goes back once, and by itself never a second time."""

    async def send() -> None:
        producer = AIOKafkaProducer(bootstrap_servers=environment["CLAIMSTREAM_KAFKA_BOOTSTRAP"])
        await producer.start()
        try:
            topic = full_name(environment["CLAIMSTREAM_PREFIX"], "articles")
            await producer.send_and_wait(topic, b"no article", partition=0)
        finally:
            await producer.stop()

    asyncio.run(send())
    listed = until(call, ["dead", "ls"], "articles!store:")
    listed = until(call, ["dead", "ls"], "articles!extractor:")
    name = next(line.split()[0] for line in listed.splitlines() if line.startswith("articles!store:"))
    shown = call("dead", "show", name)
    assert shown.code == 0
    assert "value, 10 bytes: 'no article'" in shown.out
    letter = json.loads(call("dead", "show", name, "--json").out)
    assert letter["letter"] == name
    code = letter["reasons"]["code"]
    assert call("dead", "show", "articles!store:999").code == 2

    dry = call("dead", "redrive", "--dry-run", "--code", code)
    assert "would redrive 2, refuse 0" in dry.out
    assert call("dead", "redrive", "--code", "no-such-code").out == "redriven 0, refused 0\n"
    first = call("dead", "redrive", "--limit", "1")
    assert "redriven 1, refused 0" in first.out
    second = call("dead", "redrive", "--dry-run")
    # The other letter; and perhaps already the one that failed again, now at its second attempt.
    assert name in first.out or name in second.out
    redriven = next(line.split()[0] for line in first.out.splitlines())
    assert redriven not in second.out
    assert f"{redriven}  [{code}]" in call("dead", "ls", "--all").out
    assert "attempt 2" in until(call, ["dead", "ls"], "attempt 2")


def test_partitions_of_keyed_topics_are_never_added(
    call: Call, environment: dict[str, str], topics_file: Path
) -> None:
    assert call("topics", "apply").code == 0
    topics_file.write_text(topics_file.read_text().replace("partitions = 2", "partitions = 3"))
    said = call("topics", "apply")
    assert said.code == 1
    prefix = environment["CLAIMSTREAM_PREFIX"]
    refused = set(re.findall(r"^refused +(\S+)", said.out, re.MULTILINE))
    assert {
        f"{prefix}.{name}.v1" for name in ("articles", "extractions", "claims", "claims.denials")
    } <= refused
    assert f"{prefix}.pages.v1" not in refused
    assert re.search(rf"^(?!refused)\w+ +{prefix}\.pages\.v1", said.out, re.MULTILINE)
    for line in said.out.splitlines():
        if line.startswith("refused"):
            assert len(line.split()) > 6  # what to do instead


def test_a_service_that_cannot_work_says_why_and_ends(
    call: Call, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLAIMSTREAM_FETCHER_CONTACT", "you@example.org")
    said = call("run", "fetcher")
    assert said.code == 2
    assert "[contact-missing]" in said.err
    monkeypatch.setenv("CLAIMSTREAM_POOL_DEADLINE", "99")
    said = call("run", "cleaner")
    assert said.code == 2
    assert "[settings-invalid]" in said.err
    assert call("run", "nonsense").code == 2


def test_a_broker_that_is_away_ends_a_command_and_not_a_service(
    call: Call, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    environment |= {"CLAIMSTREAM_KAFKA_BOOTSTRAP": "127.0.0.1:9"}
    monkeypatch.setenv("CLAIMSTREAM_KAFKA_BOOTSTRAP", "127.0.0.1:9")
    monkeypatch.setenv("CLAIMSTREAM_KAFKA_SEND_SECONDS", "2")
    call("migrate")
    for arguments in (
        ["status"],
        ["tail"],
        ["dead", "ls"],
        ["topics", "apply"],
        ["submit", "https://x.example/"],
    ):
        said = call(*arguments)
        assert (said.code, said.out) == (1, ""), arguments
        assert said.err.splitlines()[0] == "claimstream: Kafka does not answer at 127.0.0.1:9 [broker-away]"
    services = start("run", "cleaner", env=environment)
    try:
        assert services.stderr is not None
        # Every line is JSON, the client's own too.
        lines = (json.loads(line) for line in services.stderr)
        waits = next(line for line in lines if line["event"] == "waiting for the broker")
        assert (waits["code"], bool(waits["hint"])) == ("broker-away", True)
        assert services.poll() is None
    finally:
        os.kill(services.pid, signal.SIGTERM)
        services.communicate(timeout=60)
    assert services.returncode == 0
