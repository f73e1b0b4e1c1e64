"""``/live``, ``/ready`` and ``/metrics`` of a service, on a small ASGI application run by uvicorn.

Live means: its loops turn. Ready means: it can do its work now; a dependency that is away makes it unready, never dead.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

import uvicorn
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from shared.errors import SettingsInvalid
from shared.metrics import REGISTRY

Report = dict[str, str]
Check = Callable[[], Awaitable[Report]]


class HealthServer:
    """``live`` and ``ready`` give the problems found by name; an empty report is health."""

    def __init__(self, host: str, port: int, *, live: Check, ready: Check) -> None:
        self._live, self._ready = live, ready
        config = uvicorn.Config(
            self._application,
            host=host,
            port=port,
            interface="asgi3",  # guessed, a bound method is taken for ASGI 2, and every answer is a 500
            log_config=None,
            access_log=False,
            lifespan="off",
        )
        self._server = uvicorn.Server(config)
        # Signals belong to the service: it drains first and stops this server last.
        self._server.capture_signals = _leave_signals_alone  # type: ignore[method-assign]
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Returns when it listens. Raises SettingsInvalid where that address cannot be listened on."""
        self._task = asyncio.create_task(self._serve(), name="health")
        while not self._server.started:
            if self._task.done():
                self._task.result()
                raise OSError("the health server ended before it listened")
            await asyncio.sleep(0.01)

    async def _serve(self) -> None:
        try:
            await self._server.serve()
        except SystemExit:  # uvicorn's word for an address that is taken
            at = f"{self._server.config.host}:{self._server.config.port}"
            raise SettingsInvalid(
                f"CLAIMSTREAM_HEALTH_HOST, _PORT: {at} cannot be listened on",
                hint="Another process has the port, or this machine has no such address. Name a port that is free; "
                "0 takes any. The services of one `claimstream run` take one port after the other.",
            ) from None

    @property
    def port(self) -> int:
        """The port that it really listens on (0 in the settings means any)."""
        return int(self._server.servers[0].sockets[0].getsockname()[1])

    async def close(self) -> None:
        if self._task is not None:
            self._server.should_exit = True
            await self._task

    async def _application(self, scope: Any, receive: Any, send: Any) -> None:
        path = scope["path"]
        if path == "/metrics":
            await _answer(send, 200, CONTENT_TYPE_LATEST, generate_latest(REGISTRY))
            return
        check = {"/live": self._live, "/ready": self._ready}.get(path)
        if check is None:
            await _answer(send, 404, "application/json", b'{"paths": ["/live", "/ready", "/metrics"]}')
            return
        problems = await check()
        body = json.dumps({"ok": not problems, "problems": problems}).encode()
        await _answer(send, 503 if problems else 200, "application/json", body)


async def _answer(send: Any, status: int, content_type: str, body: bytes) -> None:
    headers = [(b"content-type", content_type.encode()), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _leave_signals_alone() -> Any:
    import contextlib

    return contextlib.nullcontext()
