"""A short storm with fixed seeds: every kind of fault once, while editions go in. `make chaos` has the long ones."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from claimstream.sample import SampleSite
from tests.chaos.faults import EVERY
from tests.chaos.press import Press
from tests.chaos.process_world import ProcessWorld
from tests.chaos.servers import Servers
from tests.chaos.storm import Storm
from tests.real.parts import started

SIZE = 6
SEED = 11


@pytest.fixture
def servers() -> Iterator[Servers]:
    yield from started("kafka and postgres of its own", Servers())


@pytest.mark.timeout(900)
async def test_every_fault_once_costs_nothing_but_time(
    servers: Servers, topic_prefix: str, site: SampleSite, tmp_path: Path
) -> None:
    world = ProcessWorld(servers.kafka, servers.postgres, topic_prefix, site, tmp_path, wired=True)
    async with world:
        storm = Storm(world, Press(site, SIZE), site, servers, seed=SEED)
        await storm.run(0, EVERY)
        assert storm.struck.keys() == {fault.__name__ for fault in EVERY}
