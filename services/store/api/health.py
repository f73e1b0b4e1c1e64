"""``/healthz``: the process answers. ``/readyz``: it can answer questions. Neither asks for a token nor is counted."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from fastapi import APIRouter
from starlette.responses import JSONResponse, Response

from services.store.api.shapes import Health

Ready = Callable[[], Awaitable[dict[str, str]]]


def routes(ready: Ready) -> APIRouter:
    router = APIRouter(tags=["health"])

    @router.get("/healthz", response_model=None, responses={200: {"model": Health}})
    async def live() -> Response:
        """Whether the process answers."""
        return JSONResponse({"ok": True, "problems": {}})

    @router.get(
        "/readyz",
        response_model=None,
        responses={
            200: {"model": Health},
            503: {"model": Health, "description": "What is missing, by name."},
        },
    )
    async def is_ready() -> Response:
        """Whether the database is there, with this release's schema; only the code of what is missing is told."""
        problems = await ready()
        return JSONResponse({"ok": not problems, "problems": problems}, 503 if problems else 200)

    return router
