"""The wires of a storm: what they may do to a connection, and what no cable does."""

from __future__ import annotations

import asyncio
import socket
from asyncio import StreamReader, StreamWriter

from tests.chaos.wires import Wire


async def test_who_hung_up_while_the_cable_was_out_is_never_heard() -> None:
    heard: list[bytes] = []

    async def answers(reader: StreamReader, writer: StreamWriter) -> None:
        heard.append(await reader.readline())
        writer.write(b"yes\n")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answers, "127.0.0.1", 0)
    wire = Wire(socket.create_server(("127.0.0.1", 0)), server.sockets[0].getsockname())
    door = wire._listening.getsockname()
    await wire.open()
    wire.stall()
    try:
        _, impatient = await asyncio.open_connection(*door)
        impatient.write(b"first\n")
        impatient.close()
        await impatient.wait_closed()
        reader, patient = await asyncio.open_connection(*door)
        patient.write(b"second\n")
        await asyncio.sleep(0.1)  # the end of the first one is on its way; nothing tells when it has come
        wire.heal()
        assert await reader.readline() == b"yes\n"
        patient.close()
    finally:
        await wire.close()
        server.close()
    assert heard == [b"second\n"]
