"""The parts of a claim. Spans are ``(start, end)`` in Unicode code points, end exclusive, into the cleaned text,
or into ``article.title`` where ``in`` says so; a reader that finds another value there does not slice."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from shared.contracts.enums import Basis, ChainRole, RelationType, SourceType

Offset = Annotated[int, Field(ge=0)]
Span = tuple[Offset, Offset]


class Frozen(BaseModel):
    """Immutable; readers ignore fields that they do not know (Compatibility, in the contracts)."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True, serialize_by_alias=True)


class Part(Frozen):
    """A piece of text with where it stands; ``text`` is the slices joined by one space."""

    text: str
    spans: tuple[Span, ...]
    in_: str = Field(default="text", alias="in")


class Content(Part):
    """What was claimed. ``prefix`` and ``suffix``: up to 32 characters before and after, to find it in another copy."""

    prefix: str = ""
    suffix: str = ""


class Source(Part):
    """Whom the cue names, as it stands in the text, and what is known of them."""

    name: str | None = None
    role: str | None = None
    type: SourceType = SourceType.OTHER
    anonymous: bool = False
    entity: str | None = None


class ChainLink(Frozen):
    """One hop from the publisher over relays to the origin, which stands last."""

    as_: ChainRole = Field(alias="as")
    name: str | None = None
    text: str | None = None
    spans: tuple[Span, ...] = ()
    in_: str = Field(default="text", alias="in")
    anonymous: bool = False
    closeness: str | None = None
    entity: str | None = None


class When(Frozen):
    """A time named in the text, resolved as far as it can be (ISO 8601 of the precision it really has)."""

    text: str
    span: Span
    from_: str | None = Field(default=None, alias="from")
    to: str | None = None


class Figure(Frozen):
    """A number in the content: ``low`` and ``high`` are equal for a plain one."""

    text: str
    span: Span
    low: float | None = None
    high: float | None = None
    unit: str | None = None
    of: str | None = None
    approximate: bool = False
    when: When | None = None


class ExtractedRelation(Frozen):
    """A relation within one extraction: ``to`` is another claim's ``n``."""

    type: RelationType
    to: int
    basis: Basis = Basis.STATED
    confidence: float = 1.0


class Relation(Frozen):
    """The same in the ledger, by claim id."""

    type: RelationType
    claim_id: str
    basis: Basis = Basis.STATED
    confidence: float = 1.0


class Dated(Frozen):
    """A date of an article: ``precision`` is second, minute, day, month or year; ``from`` says which markup gave it."""

    value: str
    precision: str = "second"
    from_: str = Field(default="unknown", alias="from")


class ExtractorIdentity(Frozen):
    """Who extracted. ``sequence`` rises with each release whose output differs; it orders extractions of a version."""

    name: str
    version: str
    sequence: int
    model: str = "none"


class Skipped(Frozen):
    """Why an extraction is empty although nothing failed (``no-extractor``: the language has none)."""

    code: str
    hint: str
