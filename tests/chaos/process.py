"""One service as an operating system's process: started, killed, stopped and woken; its log read afterwards."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import socket
import struct
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.chaos import launch
from tests.chaos.wires import Address, Wire

LOOK_SECONDS = 0.05
HAND_OVER_SECONDS = 60.0
ROOT = Path(__file__).parents[2]


class ServiceProcess:
    """``doors``: the servers that it reaches over wires of ours, none where its network is everybody's.
    ``session_ms``: how long a consumer group waits for a member that died; None leaves what production has.
    ``broken``: each of its handlers fails on whatever comes."""

    def __init__(
        self,
        service: str,
        folder: Path,
        *,
        environment: Mapping[str, str],
        doors: Sequence[Address] = (),
        session_ms: int | None = None,
        broken: bool = False,
    ) -> None:
        self.service = service
        self.asked_to_end = False
        self.wires: list[Wire] = []
        self._doors = list(doors)
        self._clock = folder / "clock"
        self._clock.write_bytes(struct.pack("d", 0.0))
        self.log = folder / "log"
        ours, theirs = socket.socketpair()
        said = {
            "command": ["run", service],
            "doors": self._doors,
            "control": theirs.fileno(),
            "clock": str(self._clock),
            "session_ms": session_ms,
            "broken": broken,
        }
        with self.log.open("ab") as sink, theirs:
            self._process = subprocess.Popen(
                [sys.executable, launch.__file__, json.dumps(said)],
                cwd=ROOT,
                env={**outer_environment(), **environment},
                stdin=subprocess.DEVNULL,
                stdout=sink,
                stderr=subprocess.STDOUT,
                pass_fds=[theirs.fileno()],
                start_new_session=True,
            )
        self._control = ours

    @property
    def pid(self) -> int:
        return self._process.pid

    async def start(self) -> None:
        """Returns when its wires are connected; the service itself starts meanwhile."""
        self._control.settimeout(HAND_OVER_SECONDS)
        with self._control:
            if self._doors:
                _, files, _, _ = await asyncio.to_thread(socket.recv_fds, self._control, 16, len(self._doors))
                assert len(files) == len(self._doors), f"{self.service}: {self.end_of_log()}"
                self.wires = [
                    Wire(socket.socket(fileno=file), target)
                    for file, target in zip(files, self._doors, strict=True)
                ]
        for wire in self.wires:
            await wire.open()

    @property
    def status(self) -> int | None:
        """The exit status, negative for a signal; None while it runs."""
        return self._process.poll()

    async def ended(self, seconds: float) -> int:
        """Wait for its end; the status. Raises TimeoutError."""
        async with asyncio.timeout(seconds):
            while (status := self.status) is None:
                await asyncio.sleep(LOOK_SECONDS)
        await self._close_wires()
        return status

    async def until_running(self, seconds: float = 120) -> None:
        """Wait until all its stages have started."""
        async with asyncio.timeout(seconds):
            while not any(line.get("event") == "running" for line in self.lines()):
                assert self.status is None, f"{self.service} ended: {self.end_of_log()}"
                await asyncio.sleep(LOOK_SECONDS)

    async def kill(self) -> None:
        """SIGKILL, as the kernel or a power cut does."""
        self.asked_to_end = True
        self._signal(signal.SIGKILL)
        await self.ended(30)

    async def end(self, seconds: float = 60) -> int:
        """SIGTERM: an orderly end; the status."""
        self.asked_to_end = True
        self._signal(signal.SIGTERM)
        return await self.ended(seconds)

    def freeze(self) -> None:
        self._signal(signal.SIGSTOP)

    def wake(self) -> None:
        self._signal(signal.SIGCONT)

    def step_clock(self, seconds: float) -> None:
        """From now on its time of day differs from ours by this much."""
        with self._clock.open("r+b") as file:
            file.write(struct.pack("d", seconds))

    def lines(self) -> Iterator[dict[str, Any]]:
        """What it has logged so far."""
        for line in self.log.read_text(errors="replace").splitlines():
            with contextlib.suppress(ValueError):
                parsed = json.loads(line)
                if isinstance(parsed, dict):
                    yield parsed

    def end_of_log(self) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-20:])

    def children(self) -> list[int]:
        """The living processes of its session (its pool), without itself."""
        found: list[int] = []
        for entry in Path("/proc").iterdir():
            with contextlib.suppress(OSError, ValueError, IndexError):
                pid = int(entry.name)
                # pid (comm) state ppid pgrp session …
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
                if int(fields[3]) == self.pid and pid != self.pid and fields[0] not in "ZX":
                    found.append(pid)
        return found

    async def close(self) -> None:
        """Take it down, with all that it started."""
        if self.status is None:
            self._signal(signal.SIGKILL)
            await self.ended(30)
        for child in self.children():
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
        await self._close_wires()

    def _signal(self, number: signal.Signals) -> None:
        if self.status is None:
            self._process.send_signal(number)

    async def _close_wires(self) -> None:
        wires, self.wires = self.wires, []
        for wire in wires:
            await wire.close()


def outer_environment() -> dict[str, str]:
    """Ours, without any setting of claimstream that a person's shell may have."""
    return {name: value for name, value in os.environ.items() if not name.startswith("CLAIMSTREAM_")}
