"""Asking the API, and what the answers hold."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx

from services.store.api.reading import Reader

Make = Callable[..., "Asking"]


@dataclass
class Asking:
    """``get`` gives the answer, ``json`` its content and insists on 200, ``problem`` insists on a problem."""

    client: httpx.AsyncClient
    reader: Reader

    async def get(self, path: str, headers: Any = None, **query: Any) -> httpx.Response:
        return await self.client.get(path, params=query or None, headers=headers)

    async def json(self, path: str, **query: Any) -> Any:
        answer = await self.get(path, **query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def contents(self, **query: Any) -> list[str]:
        """The contents of the claims that are found, in their order."""
        found = await self.json("/v1/claims", **query)
        return [claim["content"]["text"] for claim in found["claims"]]

    async def problem(self, path: str, headers: dict[str, str] | None = None, **query: Any) -> dict[str, Any]:
        answer = await self.get(path, headers, **query)
        assert answer.headers["content-type"] == "application/problem+json"
        body: dict[str, Any] = answer.json()
        assert body["status"] == answer.status_code
        assert body["type"] == f"urn:claimstream:problem:{body['code']}"
        assert body["hint"]
        return body
