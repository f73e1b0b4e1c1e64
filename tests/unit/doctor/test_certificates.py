"""The days of a certificate are read from the listener itself, also when nobody should trust it any more."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme

from claimstream.doctor.broker import DAYS_LEFT, certificates
from claimstream.kafka import Broker
from shared.settings import CommonSettings, KafkaSettings


@contextlib.asynccontextmanager
async def _listener(days: float) -> AsyncIterator[Broker]:
    """A listener whose certificate has so many days left, and the broker that it is taken for."""
    authority = trustme.CA()
    certificate = authority.issue_cert(
        "127.0.0.1",
        not_before=datetime.now(UTC) - timedelta(days=1000),
        not_after=datetime.now(UTC) + timedelta(days=days, hours=1),
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)

    async def hang_up(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()

    server = await asyncio.start_server(hang_up, "127.0.0.1", 0, ssl=context)
    port = server.sockets[0].getsockname()[1]
    settings = KafkaSettings(bootstrap=f"127.0.0.1:{port}", security="SSL")
    try:
        yield Broker(CommonSettings(), settings)
    finally:
        server.close()
        await server.wait_closed()


@pytest.mark.parametrize(
    ("days", "code"),
    [
        (DAYS_LEFT + 1, None),
        (DAYS_LEFT - 1, "certificate-ends-soon"),
        (0, "certificate-ends-soon"),
        (-2, "certificate-expired"),
    ],
)
async def test_a_certificate_that_ends_soon_is_said_with_its_days(days: int, code: str | None) -> None:
    async with _listener(days) as broker:
        (found,) = await certificates(broker)
    assert found.code == code
    assert f"{days} days left, for 127.0.0.1" in found.text


async def test_a_listener_that_is_not_there_is_no_finding_of_its_own(tmp_path: Path) -> None:
    """The broker's own check says that it is away."""
    (found,) = await certificates(
        Broker(CommonSettings(), KafkaSettings(bootstrap="127.0.0.1:1", security="SSL"))
    )
    assert found.ok
    assert "not reached" in found.text
