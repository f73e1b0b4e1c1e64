"""``/v1/fates``: what became of a URL or a ref, as the account says.

The account is the fetcher's, in a database of its own. The store knows no other service, so whoever wires the API
hands in the question (``claimstream/api.py``); without it the API says that it was not given one.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from services.store.api.answers import answer
from services.store.api.parameters import FateQuestion
from services.store.api.refusals import AccountNotServed, NothingThere
from services.store.api.shapes import FateAnswer, Visit

# What a URL, ref, visit or file means → its visits, the oldest first, each with the fields of `Visit` at least.
Account = Callable[[str], Awaitable[Sequence[dict[str, Any]]]]


def routes(account: Account | None) -> APIRouter:
    router = APIRouter(tags=["fates"])

    @router.get("/v1/fates", response_model=None, responses={200: {"model": FateAnswer}})
    async def show_fates(request: Request, question: Annotated[FateQuestion, Query()]) -> Response:
        """What became of a submission: each visit of its URL, where it is, and what was said of it."""
        if account is None:
            raise AccountNotServed("this API answers for claims alone")
        visits = await account(question.of)
        if not visits:
            raise NothingThere(
                "nothing went in under it here",
                code="url-unknown",
                hint="Ask with the URL as it was submitted, or with its ref.",
            )
        shown = [{name: visit[name] for name in Visit.model_fields} for visit in visits]
        return answer(request, json.dumps({"visits": shown}, ensure_ascii=False).encode())

    return router
