"""What every request passes: who asks, how often, how long it took; and no error gets past without our words.

An ASGI application around the API's own, so that streams pass piece by piece.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from services.store import metrics
from services.store.api.problems import problem
from services.store.api.rates import Rates
from services.store.api.refusals import RateExceeded
from services.store.api.tokens import Tokens
from shared.clock import Clock
from shared.errors import ClaimstreamError, RequestError
from shared.telemetry import logger

log = logger("api")

Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Any, Any, Send], Awaitable[None]]

# The contract is public, and a health check has no token.
OPEN = ("/healthz", "/readyz", "/openapi.json", "/schemas")
UNCOUNTED = ("/healthz", "/readyz")
STREAMED = ("/v1/claims/stream", "/v1/claims/export")
# A reader that takes nothing for this long is gone, or might as well be: it comes back where it was.
SEND_SECONDS = 30.0
_HEADERS = ((b"x-content-type-options", b"nosniff"), (b"referrer-policy", b"no-referrer"))


class Gate:
    """``tokens`` empty: whoever reaches the API may ask."""

    def __init__(self, application: Application, tokens: Tokens, rates: Rates, clock: Clock) -> None:
        self._application, self._tokens, self._rates, self._clock = application, tokens, rates, clock

    async def __call__(self, scope: Any, receive: Any, send: Send) -> None:
        if scope["type"] != "http":
            return
        answer = _Answer(send)
        begun = self._clock.monotonic()
        try:
            await self._let_in(scope, receive, answer)
        except TimeoutError:
            if not answer.status:
                raise
            log.info("a reader took nothing and is let go", route=_route(scope), seconds=SEND_SECONDS)
        finally:
            route = _route(scope)
            metrics.api_requests.labels(route, str(answer.status)).inc()
            if route not in STREAMED:
                metrics.api_seconds.labels(route).observe(self._clock.monotonic() - begun)

    async def _let_in(self, scope: Any, receive: Any, answer: _Answer) -> None:
        try:
            self._ask_who(scope)
            await self._application(scope, receive, answer)
        except ClaimstreamError as error:
            if answer.status:
                raise
            wait = error.wait if isinstance(error, _Wait) else None
            await problem(error, retry_after=wait)(scope, receive, answer)
        except TimeoutError:
            raise
        except Exception:
            log.exception("a request failed", route=_route(scope))
            if not answer.status:
                await problem(ClaimstreamError())(scope, receive, answer)

    def _ask_who(self, scope: Any) -> None:
        path: str = scope["path"]
        if path in UNCOUNTED:
            return
        caller = f"address {scope['client'][0] if scope['client'] else '-'}"
        if self._tokens and not _is_open(path):
            # Before the token is looked at: who tries tokens has no more tries than anybody.
            authorization = next((v for k, v in scope["headers"] if k == b"authorization"), None)
            try:
                caller = self._tokens.caller(authorization)
            except RequestError:
                self._count(caller)
                raise
        self._count(caller)

    def _count(self, caller: str) -> None:
        if wait := self._rates.wait(caller):
            raise _Wait(wait)


class _Wait(RateExceeded):
    def __init__(self, wait: float) -> None:
        super().__init__("too many requests")
        self.wait = wait


class _Answer:
    """Sends with a deadline, and remembers the status (0: nothing was sent)."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.status = 0

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            message["headers"] = [*message.get("headers", ()), *_HEADERS]
        async with asyncio.timeout(SEND_SECONDS):
            await self._send(message)


def _is_open(path: str) -> bool:
    return any(path == one or path.startswith(f"{one}/") for one in OPEN)


def _route(scope: Any) -> str:
    """The path as it is declared: a metric must not have a series for every id that somebody tries."""
    route = scope.get("route")
    return getattr(route, "path", None) or "other"
