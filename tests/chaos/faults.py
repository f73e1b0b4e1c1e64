"""The faults that a storm is made of. Each does its harm, lasts a while, and is over when its coroutine returns."""

from __future__ import annotations

import asyncio
import random
import signal
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from tests.chaos.process import ServiceProcess
from tests.chaos.process_world import ProcessWorld
from tests.chaos.servers import Servers

# A frozen process outlives its host lease (6.5 s) and its group's session (6 s) now and then, not always.
FROZEN = (0.5, 12.0)
AWAY = (0.5, 8.0)
DEAD = (0.0, 3.0)
STEPS = (-86_400.0, -3_600.0, -5.0, 5.0, 3_600.0, 86_400.0)


@dataclass
class Scene:
    """What a fault may lay hands on. Everything that is drawn comes from ``drawn``."""

    world: ProcessWorld
    servers: Servers
    drawn: random.Random
    say: Callable[[str], None]

    def victim(self) -> ServiceProcess:
        return self.drawn.choice(self.world.living())

    async def last(self, between: tuple[float, float]) -> None:
        await asyncio.sleep(self.drawn.uniform(*between))


async def kill_a_process(scene: Scene) -> None:
    victim = scene.victim()
    scene.say(f"kill {victim.service}")
    await victim.kill()
    await scene.last(DEAD)
    await scene.world.spawn(victim.service)


async def restart_a_process(scene: Scene) -> None:
    """As a deploy does."""
    victim = scene.victim()
    scene.say(f"restart {victim.service}")
    status = await victim.end()
    # Asked in its first second it has no handler yet, and nothing in hand either.
    assert status in (0, -signal.SIGTERM), (
        f"{victim.service} ended with status {status}: {victim.end_of_log()}"
    )
    await scene.world.spawn(victim.service)


async def freeze_a_process(scene: Scene) -> None:
    victim = scene.victim()
    scene.say(f"freeze {victim.service}")
    victim.freeze()
    try:
        await scene.last(FROZEN)
    finally:
        victim.wake()


async def step_a_clock(scene: Scene) -> None:
    victim, seconds = scene.victim(), scene.drawn.choice(STEPS)
    scene.say(f"clock of {victim.service} by {seconds:+g} s")
    victim.step_clock(seconds)
    await scene.last(FROZEN)


async def restart_the_broker(scene: Scene) -> None:
    scene.say("restart the broker")
    await asyncio.to_thread(scene.servers.kafka.stop)
    await scene.last(DEAD)
    await scene.servers.heal()


async def kill_the_broker(scene: Scene) -> None:
    scene.say("kill the broker")
    await asyncio.to_thread(scene.servers.kafka.kill)
    await scene.last(AWAY)
    await scene.servers.heal()


async def restart_the_database(scene: Scene) -> None:
    scene.say("restart the database")
    await asyncio.to_thread(scene.servers.postgres.stop)
    await scene.last(DEAD)
    await scene.servers.heal()


async def stop_the_database_at_once(scene: Scene) -> None:
    scene.say("database shuts down at once")
    await scene.servers.stop_database_at_once()
    await scene.last(AWAY)
    await scene.servers.heal()


async def pull_a_cable(scene: Scene) -> None:
    """Between one process and one server: nothing passes, nobody is told."""
    victim = scene.victim()
    if not victim.wires:
        return
    wire = scene.drawn.choice(victim.wires)
    scene.say(f"cable between {victim.service} and {wire.target[0]}:{wire.target[1]}")
    wire.stall()
    await scene.last(FROZEN)
    wire.heal()


async def cut_a_connection(scene: Scene) -> None:
    """Between one process and one server: what is open is reset, what is opened too."""
    victim = scene.victim()
    if not victim.wires:
        return
    wire = scene.drawn.choice(victim.wires)
    scene.say(f"resets between {victim.service} and {wire.target[0]}:{wire.target[1]}")
    wire.cut()
    await scene.last(AWAY)
    wire.heal()


async def fill_the_brokers_disk(scene: Scene) -> None:
    if scene.servers.kafka_disk is None:
        return
    scene.say("the broker's disk is full")
    await asyncio.to_thread(scene.servers.kafka_disk.fill)
    await scene.last(AWAY)
    await scene.servers.heal()


async def fill_the_databases_disk(scene: Scene) -> None:
    if scene.servers.postgres_disk is None:
        return
    scene.say("the database's disk is full")
    await asyncio.to_thread(scene.servers.postgres_disk.fill)
    await scene.last(AWAY)
    await scene.servers.heal()


Fault = Callable[[Scene], Awaitable[None]]
OF_PROCESSES: tuple[Fault, ...] = (kill_a_process, restart_a_process, freeze_a_process, step_a_clock)
OF_WIRES: tuple[Fault, ...] = (pull_a_cable, cut_a_connection)
OF_SERVERS: tuple[Fault, ...] = (
    restart_the_broker,
    kill_the_broker,
    restart_the_database,
    stop_the_database_at_once,
    fill_the_brokers_disk,
    fill_the_databases_disk,
)
EVERY: tuple[Fault, ...] = OF_PROCESSES + OF_WIRES + OF_SERVERS
