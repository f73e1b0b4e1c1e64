"""The API's application: its routes, its errors, its description."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from services.store.api import articles, claims, export, fates, health, schemas, stream
from services.store.api.description import describe
from services.store.api.gate import Gate
from services.store.api.ledger import PublishedLedger
from services.store.api.problems import problem
from services.store.api.rates import Rates
from services.store.api.reading import Reader
from services.store.api.refusals import MethodNotAllowed, NothingThere, RequestInvalid
from services.store.api.seats import Seats
from services.store.api.settings import ApiSettings
from services.store.api.tokens import Tokens
from shared.clock import Clock, SystemClock
from shared.contracts import topics
from shared.errors import ClaimstreamError


@dataclass(frozen=True)
class Parts:
    """What the API stands on. ``epoch`` is the store's, ``prefix`` that of the topics. ``account`` answers for fates,
    ``ready`` says what is missing, ``stopping`` that streams are to end."""

    reader: Reader
    epoch: int = 1
    prefix: str = "claimstream"
    account: fates.Account | None = None
    ready: health.Ready | None = None
    stopping: Callable[[], bool] = lambda: False
    clock: Clock = field(default_factory=SystemClock)


def build(settings: ApiSettings, parts: Parts) -> Gate:
    """The ASGI application."""
    tokens = Tokens(settings.accepted)
    rates = Rates(settings.rate, settings.burst, parts.clock)
    return Gate(application(settings, parts), tokens, rates, parts.clock)


def application(settings: ApiSettings, parts: Parts) -> FastAPI:
    """What stands behind the gate."""
    app = FastAPI(docs_url=None, redoc_url=None, redirect_slashes=False, openapi_url="/openapi.json")
    ledger = PublishedLedger(parts.reader, parts.epoch)
    seats = Seats(settings.streams)
    topic = topics.full_name(parts.prefix, topics.CLAIMS)
    # Before /v1/claims/{claim_id}, which would take their names for ids.
    app.include_router(stream.routes(ledger, seats, parts.clock, parts.stopping, settings.stream_seconds))
    app.include_router(export.routes(ledger, seats, topic))
    app.include_router(claims.routes(parts.reader))
    app.include_router(articles.routes(parts.reader))
    app.include_router(fates.routes(parts.account))
    app.include_router(schemas.routes())
    app.include_router(health.routes(parts.ready or _nothing_missing))
    app.add_exception_handler(ClaimstreamError, _ours)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _of_http)
    describe(app)
    return app


async def _nothing_missing() -> dict[str, str]:
    return {}


async def _ours(_request: Request, error: Any) -> Response:
    return problem(error)


async def _invalid(_request: Request, error: Any) -> Response:
    """By parameter, without the value: it may be long, and is the caller's own."""
    wrong = [
        {"parameter": ".".join(str(part) for part in one["loc"][1:]) or one["loc"][0], "problem": one["msg"]}
        for one in error.errors()
    ]
    names = ", ".join(dict.fromkeys(one["parameter"] for one in wrong))
    return problem(RequestInvalid(f"not as described: {names}"), errors=wrong)


async def _of_http(_request: Request, error: Any) -> Response:
    """What the framework says of a path or a method."""
    if error.status_code == 405:
        return problem(MethodNotAllowed("this path is read, and not written"), headers=error.headers)
    if error.status_code == 404:
        return problem(NothingThere("no such path"))
    return problem(RequestInvalid("this request cannot be read"))
