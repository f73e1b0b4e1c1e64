"""What the frontier is asked for: a visit to be opened, and the submission that asks. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Opening:
    """A visit to be opened. ``fetched`` False: nothing is to be fetched for it (a file, an unacceptable URL).

    ``whole``: it asks for the whole page, whatever is known of the last one.
    """

    url_id: str
    url: str
    origin: str
    fetched: bool = True
    bulk: bool = False
    priority: int = 0
    whole: bool = False
    feed: str | None = None
    published_at: str | None = None
    labels: dict[str, str] = field(default_factory=dict)
    traceparent: str | None = None


@dataclass(frozen=True, slots=True)
class Submission:
    """One record of `urls` or `urls.bulk`, read. ``url`` and ``ref`` as submitted, without NUL.

    ``opening`` None: undecodable, with ``code``. ``refused`` (code, hint): decodable, but no URL that is fetched.
    """

    key: str
    coordinates: str
    url: str = ""
    ref: str | None = None
    feed: str | None = None
    labels: dict[str, str] = field(default_factory=dict)
    force: bool = False
    opening: Opening | None = None
    code: str | None = None
    refused: tuple[str, str] | None = None
