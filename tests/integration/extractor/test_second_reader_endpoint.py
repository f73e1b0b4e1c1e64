"""The exchange with an endpoint that speaks the protocol, and every way in which one fails to."""

from __future__ import annotations

import asyncio
import gzip
import json
from typing import Any

import pytest

from services.extractor.second_reader.answers import Unanswered
from services.extractor.second_reader.endpoint import MAX_ANSWER_BYTES, Endpoint
from tests.integration.extractor.model_server import completion, response, serving

KEY = "sk-1"
REQUEST = b'{"model": "m"}'


async def exchange(answer: bytes | None, *, seconds: float = 30.0) -> bytes:
    """What comes of one request that is answered so."""

    async def answering(_body: dict[str, Any]) -> bytes | None:
        return answer

    async with serving(answering) as server:
        endpoint = Endpoint(server.url, key=KEY, seconds=seconds, parallel=1)
        try:
            return await endpoint.send(REQUEST)
        finally:
            await endpoint.close()


async def failure(answer: bytes | None, *, seconds: float = 30.0) -> Unanswered:
    with pytest.raises(Unanswered) as refused:
        await exchange(answer, seconds=seconds)
    return refused.value


async def test_a_completion_comes_back_as_it_was_sent() -> None:
    assert json.loads(await exchange(completion("hello")))["choices"][0]["message"]["content"] == "hello"


async def test_the_request_goes_to_chat_completions_with_the_key_and_asks_for_no_compression() -> None:
    async def answering(_body: dict[str, Any]) -> bytes:
        return completion("x")

    async with serving(answering) as server:
        endpoint = Endpoint(server.url, key=KEY, seconds=30, parallel=1)
        await endpoint.send(REQUEST)
        await endpoint.close()
    (head,) = server.heads
    lines = [line.lower() for line in head.split("\r\n")]
    assert lines[0] == "post /v1/chat/completions http/1.1"
    assert {"authorization: bearer sk-1", "accept-encoding: identity"} <= set(lines)


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (response(b"{}", "500 Internal Server Error"), "failed"),
        (response(b"{}", "502 Bad Gateway"), "failed"),
        (response(b"{}", "204 No Content"), "failed"),
        (response(b"{}", "401 Unauthorized"), "refused"),
        (response(b"{}", "404 Not Found"), "refused"),
        (response(b"{}", "503 Service Unavailable"), "overloaded"),
        (response(b"x" * (MAX_ANSWER_BYTES + 1)), "too-large"),
        (response(b'{"choices": [', length=500), "timeout"),
        (response(gzip.compress(b"{}"), "200 OK", "Content-Encoding: gzip"), "nonsense"),
        (b"SSH-2.0-OpenSSH_9.2\r\n\r\n", "away"),
        (None, "away"),
    ],
)
async def test_what_is_no_answer_has_a_code(answer: bytes | None, code: str) -> None:
    # Half an answer ends with the time-out; all others at once, so theirs is not waited for.
    assert (await failure(answer, seconds=0.3 if code == "timeout" else 30)).code == code


async def test_a_huge_answer_is_not_read_to_its_end() -> None:
    """It would end with the time-out: what was promised never comes."""

    async def endless(_body: dict[str, Any]) -> bytes:
        return response(b"x" * 8 * MAX_ANSWER_BYTES, length=2**40)

    async with serving(endless) as server:
        endpoint = Endpoint(server.url, key=None, seconds=30, parallel=1)
        with pytest.raises(Unanswered, match="too-large"):
            await endpoint.send(REQUEST)
        await endpoint.close()


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("7", 7.0),
        (" 120 ", 120.0),
        ("Wed, 21 Oct 2026 07:28:00 GMT", 0.0),
        ("-5", 0.0),
        ("1.5", 0.0),
        ("9" * 5_000, 0.0),
    ],
)
async def test_who_is_overloaded_may_say_for_how_long(value: str, seconds: float) -> None:
    error = await failure(response(b"{}", "429 Too Many Requests", f"Retry-After: {value}"))
    assert (error.code, error.retry_after) == ("overloaded", seconds)


async def test_a_redirect_is_not_followed_and_nobody_else_gets_the_key() -> None:
    async def trap(_body: dict[str, Any]) -> bytes:
        return completion("x")

    async with serving(trap) as other:
        location = f"Location: {other.url}/chat/completions"
        for status in ("302 Found", "307 Temporary Redirect", "308 Permanent Redirect"):
            assert (await failure(response(b"", status, location))).code == "redirected"
    assert other.heads == []


async def test_a_proxy_of_the_environment_gets_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    async def trap(_body: dict[str, Any]) -> bytes:
        return completion("x")

    async with serving(trap) as proxy:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url)
        assert await exchange(completion("hello"))
    assert proxy.heads == []


async def test_an_endpoint_that_is_not_there_or_silent_is_told_apart() -> None:
    endpoint = Endpoint("http://127.0.0.1:9/v1", key=None, seconds=30, parallel=1)
    with pytest.raises(Unanswered, match="away"):
        await endpoint.send(REQUEST)
    await endpoint.close()

    async def silent(_body: dict[str, Any]) -> bytes:
        await asyncio.Event().wait()
        return b""

    async with serving(silent) as server:
        endpoint = Endpoint(server.url, key=None, seconds=0.2, parallel=1)
        with pytest.raises(Unanswered, match="timeout"):
            await endpoint.send(REQUEST)
        await endpoint.close()
