"""One turn of a visit: what it is taken with, what came of it, and what is said then."""

from __future__ import annotations

from dataclasses import dataclass

from services.fetcher.frontier.hosts import HostLease
from services.fetcher.frontier.visits import Visit
from shared.contracts.enums import Fate
from shared.database import iso_us


@dataclass(frozen=True, slots=True)
class Turn:
    """A visit and the lease of the host that its next request goes to."""

    lease: HostLease
    visit: Visit


@dataclass(frozen=True, slots=True)
class Observation:
    """When a page was observed, and whether its URL's visit before this one found it gone (404 or 410)."""

    at: int
    was_gone: bool

    @property
    def text(self) -> str:
        """For the record: RFC 3339, UTC, microseconds."""
        return iso_us(self.at)


@dataclass(frozen=True, slots=True)
class Known:
    """The last page of a URL on top of which a 304 would mean ``unchanged``: its validators and what it became."""

    final_url: str
    etag: str | None
    last_modified: str | None
    article_id: str | None
    version: str | None
    claims: int | None


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of the request that ended a visit's fetching: kept with the visit."""

    status: int
    final_url: str
    page_sha256: str | None = None
    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """A fate that the fetcher itself gives: ``unchanged`` or ``rejected``."""

    fate: Fate
    code: str | None = None
    hint: str | None = None
    known: Known | None = None
