"""An endpoint that speaks chat completions on loopback, well or badly: each test says how."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

Answering = Callable[[dict[str, Any]], Awaitable[bytes | None]]


@dataclass
class ModelServer:
    """``heads`` and ``bodies`` of the requests that came; ``url`` as an operator would set it."""

    answering: Answering
    url: str = ""
    heads: list[str] = field(default_factory=list)
    bodies: list[dict[str, Any]] = field(default_factory=list)


def response(body: bytes, status: str = "200 OK", *headers: str, length: int | None = None) -> bytes:
    """An HTTP response; ``length`` promises another one."""
    promised = len(body) if length is None else length
    head = [
        f"HTTP/1.1 {status}",
        "Content-Type: application/json",
        f"Content-Length: {promised}",
        *headers,
    ]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body


def completion(words: str | dict[str, Any]) -> bytes:
    """A good response in which the model says that."""
    said = words if isinstance(words, str) else json.dumps(words)
    message = {"role": "assistant", "content": said, "refusal": None}
    document = {
        "id": "c1",
        "object": "chat.completion",
        "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 900, "completion_tokens": 40},
    }
    return response(json.dumps(document).encode())


def question_in(body: dict[str, Any]) -> dict[str, Any]:
    """The data of a question."""
    found: dict[str, Any] = json.loads(body["messages"][1]["content"].split("\n")[1])
    return found


@asynccontextmanager
async def serving(answering: Answering) -> AsyncIterator[ModelServer]:
    """A server whose answers are ``answering(request's JSON)``; None closes the connection without one."""
    server = ModelServer(answering)
    talks: set[asyncio.Task[None]] = set()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        talks.add(task)
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
                (length,) = (
                    int(line.split(":")[1])
                    for line in head.split("\r\n")
                    if line.lower().startswith("content-length:")
                )
                body = json.loads(await reader.readexactly(length))
                server.heads.append(head)
                server.bodies.append(body)
                answer = await server.answering(body)
                if answer is None:
                    return
                writer.write(answer)
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            talks.discard(task)
            writer.close()

    listener = await asyncio.start_server(talk, "127.0.0.1", 0)
    server.url = f"http://127.0.0.1:{listener.sockets[0].getsockname()[1]}/v1"
    try:
        yield server
    finally:
        listener.close()
        for task in list(talks):
            task.cancel()
        await asyncio.gather(*talks, return_exceptions=True)
        await listener.wait_closed()
