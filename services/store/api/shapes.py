"""What answers look like, for the OpenAPI description. Claims are the records of `claims`, byte for byte."""

from __future__ import annotations

from pydantic import BaseModel, Field

from shared.contracts.events import ArticleCleaned, ClaimChanged
from shared.contracts.parts import ExtractorIdentity


class ClaimPage(BaseModel):
    claims: list[ClaimChanged]
    next: str | None = Field(description="`cursor` of the next answer; null: this is the last")


class RevisionPage(BaseModel):
    revisions: list[ClaimChanged]
    next: str | None


class Version(BaseModel):
    """A text that the article had. ``current``: the one that its claims slice."""

    version: str
    current: bool
    first_observed_at: str
    last_observed_at: str
    title: str | None
    extractor: ExtractorIdentity | None = Field(
        description="whose claims count; null where it is not current"
    )


class ArticleAnswer(BaseModel):
    article_id: str
    url: str
    site: str
    gone: bool = Field(description="its site answers 404 or 410; its claims are kept")
    versions: list[Version] = Field(description="the newest first")
    claims: list[ClaimChanged] = Field(description="live ones, the oldest first")
    next: str | None = Field(description="`cursor` for /v1/claims with `article` and `order=oldest`")


class Submission(BaseModel):
    result: str
    at: str
    url: str
    ref: str | None
    feed: str | None
    coordinates: str


class Said(BaseModel):
    at: str
    service: str
    fate: str
    code: str | None
    hint: str | None
    attempt: int
    counted: bool


class Visit(BaseModel):
    """A visit of a URL; ``fate`` null: it is open, and ``where`` says where it is."""

    visit_id: str
    url_id: str
    url: str
    number: int
    where: str
    opened_at: str
    observed_at: str | None
    closed_at: str | None
    fate: str | None
    code: str | None
    hint: str | None
    article_id: str | None
    version: str | None
    claims: int | None
    submissions: list[Submission]
    said: list[Said]


class FateAnswer(BaseModel):
    visits: list[Visit] = Field(description="the oldest first, the last 50")


class SchemaList(BaseModel):
    schemas: dict[str, str] = Field(description="name → `$id`; each is at /schemas/NAME.json")


class Health(BaseModel):
    ok: bool
    problems: dict[str, str]


class ArticleText(ArticleCleaned):
    """The cleaned text, which offsets count into, with everything that is known of its page."""
