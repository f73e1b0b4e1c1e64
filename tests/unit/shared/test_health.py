"""Health over HTTP, as a container's check and an operator's curl ask for it."""

from __future__ import annotations

import asyncio
import json

import pytest

from shared.errors import SettingsInvalid
from shared.pipeline.health import HealthServer, Report


async def asked(server: HealthServer, path: str) -> tuple[int, bytes]:
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
    head, _, body = (await reader.read()).partition(b"\r\n\r\n")
    writer.close()
    await writer.wait_closed()
    return int(head.split()[1]), body


@pytest.mark.parametrize(
    ("path", "status", "problems"),
    [("/live", 200, {}), ("/ready", 503, {"cleaner.pages": "broker-away: no answer"})],
)
async def test_what_is_wrong_is_said_by_status_and_by_name(path: str, status: int, problems: Report) -> None:
    async def live() -> Report:
        return {}

    async def ready() -> Report:
        return {"cleaner.pages": "broker-away: no answer"}

    server = HealthServer("127.0.0.1", 0, live=live, ready=ready)
    await server.start()
    try:
        answered, body = await asked(server, path)
        assert (answered, json.loads(body)) == (status, {"ok": not problems, "problems": problems})
        assert (await asked(server, "/metrics"))[0] == 200
        assert (await asked(server, "/else"))[0] == 404
    finally:
        await server.close()


async def test_a_port_that_is_taken_is_a_setting_to_correct() -> None:
    async def well() -> Report:
        return {}

    first = HealthServer("127.0.0.1", 0, live=well, ready=well)
    await first.start()
    try:
        second = HealthServer("127.0.0.1", first.port, live=well, ready=well)
        with pytest.raises(SettingsInvalid, match=rf"HEALTH_.*127\.0\.0\.1:{first.port}"):
            await second.start()
    finally:
        await first.close()
