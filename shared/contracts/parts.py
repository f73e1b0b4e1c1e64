"""The parts of a claim. Spans are ``(start, end)`` in Unicode code points, end exclusive, into the cleaned text,
or into ``article.title`` where ``in`` says so; a reader that finds another value there does not slice."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer

from shared.contracts.enums import Basis, BlockType, ChainRole, RelationType, SourceType

# What a 32-bit column of a database holds: a larger number is refused where a record is read, with the field's name,
# and not by a driver in the middle of a transaction.
LARGEST = 2**31 - 1
Count = Annotated[int, Field(ge=0, le=LARGEST)]
Ordinal = Annotated[int, Field(ge=1, le=LARGEST)]
Offset = Count
Span = tuple[Offset, Offset]
Chance = Annotated[float, Field(ge=0, le=1)]


def _plain(number: float) -> int | float:
    return int(number) if number.is_integer() and abs(number) < 2**53 else number


# "1,000" is 1000 on the wire, not 1000.0: a reader in a typed language would see another type.
Number = Annotated[float, PlainSerializer(_plain, return_type=int | float, when_used="json-unless-none")]


def _is_text(where: str) -> bool:
    return where == "text"


def _is_unset(value: object) -> bool:
    return value is None or value is False


class Frozen(BaseModel):
    """Immutable; readers ignore fields that they do not know (Compatibility, in the contracts)."""

    model_config = ConfigDict(
        frozen=True, extra="ignore", populate_by_name=True, serialize_by_alias=True, allow_inf_nan=False
    )


class Part(Frozen):
    """A piece of text with where it stands; ``text`` is the slices joined by one space."""

    text: str
    spans: tuple[Span, ...]
    in_: str = Field(default="text", alias="in", exclude_if=_is_text)


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
    """One hop from the publisher over relays to the origin, which stands last. What is not known of a hop is left
    out of the JSON, but for its name."""

    as_: ChainRole = Field(alias="as")
    name: str | None = None
    text: str | None = Field(default=None, exclude_if=_is_unset)
    spans: tuple[Span, ...] = ()
    in_: str = Field(default="text", alias="in", exclude_if=_is_text)
    anonymous: bool = Field(default=False, exclude_if=_is_unset)
    closeness: str | None = Field(default=None, exclude_if=_is_unset)
    entity: str | None = Field(default=None, exclude_if=_is_unset)


class When(Frozen):
    """A time named in the text, resolved as far as it can be (ISO 8601 of the precision it really has)."""

    text: str
    span: Span
    in_: str = Field(default="text", alias="in", exclude_if=_is_text)
    from_: str | None = Field(default=None, alias="from")
    to: str | None = None


class Figure(Frozen):
    """A number in the content: ``low`` and ``high`` are equal for a plain one."""

    text: str
    span: Span
    in_: str = Field(default="text", alias="in", exclude_if=_is_text)
    low: Number | None = None
    high: Number | None = None
    unit: str | None = None
    of: str | None = None
    approximate: bool = False
    when: When | None = None


class ExtractedRelation(Frozen):
    """A relation within one extraction: ``to`` is another claim's ``n``."""

    type: RelationType
    to: Ordinal
    basis: Basis = Basis.STATED
    confidence: float = 1.0


class Relation(Frozen):
    """The same in the ledger, by claim id."""

    type: RelationType
    claim_id: str
    basis: Basis = Basis.STATED
    confidence: float = 1.0


class Dated(Frozen):
    """A date of an article: ``precision`` is second, minute, day, month or year; ``from`` says which markup gave it.
    A moment is in UTC; ``zone`` is the offset that its markup stated (``+02:00``), where that was another: by it the
    day is a different one at some hours."""

    value: str
    precision: str = "second"
    from_: str = Field(default="unknown", alias="from")
    zone: str | None = Field(default=None, exclude_if=_is_unset)


class LeadImage(Frozen):
    """The picture that an article opens with: an absolute http or https URL, which nobody has fetched, and whom it is
    by, as far as the page says."""

    url: str
    credit: str | None = None


class TextBlock(Frozen):
    """What a paragraph of the text is in the page, and where there. ``span`` is the paragraph in the text.

    ``path`` is the XPath of the element that holds it, in the page's tree as libxml2 reads it; None in a plain text.
    ``at`` lies in the string value of that element (XPath ``string(path)``), or in the plain text: from the paragraph's
    first character there to behind its last, before white space is collapsed; what the page does not show (scripts)
    may stand between. Either is None where the place is not known. ``level``: of a heading, from 1.
    """

    type: BlockType = BlockType.PARAGRAPH
    span: Span
    level: Ordinal | None = Field(default=None, exclude_if=_is_unset)
    path: str | None = Field(default=None, exclude_if=_is_unset)
    at: Span | None = Field(default=None, exclude_if=_is_unset)


class ExtractorIdentity(Frozen):
    """Who extracted. ``sequence`` rises with each release whose output differs; it orders extractions of a version."""

    name: str
    version: str
    sequence: Count
    model: str = "none"


class SecondReading(Frozen):
    """What a second reader did with a claim that the extractor had found. ``model``: a language model, as its endpoint
    calls it. ``changed``: which of ``confidence``, ``content``, ``source`` and ``chain``; what follows from these
    (kind, stance, figures, times) was read anew."""

    model: str
    changed: tuple[str, ...]


class Skipped(Frozen):
    """Why an extraction is empty although nothing failed (``no-extractor``: the language has none)."""

    code: str
    hint: str
