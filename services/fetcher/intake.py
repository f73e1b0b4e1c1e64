"""Intake: from a record of `urls` or `urls.bulk` to a submission. Pure; the frontier writes it down."""

from __future__ import annotations

from dataclasses import dataclass

from services.fetcher.opening import Opening, Submission
from shared.contracts import codec, topics
from shared.contracts.canary import is_canary_url
from shared.contracts.canonical import UrlRefused, canonical_url
from shared.contracts.envelope import Envelope
from shared.contracts.events import UrlSubmitted
from shared.contracts.ids import refused_url_id, submission_key, url_id
from shared.contracts.record import Record
from shared.errors import Undecodable
from shared.pipeline.results import Dead, Emit, Result

MAX_REFUSED_CHARS = (
    2_048  # of a text that is no URL: enough to find it again; its identity is of the whole text
)


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A record that is no submission. It is counted like any other before it goes to the dead letters."""

    code: str
    hint: str
    detail: str


def decode(record: Record, envelope: Envelope) -> UrlSubmitted | Unreadable:
    """What the stage's handler gets. Never raises: an undecodable record needs its row in the account too."""
    try:
        return codec.decode_url_submitted(record, envelope)
    except Undecodable as error:
        return Unreadable(error.code, error.hint, error.message)


def submission(record: Record, envelope: Envelope, value: UrlSubmitted | Unreadable) -> Submission:
    """The submission that a record makes: under its key, whatever becomes of it."""
    key = submission_key(envelope, record)
    coordinates = storable(envelope.origin or record.coordinates)
    if isinstance(value, Unreadable):
        return Submission(key, coordinates, code=value.code)
    refused: tuple[str, str] | None = None
    try:
        url = canonical_url(value.url)
        identity = url_id(url)
    except UrlRefused as refusal:
        refused = (refusal.code, refusal.hint)
        url = storable(value.url)[:MAX_REFUSED_CHARS]
        identity = refused_url_id(value.url)
    return Submission(
        key,
        coordinates,
        url=storable(value.url),
        ref=None if value.ref is None else storable(value.ref),
        feed=None if value.feed is None else storable(value.feed),
        labels=value.labels,
        force=value.force,
        opening=Opening(
            url_id=identity,
            url=url,
            origin="submission",
            fetched=refused is None,
            bulk=record.topic == topics.URLS_BULK,
            priority=value.priority,
            whole=value.force,
            feed=value.feed,
            published_at=value.published_at,
            labels=value.labels,
            traceparent=None if envelope.traceparent is None else storable(envelope.traceparent),
        ),
        refused=refused,
    )


def asks_for_canary(one: Submission) -> bool:
    """Whether a submission asks for a canary: nothing is fetched for it, and the account does not know it."""
    return one.opening is not None and one.refused is None and is_canary_url(one.opening.url)


def result_of(value: UrlSubmitted | Unreadable) -> Result:
    """What the stage settles, after the submission was written down."""
    return Dead(value.code, value.hint, value.detail) if isinstance(value, Unreadable) else Emit()


def storable(text: str) -> str:
    """``text`` without what PostgreSQL's text cannot hold: NUL and halves of surrogate pairs."""
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode("utf-8")
