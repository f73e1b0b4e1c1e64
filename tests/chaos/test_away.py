"""A dependency that is away for long costs no record and no dead letter.

The services are processes whose consumer groups wait as long as in production: only the absence is shorter than the
ten minutes of `make chaos ONLY=away`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from claimstream.devservices import Kafka, Postgres
from claimstream.sample import SampleSite
from tests.chaos.away import away
from tests.chaos.press import Press
from tests.chaos.process_world import ProcessWorld

SIZE = 6
AWAY_SECONDS = 20.0  # the back-off has reached seconds by then, and every send its deadline of five


@pytest.fixture
def servers(kafka: Kafka, postgres: Postgres) -> Iterator[tuple[Kafka, Postgres]]:
    """They run again when the test has ended, however that was."""
    yield kafka, postgres
    kafka.start()
    postgres.start()


@pytest.mark.timeout(900)
async def test_a_database_and_then_a_broker_that_are_away_for_long_cost_no_record_and_no_dead_letter(
    servers: tuple[Kafka, Postgres], topic_prefix: str, site: SampleSite, tmp_path: Path
) -> None:
    world = ProcessWorld(*servers, topic_prefix, site, tmp_path, wired=False, session_ms=None)
    async with world:
        await away(world, Press(site, SIZE), site, *servers, seconds=AWAY_SECONDS)
