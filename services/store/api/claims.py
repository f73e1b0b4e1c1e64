"""``/v1/claims``: lists of claims, one claim, its revisions."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from services.store.api import selecting
from services.store.api.answers import answer
from services.store.api.parameters import ClaimQuestion, Id, RevisionQuestion, cursor_of
from services.store.api.reading import Reader
from services.store.api.refusals import NothingThere
from services.store.api.shapes import ClaimPage, RevisionPage
from shared.contracts.events import ClaimChanged


def routes(reader: Reader) -> APIRouter:
    router = APIRouter(tags=["claims"])

    @router.get("/v1/claims", response_model=None, responses={200: {"model": ClaimPage}})
    async def find_claims(request: Request, question: Annotated[ClaimQuestion, Query()]) -> Response:
        """Claims by source, words, kind, stance, site, language, time and article, as they are now."""
        async with reader.snapshot() as connection:
            rows = (await connection.execute(selecting.claims(question, reader.dialect))).all()
        shown = rows[: question.limit]
        more = cursor_of(shown[-1].first_seen, shown[-1].claim_id) if len(rows) > len(shown) else None
        return answer(request, page("claims", (row.value for row in shown), more))

    @router.get("/v1/claims/{claim_id}", response_model=None, responses={200: {"model": ClaimChanged}})
    async def show_claim(request: Request, claim_id: Id) -> Response:
        """One claim as its last revision says; withdrawn ones too."""
        async with reader.snapshot() as connection:
            row = (await connection.execute(selecting.claim(claim_id))).one_or_none()
        if row is None:
            raise NothingThere(f"no claim {claim_id}")
        return answer(request, row.value)

    @router.get(
        "/v1/claims/{claim_id}/revisions", response_model=None, responses={200: {"model": RevisionPage}}
    )
    async def show_revisions(
        request: Request, claim_id: Id, question: Annotated[RevisionQuestion, Query()]
    ) -> Response:
        """Everything that was ever said of a claim, the oldest first, each byte for byte as on the topic."""
        epoch, _, revision = (question.cursor or "0-0").partition("-")
        after = (int(epoch), int(revision))
        async with reader.snapshot() as connection:
            rows = (await connection.execute(selecting.revisions(claim_id, after, question.limit))).all()
            known = rows or (await connection.execute(selecting.claim(claim_id))).first()
        if not known:
            raise NothingThere(f"no claim {claim_id}")
        shown = rows[: question.limit]
        more = f"{shown[-1].epoch}-{shown[-1].revision}" if len(rows) > len(shown) else None
        return answer(request, page("revisions", (row.value for row in shown), more))

    return router


def page(name: str, values: Iterable[bytes], more: str | None) -> bytes:
    """Records as they are stored, put together without reading them."""
    return b'{"%s":[%s],"next":%s}' % (name.encode(), b",".join(values), json.dumps(more).encode())
