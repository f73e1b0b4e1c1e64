"""A broker and a database server of the chaos run's own, on disks of their own where root lets us have them."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import time
from pathlib import Path

from claimstream.devservices import Kafka, Postgres
from claimstream.devservices.server import Startable
from shared.errors import UsageError
from tests.chaos.disk import Disk

KAFKA_MEGABYTES = 192  # its logs take ten; a full disk is filled in a moment
POSTGRES_MEGABYTES = 512  # a new cluster and its first WAL segments take a hundred
START_TRIES = 10
TRY_SECONDS = 1.0
DIES_WITHIN_SECONDS = 20.0


class Servers(Startable):
    """``limits``: what could not be had, in words."""

    def __init__(self) -> None:
        self.kafka = Kafka()
        self.postgres = Postgres()
        self.kafka_disk: Disk | None = None
        self.postgres_disk: Disk | None = None
        self.limits: list[str] = []

    def start(self) -> None:
        """Raises UsageError where one does not come up."""
        self.kafka_disk = self._disk(KAFKA_MEGABYTES)
        self.postgres_disk = self._disk(POSTGRES_MEGABYTES)
        for disk, server in ((self.kafka_disk, self.kafka), (self.postgres_disk, self.postgres)):
            with disk.for_temporary_files() if disk else contextlib.nullcontext():
                server.start()

    def close(self) -> None:
        self.kafka.close()
        self.postgres.close()
        for disk in filter(None, (self.kafka_disk, self.postgres_disk)):
            disk.close()

    async def heal(self) -> None:
        """Both run, whatever was done to them."""
        for disk in filter(None, (self.kafka_disk, self.postgres_disk)):
            disk.free()
        await start(self.kafka)
        await start(self.postgres)

    async def stop_database_at_once(self) -> None:
        """PostgreSQL's immediate shutdown: no checkpoint, every connection cut; it recovers at its start."""
        await asyncio.to_thread(self._quit_database)

    def _quit_database(self) -> None:
        pid = int((self._data() / "postmaster.pid").read_text().split()[0])
        os.kill(pid, signal.SIGQUIT)
        deadline = time.monotonic() + DIES_WITHIN_SECONDS
        while time.monotonic() < deadline:
            try:
                os.kill(pid, 0)
            except ProcessLookupError:
                return
            time.sleep(0.05)

    def _data(self) -> Path:
        return self.postgres.log.parent / "data"

    def _disk(self, megabytes: int) -> Disk | None:
        try:
            return Disk(megabytes)
        except OSError as error:
            self.limits.append(str(error))
            return None


async def start(server: Kafka | Postgres) -> None:
    """A server that was killed may find its own remains in the way for a moment; a busy machine starts one slowly."""
    for attempt in range(1, START_TRIES + 1):
        try:
            await asyncio.to_thread(server.start)
        except UsageError:
            if attempt == START_TRIES:
                raise
            await asyncio.sleep(TRY_SECONDS)
        else:
            return
