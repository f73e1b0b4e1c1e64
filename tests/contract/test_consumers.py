"""The services as they are wired, against what the contracts say of who reads what under which name."""

from __future__ import annotations

from pathlib import Path

from claimstream.readers import READERS
from services.cleaner import app as cleaner
from services.extractor import app as extractor
from services.fetcher import app as fetcher
from services.fetcher.settings import FetcherSettings
from services.store import app as store
from services.store.settings import StoreSettings
from shared.contracts.topics import HEARTBEAT, OUTCOMES, dead, full_name, group_name
from shared.pipeline.service import Service
from shared.settings import CommonSettings
from shared.topics_file import load_topics

# Offsets lie under these names: another name reads a week of records again. Topic, service, group.
GROUPS = {
    ("urls", "fetcher", "claimstream.fetcher.intake"),
    ("urls.bulk", "fetcher", "claimstream.fetcher.intake-bulk"),
    ("pages", "cleaner", "claimstream.cleaner.pages"),
    ("articles", "extractor", "claimstream.extractor.articles"),
    ("articles", "store", "claimstream.store.articles"),
    ("extractions", "store", "claimstream.store.extractions"),
    ("fates", "fetcher", "claimstream.fetcher.fates"),
}


async def test_every_stage_has_its_topic_its_group_and_its_dead_letters(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path / 'all.db'}"
    common = CommonSettings(pool_workers=1)
    settings = FetcherSettings.model_validate({"database_url": url, "contact": "tests@news.example"})
    services: list[Service] = []
    try:
        services += [fetcher.build(settings), cleaner.build(common), extractor.build(common)]
        services.append(store.build(common, StoreSettings.model_validate({"database_url": url})))
        stages = [stage for service in services for stage in service.stages]
        assert {
            (stage.topic, stage.service, group_name(common.prefix, stage.service, stage.name))
            for stage in stages
        } == GROUPS
        specs = load_topics()
        for stage in stages:
            assert stage.service in specs[stage.topic].read_by
            assert dead(stage.topic, stage.service) in specs
        assert {source.name for service in services for source in service.sources} == {
            "crawl",
            "feeds",
            "outcomes",
            "heartbeat",
            "canary",
            "retention",
            "relay",
        }
    finally:
        for service in services:
            await service.resources.aclose()


def test_what_measures_lag_knows_every_group() -> None:
    assert {(r.topic, r.service, group_name("claimstream", r.service, r.stage)) for r in READERS} == GROUPS


def test_a_topics_name_has_prefix_and_version_and_a_dead_letters_its_service() -> None:
    assert full_name("claimstream", OUTCOMES) == "claimstream.outcomes.v1"
    assert full_name("claimstream", HEARTBEAT) == "claimstream.heartbeat.v1"
    assert full_name("acme.news", "claims.denials") == "acme.news.claims.denials.v1"
    assert full_name("claimstream", dead("urls.bulk", "fetcher")) == "claimstream.urls.bulk.v1.fetcher.dead"
