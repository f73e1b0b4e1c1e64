"""``/v1/articles``: an article with its versions and claims, and the text that offsets count into."""

from __future__ import annotations

import json
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.requests import Request
from starlette.responses import Response

from services.store import models
from services.store.api import selecting
from services.store.api.answers import answer
from services.store.api.parameters import ArticleQuestion, ClaimQuestion, Id, cursor_of
from services.store.api.reading import Reader
from services.store.api.refusals import NothingThere
from services.store.api.shapes import ArticleAnswer, ArticleText
from shared.contracts.enums import ArticleState
from shared.contracts.events import ArticleCleaned
from shared.contracts.ids import article_id as article_id_of

MAX_VERSIONS = 100  # the newest; no article was ever edited nearly as often
MAX_CLAIMS = 200

VersionId = Annotated[str, Path(pattern=r"^sha256:[0-9a-f]{64}$")]

_a, _s, _e, _v = models.article.c, models.sighting.c, models.extraction.c, models.article_version.c


def routes(reader: Reader) -> APIRouter:
    router = APIRouter(tags=["articles"])

    async def show(request: Request, article_id: str) -> Response:
        async with reader.snapshot() as connection:
            article = (
                await connection.execute(select(models.article).where(_a.article_id == article_id))
            ).one_or_none()
            versions = await _versions(connection, article_id)
            pages = await _pages(connection, article_id, [one["version"] for one in versions])
            question = ClaimQuestion(article=article_id, order="oldest", limit=MAX_CLAIMS)
            claims = (await connection.execute(selecting.claims(question, reader.dialect))).all()
        if article is None or not pages:
            raise NothingThere(f"no article {article_id}")
        newest = pages[versions[0]["version"]]
        shown = claims[:MAX_CLAIMS]
        head = {
            "article_id": article_id,
            "url": newest.url,
            "site": newest.site,
            "gone": article.gone,
            "versions": [_version(one, pages[one["version"]], article) for one in versions],
        }
        more = cursor_of(shown[-1].first_seen, shown[-1].claim_id) if len(claims) > len(shown) else None
        body = json.dumps(head, ensure_ascii=False).encode()[:-1]
        tail = b',"claims":[%s],"next":%s}' % (
            b",".join(row.value for row in shown),
            json.dumps(more).encode(),
        )
        return answer(request, body + tail)

    @router.get("/v1/articles", response_model=None, responses={200: {"model": ArticleAnswer}})
    async def find_article(request: Request, question: Annotated[ArticleQuestion, Query()]) -> Response:
        """The article at a URL, with its versions and its claims."""
        return await show(request, article_id_of(question.url))

    @router.get("/v1/articles/{article_id}", response_model=None, responses={200: {"model": ArticleAnswer}})
    async def show_article(request: Request, article_id: Id) -> Response:
        """An article with its versions and its claims."""
        return await show(request, article_id)

    @router.get(
        "/v1/articles/{article_id}/versions/{version}",
        response_model=None,
        responses={200: {"model": ArticleText}},
    )
    async def show_version(request: Request, article_id: Id, version: VersionId) -> Response:
        """One version, with its text: slice it with a claim's spans (code points, end exclusive)."""
        async with reader.snapshot() as connection:
            text = await connection.scalar(
                select(_v.text).where(_v.article_id == article_id, _v.version == version)
            )
            pages = await _pages(connection, article_id, [version])
        if text is None or version not in pages:
            raise NothingThere(f"article {article_id} has no version {version}")
        record = pages[version].model_copy(update={"text": text})
        return answer(request, record.model_dump_json().encode())

    return router


async def _versions(connection: AsyncConnection, article_id: str) -> list[dict[str, Any]]:
    """Texts by when they were seen last, the newest first."""
    last = func.max(_s.observed_at)
    rows = await connection.execute(
        select(_s.version, func.min(_s.observed_at).label("first"), last.label("last"))
        .where(_s.article_id == article_id, _s.state == ArticleState.CURRENT.value)
        .group_by(_s.version)
        .order_by(last.desc(), _s.version.desc())
        .limit(MAX_VERSIONS)
    )
    return [{"version": row.version, "first": row.first, "last": row.last} for row in rows]


async def _pages(
    connection: AsyncConnection, article_id: str, versions: list[str]
) -> dict[str, ArticleCleaned]:
    """The last page that carried each version."""
    rows = await connection.execute(
        select(_s.version, _s.record)
        .where(
            _s.article_id == article_id,
            _s.state == ArticleState.CURRENT.value,
            _s.version.in_(versions),
        )
        .order_by(_s.observed_at, _s.visit_id)
    )
    return {row.version: ArticleCleaned.model_validate_json(row.record) for row in rows}


def _version(seen: dict[str, Any], page: ArticleCleaned, article: Any) -> dict[str, Any]:
    current = seen["version"] == article.current_version
    by = (
        {
            "name": article.extraction_name,
            "version": article.extraction_version,
            "sequence": article.extraction_sequence,
            "model": article.extraction_model,
        }
        if current
        else None
    )
    return {
        "version": seen["version"],
        "current": current,
        "first_observed_at": seen["first"],
        "last_observed_at": seen["last"],
        "title": page.title,
        "extractor": by,
    }
