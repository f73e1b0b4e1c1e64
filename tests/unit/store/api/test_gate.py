"""What every request passes, with an application behind it that misbehaves."""

from __future__ import annotations

import asyncio
import json
from collections.abc import MutableMapping
from typing import Any

import pytest

from services.store.api import gate as gate_module
from services.store.api.gate import Gate
from services.store.api.problems import problem, status_of
from services.store.api.rates import Rates
from services.store.api.tokens import Tokens
from shared import errors
from shared.clock import ManualClock
from shared.metrics import REGISTRY

TOKEN = "0123456789abcdef-one"
START = {"type": "http.response.start", "status": 200, "headers": []}


class Sent:
    """What went out; ``block`` never takes anything."""

    def __init__(self, *, block: bool = False) -> None:
        self.messages: list[MutableMapping[str, Any]] = []
        self._block = block

    async def __call__(self, message: MutableMapping[str, Any]) -> None:
        if self._block and message["type"] == "http.response.body":
            await asyncio.Event().wait()
        self.messages.append(message)

    @property
    def status(self) -> int:
        return int(self.messages[0]["status"])

    @property
    def headers(self) -> dict[str, str]:
        return {key.decode(): value.decode() for key, value in self.messages[0]["headers"]}

    @property
    def body(self) -> Any:
        return json.loads(b"".join(message.get("body", b"") for message in self.messages[1:]))


def scope(path: str = "/v1/claims", **headers: str) -> dict[str, Any]:
    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    return {"type": "http", "path": path, "headers": raw, "client": ("192.0.2.1", 1), "method": "GET"}


async def receive() -> dict[str, Any]:
    return {"type": "http.disconnect"}


def gate(application: Any, *tokens: str, burst: int = 1000) -> Gate:
    clock = ManualClock()
    return Gate(application, Tokens(tokens), Rates(0.1, burst, clock), clock)


async def fine(_scope: Any, _receive: Any, send: Any) -> None:
    await send(dict(START))
    await send({"type": "http.response.body", "body": b"{}"})


async def test_a_defect_tells_nothing_of_our_inside() -> None:
    async def broken(*_: Any) -> None:
        raise RuntimeError("password=hunter2 at /srv/secret")

    sent = Sent()
    await gate(broken)(scope(), receive, sent)
    assert (sent.status, sent.body["code"]) == (500, "internal")
    assert "hunter2" not in json.dumps(sent.body)
    assert "secret" not in json.dumps(sent.body)


async def test_a_database_that_is_away_is_said_without_its_address() -> None:
    async def away(*_: Any) -> None:
        raise errors.DatabaseAway("could not connect to 10.9.8.7 as claimstream")

    sent = Sent()
    await gate(away)(scope(), receive, sent)
    assert (sent.status, sent.body["code"], sent.headers["retry-after"]) == (503, "database-away", "5")
    assert "10.9.8.7" not in json.dumps(sent.body)


async def test_without_a_token_there_is_no_answer_but_for_what_is_public() -> None:
    guarded = gate(fine, TOKEN)
    for path in ("/v1/claims", "/v1/claims/stream", "/metrics", "/", "/schemasx", "/openapi.jsonx"):
        sent = Sent()
        await guarded(scope(path), receive, sent)
        assert (sent.status, sent.body["code"]) == (401, "token-missing"), path
        assert sent.headers["www-authenticate"] == "Bearer"
    for path in ("/healthz", "/readyz", "/openapi.json", "/schemas", "/schemas/claim.json"):
        sent = Sent()
        await guarded(scope(path), receive, sent)
        assert sent.status == 200, path
    sent = Sent()
    await guarded(scope(authorization=f"Bearer {TOKEN}"), receive, sent)
    assert sent.status == 200
    sent = Sent()
    await guarded(scope(authorization="Bearer x"), receive, sent)
    assert (sent.status, sent.body["code"]) == (401, "token-unknown")
    assert sent.headers["www-authenticate"] == 'Bearer error="invalid_token"'


async def test_who_asks_too_often_waits_and_health_checks_do_not() -> None:
    small = gate(fine, burst=2)
    statuses = []
    for _ in range(3):
        sent = Sent()
        await small(scope(), receive, sent)
        statuses.append(sent.status)
    assert statuses == [200, 200, 429]
    assert (sent.body["code"], sent.headers["retry-after"]) == ("rate-exceeded", "10")
    sent = Sent()
    await small(scope("/healthz"), receive, sent)
    assert sent.status == 200


async def test_who_tries_tokens_is_slowed_down_by_address_and_no_holder_of_one_with_it() -> None:
    guarded = gate(fine, TOKEN, burst=2)
    statuses = []
    for guess in ("a", "b", "c"):
        sent = Sent()
        await guarded(scope(authorization=f"Bearer {guess}"), receive, sent)
        statuses.append(sent.status)
    assert statuses == [401, 401, 429]
    sent = Sent()
    await guarded(scope(authorization=f"Bearer {TOKEN}"), receive, sent)
    assert sent.status == 200


async def test_a_reader_that_takes_nothing_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate_module, "SEND_SECONDS", 0.01)
    sent = Sent(block=True)
    await gate(fine)(scope("/v1/claims/stream"), receive, sent)
    assert [message["type"] for message in sent.messages] == ["http.response.start"]


async def test_paths_that_somebody_tries_make_no_series_of_metrics() -> None:
    for number in range(3):
        await gate(fine)(scope(f"/wp-admin/{number}"), receive, Sent())
    families = {family.name: family for family in REGISTRY.collect()}
    routes = {sample.labels["route"] for sample in families["claimstream_api_requests"].samples}
    assert not any("wp-admin" in route for route in routes)
    assert "other" in routes


def test_every_error_of_ours_has_an_answer() -> None:
    def below(kind: type[errors.ClaimstreamError]) -> list[type[errors.ClaimstreamError]]:
        return [kind, *(found for one in kind.__subclasses__() for found in below(one))]

    for kind in below(errors.ClaimstreamError):
        if kind.__module__ != "shared.errors":
            continue
        body = json.loads(bytes(problem(kind("inside")).body))
        assert 400 <= body["status"] == status_of(kind("inside")) < 600
        assert body.keys() == {"type", "title", "status", "detail", "code", "hint"}
        if not issubclass(kind, errors.RequestError):
            assert "inside" not in body["detail"]
