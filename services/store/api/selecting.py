"""Questions as SQL. Every list is in one order, (first seen, claim id), and goes on behind a place in it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select

from services.store import models
from services.store.api.parameters import ClaimQuestion, Selection, moment, place_of
from services.store.words import ENGLISH, MAX_TERMS, terms
from services.store.words_column import holds
from shared.contracts.ids import normal_text

_f, _r = models.facets.c, models.claim_revision.c


def claims(question: ClaimQuestion, dialect: str) -> Select[Any]:
    """``value`` of the last published revision, ``first_seen`` and ``claim_id``; one row more than the limit."""
    newest = question.order == "newest"
    statement = _published().where(*_selected(question), *_asked(question, dialect))
    if question.cursor is not None:
        seen, claim = place_of(question.cursor)
        further = _f.first_seen < seen if newest else _f.first_seen > seen
        beyond = _f.claim_id < claim if newest else _f.claim_id > claim
        statement = statement.where(or_(further, and_(_f.first_seen == seen, beyond)))
    order = [_f.first_seen.desc(), _f.claim_id.desc()] if newest else [_f.first_seen, _f.claim_id]
    return statement.order_by(*order).limit(question.limit + 1)


def claim(claim_id: str) -> Select[Any]:
    return _published().where(_f.claim_id == claim_id)


def revisions(claim_id: str, after: tuple[int, int], limit: int) -> Select[Any]:
    """The published ones, in their order, behind (epoch, revision)."""
    p = models.publication.c
    epoch, revision = after
    behind = or_(_r.epoch > epoch, and_(_r.epoch == epoch, _r.revision > revision))
    return (
        select(_r.value, _r.epoch, _r.revision)
        .join_from(
            models.claim_revision,
            models.publication,
            and_(p.claim_id == _r.claim_id, p.epoch == _r.epoch, p.revision == _r.revision),
        )
        .where(_r.claim_id == claim_id, behind)
        .order_by(_r.epoch, _r.revision)
        .limit(limit + 1)
    )


def _published() -> Select[Any]:
    return select(_r.value, _f.first_seen, _f.claim_id).join_from(
        models.facets,
        models.claim_revision,
        and_(_f.claim_id == _r.claim_id, _f.epoch == _r.epoch, _f.revision == _r.revision),
    )


def _selected(question: Selection) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if question.kind:
        found.append(_f.kind.in_(question.kind))
    if question.stance:
        found.append(_f.stance.in_(question.stance))
    if question.site is not None:
        found.append(_f.site == question.site.lower())
    if question.language is not None:
        found.append(func.lower(_f.language) == question.language.lower())
    if question.article is not None:
        found.append(_f.article_id == question.article)
    return found


def _asked(question: ClaimQuestion, dialect: str) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if question.state != "all":
        found.append(_f.live.is_(question.state == "live"))
    if question.source is not None:
        found.append(_f.speaker == normal_text(question.source))
    if question.surface is not None:
        found.append(_f.surface == normal_text(question.surface))
    if question.entity is not None:
        # Its numbers count anew in each article: without one they name nobody.
        found.append(_f.entity == question.entity if question.article is not None else false())
    if question.words is not None:
        asked = terms(question.words, question.language or ENGLISH)[:MAX_TERMS]
        # A question of signs alone asks for no word, and finds none.
        found.append(holds(_f.words, asked, dialect) if asked else false())
    if question.since is not None:
        found.append(_f.first_seen >= moment(question.since))
    if question.until is not None:
        found.append(_f.first_seen < moment(question.until))
    return found
