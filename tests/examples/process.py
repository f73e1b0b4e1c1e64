"""One example as a process: its lines of JSON as they come, its end as Ctrl-C brings it."""

from __future__ import annotations

import asyncio
import json
import signal
from pathlib import Path
from typing import Any, Self

LINE_SECONDS = 180.0  # a start on a busy machine, a group that forms, and all services on the way


class Example:
    """``async with Example(command, folder, environ) as example``; leaving it kills what still runs."""

    def __init__(self, command: tuple[str, ...], folder: Path, environ: dict[str, str]) -> None:
        self._command, self._folder, self._environ = command, folder, environ
        self._process: asyncio.subprocess.Process
        self._complaints: asyncio.Task[bytes]

    async def __aenter__(self) -> Self:
        self._process = await asyncio.create_subprocess_exec(
            *self._command,
            cwd=self._folder,
            env=self._environ,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        assert self._process.stderr is not None
        self._complaints = asyncio.create_task(self._process.stderr.read())
        return self

    async def __aexit__(self, *error: object) -> None:
        self.kill()
        await self._process.wait()
        await self._complaints

    async def lines(self, number: int) -> list[dict[str, Any]]:
        """The next ``number`` lines. Fails with what it complained of if it ends or falls silent before."""
        assert self._process.stdout is not None
        got: list[dict[str, Any]] = []
        try:
            async with asyncio.timeout(LINE_SECONDS):
                while len(got) < number:
                    line = await self._process.stdout.readline()
                    if not line:
                        break
                    got.append(json.loads(line))
        except TimeoutError:
            self.kill()
        assert len(got) == number, (
            f"{number} lines were due, {got} came:\n{(await self._complaints).decode()}"
        )
        return got

    async def interrupt(self) -> int:
        """Ctrl-C. The exit status."""
        self._process.send_signal(signal.SIGINT)
        return await self.ended()

    async def ended(self) -> int:
        async with asyncio.timeout(LINE_SECONDS):
            status = await self._process.wait()
        complaints = (await self._complaints).decode()
        assert "Traceback" not in complaints, complaints
        return status

    def kill(self) -> None:
        if self._process.returncode is None:
            self._process.kill()
