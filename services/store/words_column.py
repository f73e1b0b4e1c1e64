"""The column that holds a claim's stems, and the question whether it has them, in each database's own form."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Boolean, Column, ColumnElement, Dialect, Text, and_, cast, func, literal
from sqlalchemy.dialects.postgresql import TSQUERY, TSVECTOR
from sqlalchemy.types import TypeDecorator, TypeEngine

from services.store.words import scanned, tsquery, tsvector


class Words(TypeDecorator[Sequence[str]]):
    """Stems in their order: a tsvector on PostgreSQL, text on SQLite."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(TSVECTOR() if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: Sequence[str] | None, dialect: Dialect) -> str | None:
        if value is None:
            return None
        return tsvector(value) if dialect.name == "postgresql" else scanned(value)


def holds(
    column: Column[Any] | ColumnElement[Any], asked: Sequence[Sequence[str]], dialect: str
) -> ColumnElement[bool]:
    """Whether every term is there, a phrase's stems side by side."""
    if dialect == "postgresql":
        return column.op("@@", return_type=Boolean())(cast(literal(tsquery(asked), Text()), TSQUERY))
    plain = cast(column, Text)
    return and_(*(func.instr(plain, literal(scanned(term), Text())) > 0 for term in asked))
