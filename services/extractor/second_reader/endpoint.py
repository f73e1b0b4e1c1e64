"""One exchange with an endpoint that speaks OpenAI's chat completions. The one place here that knows HTTP."""

from __future__ import annotations

import httpx

from services.extractor.second_reader.answers import Unanswered

MAX_ANSWER_BYTES = 64 * 2**10  # 512 tokens are 4 KiB; the rest is for what endpoints say of themselves
CONNECT_SECONDS = 2.0
_OVERLOADED = frozenset({429, 503})


class Endpoint:
    """``url`` ends before ``/chat/completions``. ``seconds`` bounds what a caller's own deadline bounds already: a
    connection must not outlive it."""

    def __init__(self, url: str, *, key: str | None, seconds: float, parallel: int) -> None:
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        # Its decoders decompress without a bound.
        headers["Accept-Encoding"] = "identity"
        if key is not None:
            headers["Authorization"] = f"Bearer {key}"
        self._url = f"{url}/chat/completions"
        self._client = httpx.AsyncClient(
            headers=headers,
            timeout=httpx.Timeout(seconds, connect=min(seconds, CONNECT_SECONDS)),
            limits=httpx.Limits(max_connections=parallel, max_keepalive_connections=parallel),
            # The key and the article go where the operator said, and nowhere that an answer or a variable says.
            follow_redirects=False,
            trust_env=False,
        )

    async def send(self, body: bytes) -> bytes:
        """The body of the answer. Raises :class:`~services.extractor.second_reader.answers.Unanswered` otherwise."""
        try:
            async with self._client.stream("POST", self._url, content=body) as response:
                _check(response)
                return await _read(response)
        except httpx.TimeoutException:
            raise Unanswered("timeout") from None
        except (httpx.TransportError, httpx.InvalidURL):
            raise Unanswered("away") from None

    async def close(self) -> None:
        await self._client.aclose()


def _check(response: httpx.Response) -> None:
    status = response.status_code
    if status in _OVERLOADED:
        raise Unanswered("overloaded", retry_after=_retry_after(response.headers.get("Retry-After")))
    if 300 <= status < 400:
        raise Unanswered("redirected")
    if 400 <= status < 500:
        raise Unanswered("refused")
    if status != 200:
        raise Unanswered("failed")
    if response.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise Unanswered("nonsense")


async def _read(response: httpx.Response) -> bytes:
    found = bytearray()
    async for piece in response.aiter_raw():
        found += piece
        if len(found) > MAX_ANSWER_BYTES:
            raise Unanswered("too-large")
    return bytes(found)


def _retry_after(value: str | None) -> float:
    """Its seconds; a date, which no endpoint was seen to send, counts as none. By length first: int() of a thousand
    digits is work."""
    text = (value or "").strip()
    return float(text) if text.isascii() and text.isdigit() and len(text) <= 6 else 0.0
