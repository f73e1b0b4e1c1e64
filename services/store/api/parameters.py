"""What can be asked, as it is declared in the OpenAPI description. Whatever has a parameter's form is a question that
has an answer, if an empty one."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field

from shared.clock import iso
from shared.contracts.enums import Kind, Stance
from shared.database import iso_us, to_us

MAX_LIMIT = 200  # claims of one answer: at some 2 KiB each it stays below half a megabyte

_UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
Id = Annotated[str, Field(pattern=f"^{_UUID}$", examples=["4f1c0d5e-8f0b-5a3c-9d8e-2b7a6c5d4e3f"])]
Limit = Annotated[int, Field(ge=1, le=MAX_LIMIT, description="claims in one answer")]
# A place in the order of claims: microseconds since 1970 and an id. Unsigned: every such place is one.
Cursor = Annotated[
    str, Field(pattern=f"^[0-9]{{1,17}}-{_UUID}$", description="`next` of the answer before; opaque")
]
RevisionCursor = Annotated[
    str, Field(pattern=r"^[0-9]{1,9}-[0-9]{1,9}$", description="`next` of the answer before; opaque")
]
EventId = Annotated[
    str,
    Field(
        pattern=r"^[0-9]{1,9}-[0-9]{1,15}$",
        description="id of an event of the stream; `0-0` is before the first",
    ),
]


def _storable(text: Any) -> Any:
    """PostgreSQL has no NUL in text; no record of ours has one either, so it is found nowhere."""
    return text.replace("\0", "\ufffd") if isinstance(text, str) else text


def _written(when: Any) -> Any:
    """RFC 3339 and nothing else: a bare number would be taken for seconds, or for milliseconds if it is large."""
    if isinstance(when, str) and when[10:11].upper() != "T":
        raise ValueError("write 2026-01-31T12:00:00Z")
    return when


Moment = Annotated[AwareDatetime, BeforeValidator(_written)]
Text = Annotated[str, BeforeValidator(_storable), Field(max_length=500)]
UrlText = Annotated[str, BeforeValidator(_storable), Field(min_length=1, max_length=2_000)]


def _one_of(values: type[StrEnum]) -> Any:
    return Field(pattern=f"^({'|'.join(value.value for value in values)})$")


KindName = Annotated[str, _one_of(Kind)]
StanceName = Annotated[str, _one_of(Stance)]


class Question(BaseModel):
    """A parameter that is none of these is refused: one that was misspelt would find too much."""

    model_config = ConfigDict(extra="forbid")


class Selection(Question):
    """What claims have: used by lists and by the stream."""

    kind: list[KindName] = Field(default=[], description="one of these", max_length=20)
    stance: list[StanceName] = Field(default=[], description="one of these", max_length=20)
    site: Text | None = Field(
        default=None, description="registrable domain of the article's URL: `bbc.co.uk`"
    )
    language: Text | None = Field(default=None, description="of the article, as the cleaner writes it: `en`")
    article: Id | None = Field(default=None, description="article id")


class ClaimQuestion(Selection):
    source: Text | None = Field(
        default=None,
        description="who is cited: the name of the source, or as the text has it where it has no name",
    )
    surface: Text | None = Field(
        default=None, description="the source exactly as it stands in the text: `the mayor`"
    )
    entity: Text | None = Field(
        default=None,
        description="entity number within an article (`e2`), with `article`: each of its mentions",
    )
    words: Text | None = Field(
        default=None,
        description='stems that the content holds, all of them; `"in quotes"` a phrase. Stemmed in `language`, '
        "or English",
    )
    since: Moment | None = Field(
        default=None, description="first seen then or later: when its page was fetched"
    )
    until: Moment | None = Field(default=None, description="first seen before")
    state: Literal["live", "withdrawn", "all"] = "live"
    order: Literal["newest", "oldest"] = Field(default="newest", description="by when it was first seen")
    limit: Limit = 50
    cursor: Cursor | None = None


class RevisionQuestion(Question):
    limit: Limit = 50
    cursor: RevisionCursor | None = None


class ArticleQuestion(Question):
    url: UrlText = Field(description="the article's URL; made canonical as submissions are")


class FateQuestion(Question):
    of: Text = Field(
        min_length=1, description="a URL, the submitter's ref, a visit id, or a file's `urn:sha256:…`"
    )


class StreamQuestion(Selection):
    after: EventId | None = Field(
        default=None, description="go on behind this event; the header Last-Event-ID counts before it"
    )


class ExportQuestion(Question):
    since: Moment = Field(description="published then or later")
    until: Moment | None = Field(default=None, description="published before; none: all that there is now")


def cursor_of(first_seen: str, claim_id: str) -> str:
    return f"{to_us(datetime.fromisoformat(first_seen))}-{claim_id}"


def place_of(cursor: str) -> tuple[str, str]:
    """The inverse of :func:`cursor_of`."""
    microseconds, _, claim = cursor.partition("-")
    return iso_us(int(microseconds)), claim


def moment(when: datetime) -> str:
    """As our records have it. A zone can push a time out of the calendar: then the calendar's end."""
    try:
        return iso(when)
    except OverflowError:
        return iso(datetime.max.replace(tzinfo=UTC) if when.year > 1 else datetime.min.replace(tzinfo=UTC))


def microseconds(when: datetime) -> int:
    """Since 1970; before it, 0."""
    return max(0, to_us(when))
