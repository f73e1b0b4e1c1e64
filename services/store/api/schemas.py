"""``/schemas``: the JSON Schemas of the records, as they are committed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from services.store.api.answers import answer
from services.store.api.refusals import NothingThere
from services.store.api.shapes import SchemaList
from shared.contracts import registry

FOLDER = Path(registry.__file__).parent / "schemas"
SCHEMA_JSON = "application/schema+json"


def routes() -> APIRouter:
    router = APIRouter(tags=["schemas"])
    files = {path.stem: path.read_bytes() for path in sorted(FOLDER.glob("*.json"))}
    listed = {"schemas": {name: json.loads(body)["$id"] for name, body in files.items()}}
    schema: dict[str, Any] = {"content": {SCHEMA_JSON: {"schema": {"type": "object"}}}}

    @router.get("/schemas", response_model=None, responses={200: {"model": SchemaList}})
    async def list_schemas(request: Request) -> Response:
        """The schemas that there are."""
        return answer(request, json.dumps(listed).encode())

    @router.get("/schemas/{name}.json", response_model=None, response_class=Response, responses={200: schema})
    async def show_schema(request: Request, name: str) -> Response:
        """The schema of one kind of record (JSON Schema 2020-12): `claim`, `outcome`, `url` …"""
        if name not in files:
            raise NothingThere(f"no schema {name}", hint="`GET /schemas` lists them.")
        return answer(request, files[name], media_type=SCHEMA_JSON)

    return router
