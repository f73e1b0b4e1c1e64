"""The containers' health check, as the engine calls it, against the server that the services have."""

from __future__ import annotations

import asyncio
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from shared.pipeline.health import HealthServer, Report

READY = Path(__file__).parents[3] / "deploy" / "ready.py"


async def check(port: int) -> tuple[int | None, str]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-IS",
        str(READY),
        env={"CLAIMSTREAM_HEALTH_PORT": str(port)},
        stdout=subprocess.PIPE,
    )
    said, _ = await process.communicate()
    return process.returncode, said.decode()


@pytest.mark.parametrize(
    ("report", "status", "word"), [({}, 0, '"ok": true'), ({"store.relay": "broker-away"}, 1, "broker-away")]
)
async def test_a_service_that_can_work_is_healthy_and_another_says_what_is_missing(
    report: Report, status: int, word: str
) -> None:
    async def ready() -> Report:
        return report

    server = HealthServer("127.0.0.1", 0, live=ready, ready=ready)
    await server.start()
    try:
        code, said = await check(server.port)
    finally:
        await server.close()
    assert code == status
    assert word in said


async def test_a_service_that_does_not_answer_is_unhealthy() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        code, said = await check(closed.getsockname()[1])
    assert code == 1
    assert "no answer" in said
