"""`claimstream doctor` on a deployment that is well: an article goes in and its claim is found, and nobody reads it."""

from __future__ import annotations

from pathlib import Path

import pytest

from claimstream.databases import variable
from claimstream.doctor.examination import Examination
from claimstream.doctor.findings import examine
from tests.e2e.kafka_world import PARTITIONS, KafkaWorld


async def test_all_is_well_and_the_article_comes_through(
    kafka_world: KafkaWorld, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    topics = tmp_path / "topics.toml"
    committed = Path(__file__).parents[2] / "deploy" / "topics.toml"
    text = committed.read_text().replace("partitions = 32", f"partitions = {PARTITIONS}")
    topics.write_text(text.replace("[topics.heartbeat]\npartitions = 1\n", "[topics.heartbeat]\n"))
    no_routes = tmp_path / "routes.toml"
    no_routes.write_text("")
    for name, value in {
        "KAFKA_BOOTSTRAP": kafka_world.kafka.bootstrap,
        "PREFIX": kafka_world.prefix,
        "TOPICS_FILE": str(topics),
        "STORE_ROUTES_FILE": str(no_routes),
    }.items():
        monkeypatch.setenv(f"CLAIMSTREAM_{name}", value)
    for service, url in kafka_world.urls.items():
        monkeypatch.setenv(variable(service), url)
    async with Examination(120) as examination:
        found = {one.check: one async for one in examine(examination.checks)}
    assert [one.line() for one in found.values() if not one.ok] == []
    assert "s from submission to answer" in found["article"].text
    assert kafka_world.records["claims"] == [], "its claims reach nobody"
