"""Open enums: every planned value is listed; one that a newer release adds is read as ``other``, never refused."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Self

from pydantic import GetJsonSchemaHandler
from pydantic_core import CoreSchema


class OpenEnum(StrEnum):
    """A string enum whose readers survive values from the future: an unknown string becomes ``other``."""

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        return cls("other") if isinstance(value, str) and value != "other" else None

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        # Open on the wire: a validator built from the schema must not refuse tomorrow's values.
        return {"type": "string", "title": cls.__name__, "x-known-values": [member.value for member in cls]}


class Kind(OpenEnum):
    QUOTE = "quote"
    PARAPHRASE = "paraphrase"
    MIXED = "mixed"
    STATEMENT = "statement"
    OTHER = "other"


class Stance(OpenEnum):
    ASSERTS = "asserts"
    DENIES = "denies"
    CONFIRMS = "confirms"
    ACCUSES = "accuses"
    ESTIMATES = "estimates"
    PREDICTS = "predicts"
    PROMISES = "promises"
    DEMANDS = "demands"
    ASKS = "asks"
    BELIEVES = "believes"
    DOUBTS = "doubts"
    OTHER = "other"


class Change(OpenEnum):
    ASSERTED = "asserted"
    AMENDED = "amended"
    WITHDRAWN = "withdrawn"
    OTHER = "other"


class Cause(OpenEnum):
    NEW_ARTICLE = "new_article"
    ARTICLE_EDITED = "article_edited"
    ARTICLE_GONE = "article_gone"
    EXTRACTOR_CHANGED = "extractor_changed"
    RELATION_ADDED = "relation_added"
    OPERATOR = "operator"
    OTHER = "other"


class SourceType(OpenEnum):
    PERSON = "person"
    ORGANISATION = "organisation"
    DOCUMENT = "document"
    OTHER = "other"


class ChainRole(OpenEnum):
    PUBLISHER = "publisher"
    RELAY = "relay"
    ORIGIN = "origin"
    OTHER = "other"


class RelationType(OpenEnum):
    DENIES = "denies"
    DENIED_BY = "denied_by"
    REPEATS = "repeats"
    SUPPORTS = "supports"
    SUPPORTED_BY = "supported_by"
    DISAGREES = "disagrees"
    OTHER = "other"


class Basis(OpenEnum):
    STATED = "stated"
    INFERRED = "inferred"
    OTHER = "other"


class Fate(OpenEnum):
    STORED = "stored"
    UNCHANGED = "unchanged"
    DUPLICATE = "duplicate"
    REJECTED = "rejected"
    DEAD = "dead"
    OTHER = "other"


class BlockType(OpenEnum):
    PARAGRAPH = "paragraph"
    HEADING = "heading"
    ITEM = "item"
    QUOTE = "quote"
    POST = "post"
    ROW = "row"
    CAPTION = "caption"
    OTHER = "other"


class ArticleState(OpenEnum):
    CURRENT = "current"
    GONE = "gone"
    OTHER = "other"
