"""What the alerts on stages and sources stand on: a pause and a stop can be seen from outside, and end."""

from __future__ import annotations

from shared import metrics
from shared.errors import DatabaseAway, SchemaMissing
from shared.pipeline.source import Sender
from tests.integration.pipeline.harness import World, counted, echo_stage, running, until


class Outbox:
    """A source whose next steps a test chooses: an error to raise, or None for a step that goes well."""

    service = "echo"

    def __init__(self, name: str, *steps: Exception | None) -> None:
        self.name = name
        self._steps = list(steps)

    async def step(self, _sender: Sender) -> float:
        if self._steps and (error := self._steps.pop(0)) is not None:
            raise error
        return 0.05


async def test_a_source_that_waits_shows_it_and_shows_that_it_goes_on(world: World) -> None:
    await world.create()
    waits, fails = Outbox("waits", *[DatabaseAway("refused")] * 3), Outbox("fails", *[RuntimeError("?")] * 3)

    async def paused() -> bool:
        return counted(metrics.paused, "echo.waits") == counted(metrics.paused, "echo.fails") == 1

    async def gone_on() -> bool:
        return counted(metrics.paused, "echo.waits") == counted(metrics.paused, "echo.fails") == 0

    async with running(world.service(sources=[waits, fails])):
        await until(paused)
        await until(gone_on)


async def test_a_source_and_a_stage_that_stop_for_good_show_it(world: World) -> None:
    await world.create(partitions=1)
    await world.produce([b"1"])

    async def broken(_item: object) -> None:
        raise SchemaMissing("no table")

    async def stopped() -> bool:
        return counted(metrics.stage_stopped, "echo.gone") == counted(metrics.stage_stopped, "echo.urls") == 1

    stage, sources = echo_stage(broken), [Outbox("gone", SchemaMissing("no table")), Outbox("fine")]  # type: ignore[arg-type]
    async with running(world.service(stage, sources=sources)) as service:
        await until(stopped)
        assert counted(metrics.stage_stopped, "echo.fine") == 0
        assert set(await service._ready()) == {"echo.gone", "echo.urls"}
