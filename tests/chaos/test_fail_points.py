"""Killed between any two of produce, commit and mark, every service comes back and nothing is lost or twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from claimstream.databases import in_file
from claimstream.sample import SampleSite
from services.store import app as store
from tests.chaos.points import SOURCES, STAGES, points_of
from tests.chaos.press import Press
from tests.chaos.process_world import SERVICES, ProcessWorld
from tests.chaos.walk import walk
from tests.e2e.world import build, common

SIZE = 9
SEED = 4
POINTS = 39


async def test_the_list_names_each_stage_and_each_source_of_every_service(tmp_path: Path) -> None:
    urls = in_file(tmp_path / "any.db").urls
    built = [build(name, common(), urls) for name in SERVICES]
    try:
        stages = {service.name: tuple(stage.name for stage in service.stages) for service in built}
        sources = {f"{source.service}.{source.name}" for service in built for source in service.sources}
    finally:
        for service in built:
            await service.resources.aclose()
    assert stages == STAGES
    assert sources == SOURCES.keys()
    assert store.NAME in STAGES
    assert len({point for service in SERVICES for point in points_of(service)}) == POINTS


@pytest.mark.timeout(900)
async def test_a_process_killed_at_any_point_costs_nothing(world: ProcessWorld, site: SampleSite) -> None:
    counts = await walk(world, Press(site, SIZE), site, seed=SEED)
    assert world.complaints() == {}
    assert counts["kills"] == POINTS
