"""What cannot be answered, on both databases: each with its code, and nothing of our inside."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from services.store.api.reading import Reader, open_read_only
from services.store.api.refusals import QueryTooSlow
from shared.errors import DatabaseAway, SchemaMissing
from tests.integration.store.api.asking import Asking, Make
from tests.integration.store.api.serving import serving
from tests.integration.store.ledger import Ledger

TOKEN = "0123456789abcdef-one"
# Endless on both databases, but for its limit.
ENDLESS = text(
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000000) SELECT count(*) FROM n"
)


@pytest.mark.parametrize(
    ("path", "named"),
    [
        ("/v1/claims?limit=0", "limit"),
        ("/v1/claims?limit=201", "limit"),
        ("/v1/claims?cursor=x", "cursor"),
        ("/v1/claims?kind=rumour", "kind.0"),
        ("/v1/claims?sort=up", "sort"),
        ("/v1/claims?since=yesterday", "since"),
        ("/v1/claims?since=1767225600", "since"),
        ("/v1/claims?article=x", "article"),
        ("/v1/claims/x", "claim_id"),
        ("/v1/articles", "url"),
        ("/v1/fates", "of"),
    ],
)
async def test_a_parameter_that_is_not_as_described_is_named(api: Asking, path: str, named: str) -> None:
    body = await api.problem(path)
    assert (body["status"], body["code"]) == (400, "request-invalid")
    assert [one["parameter"] for one in body["errors"]] == [named]


async def test_nothing_is_written_here(api: Asking) -> None:
    for method in ("POST", "PUT", "DELETE", "PATCH"):
        answer = await api.client.request(method, "/v1/claims")
        assert (answer.status_code, answer.json()["code"]) == (405, "method-not-allowed")
        assert answer.headers["allow"] == "GET"


async def test_the_database_itself_refuses_to_be_written(api: Asking) -> None:
    with pytest.raises((DatabaseAway, DBAPIError)):
        async with api.reader.snapshot() as connection:
            await connection.execute(text("DELETE FROM store_facets"))
    if api.reader.dialect == "postgresql":
        async with api.reader.snapshot() as connection:
            assert await connection.scalar(text("SHOW transaction_isolation")) == "repeatable read"


async def test_a_question_that_takes_too_long_is_ended(ledger: Ledger, database_url: str) -> None:
    engine = open_read_only(database_url)
    slow, usual = Reader(engine, 0.2), Reader(engine, 30)
    with pytest.raises(QueryTooSlow):
        async with slow.snapshot() as connection:
            await connection.execute(ENDLESS)
    async with usual.snapshot() as connection:
        assert await connection.scalar(text("SELECT 1")) == 1
    await engine.dispose()


async def test_fates_are_the_accounts_where_there_is_one(make: Make) -> None:
    async def account(target: str) -> list[dict[str, Any]]:
        visit = dict.fromkeys(
            ("observed_at", "closed_at", "fate", "code", "hint", "article_id", "version", "claims")
        )
        known = {
            "visit_id": "v",
            "url_id": "u",
            "url": target,
            "number": 1,
            "where": "queued",
            "opened_at": "t",
            "submissions": (),
            "said": (),
            "origin": "not shown",
        }
        return [known | visit] if target == "https://news.example/" else []

    api = make(account=account)
    (visit,) = (await api.json("/v1/fates", of="https://news.example/"))["visits"]
    assert visit["where"] == "queued"
    assert "origin" not in visit
    assert (await api.problem("/v1/fates", of="desk-7"))["code"] == "url-unknown"
    body = await make().problem("/v1/fates", of="desk-7")
    assert (body["status"], body["code"]) == (501, "account-not-served")


async def test_a_database_without_our_tables_is_not_ready_and_says_what_to_do(database_url: str) -> None:

    async with serving(database_url) as server, httpx.AsyncClient() as client:
        address = f"http://127.0.0.1:{server.port}"
        ready = await client.get(f"{address}/readyz")
        assert (ready.status_code, ready.json()["problems"]) == (503, {"store-database": "schema-missing"})
        assert (await client.get(f"{address}/healthz")).status_code == 200
        answer = await client.get(f"{address}/v1/claims")
        assert (answer.status_code, answer.json()["code"]) == (503, SchemaMissing.code)
        assert "store_" not in answer.text


async def test_a_server_with_tokens_answers_those_who_have_one(ledger: Ledger, database_url: str) -> None:

    settings = {"tokens": TOKEN, "host": "0.0.0.0"}
    async with serving(database_url, settings) as server, httpx.AsyncClient() as client:
        address = f"http://127.0.0.1:{server.port}/v1/claims"
        assert (await client.get(address)).status_code == 401
        answer = await client.get(address, headers={"Authorization": f"Bearer {TOKEN}"})
        assert (answer.status_code, answer.headers["x-content-type-options"]) == (200, "nosniff")
