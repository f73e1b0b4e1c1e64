"""The fetcher's tables: the frontier (hosts, URLs, visits) and the account (submissions, fates, outcomes).

All times are integer microseconds since 1970 by the database's clock. Names begin with ``fetcher_``, since one
process keeps the fetcher and the store in one SQLite file. The migrations are written by hand beside this; a test
compares the two.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    text,
)

VERSION_TABLE = "fetcher_version"

metadata = MetaData()


def _id(name: str, **options: Any) -> Column[str]:
    return Column(name, String(36), **options)


def _time(name: str, **options: Any) -> Column[int]:
    return Column(name, BigInteger, **options)


# One row a host: whose turn it is, and when the next request may begin. ``work_at`` and ``bulk_at`` are when the
# first queued visit of that class is due (null: none is queued); whoever changes the queue keeps them.
hosts = Table(
    "fetcher_hosts",
    metadata,
    Column("host", String(300), primary_key=True),
    _time("next_at", nullable=False, server_default="0"),
    _time("lease_until", nullable=False, server_default="0"),
    _time("lease_token", nullable=False, server_default="0"),
    _time("work_at"),
    _time("bulk_at"),
    Column("work_rank", Integer, nullable=False, server_default="0"),
    Column("failures", Integer, nullable=False, server_default="0"),
    Index("fetcher_hosts_work", "work_at"),
    Index("fetcher_hosts_bulk", "bulk_at"),
)

# robots.txt by origin (scheme and authority, RFC 9309 2.3), as fetched, so that every replica judges alike.
robots = Table(
    "fetcher_robots",
    metadata,
    Column("origin", String(310), primary_key=True),
    Column("status", Integer),  # null: there was no answer
    Column("body", LargeBinary, nullable=False),
    Column("code", String(100), nullable=False),
    _time("good_until", nullable=False),
)

# One row a URL. ``visits`` is the number of its last visit, ``observed_at`` the highest that was given out.
urls = Table(
    "fetcher_urls",
    metadata,
    _id("url_id", primary_key=True),
    Column("url", Text, nullable=False),
    Column("visits", Integer, nullable=False, server_default="0"),
    _id("visit_id"),
    _time("observed_at", nullable=False, server_default="0"),
    _time("first_observed_at"),
    _time("revisit_at"),
    Index("fetcher_urls_revisit", "revisit_at"),
)

_QUEUED = text("state = 'queued'")
_OPEN = text("fate IS NULL")

# The unit of account. ``fate`` null: open. ``state``: queued (to be fetched), sent (on `pages`), closed.
# ``rank`` orders the queue of a host: the priority, far above it once the visit has begun (a redirect's next hop).
visits = Table(
    "fetcher_visits",
    metadata,
    _id("visit_id", primary_key=True),
    _id("url_id", nullable=False),
    Column("number", Integer, nullable=False),
    Column("url", Text, nullable=False),
    Column("origin", String(10), nullable=False),  # submission, revisit, file, operator
    Column("bulk", Boolean, nullable=False),
    Column("whole", Boolean, nullable=False),
    Column("priority", Integer, nullable=False, server_default="0"),
    Column("feed", Text),
    Column("published_at", Text),
    Column("labels", Text, nullable=False, server_default="{}"),
    Column("traceparent", Text),  # of the submission that opened it, passed on with its page
    Column("state", String(6), nullable=False),
    _time("opened_at", nullable=False),
    # The way to the page: what to ask for next, of which host, not before when.
    Column("host", String(300)),
    Column("next_url", Text),
    Column("trail", Text, nullable=False, server_default="[]"),
    Column("rank", Integer, nullable=False, server_default="0"),
    _time("due_at", nullable=False, server_default="0"),
    Column("tries", Integer, nullable=False, server_default="0"),
    # What came.
    _time("observed_at"),
    _time("sent_at"),
    Column("status", Integer),
    Column("final_url", Text),
    Column("page_sha256", String(64)),
    Column("etag", Text),
    Column("last_modified", Text),
    # The end of it.
    _time("closed_at"),
    Column("fate", String(16)),
    Column("code", String(100)),
    Column("hint", Text),
    Column("service", String(40)),
    Column("attempt", Integer, nullable=False, server_default="1"),
    Column("article_id", Text),
    Column("version", Text),
    Column("claims", Integer),
    Column("revision", Integer, nullable=False, server_default="0"),  # of the last outcome
    Index("fetcher_visits_number", "url_id", "number", unique=True),
    Index("fetcher_visits_opened", "opened_at"),
    Index(
        "fetcher_visits_queue",
        "host",
        "bulk",
        text("rank DESC"),
        "due_at",
        postgresql_where=_QUEUED,
        sqlite_where=_QUEUED,
    ),
    Index("fetcher_visits_due", "host", "bulk", "due_at", postgresql_where=_QUEUED, sqlite_where=_QUEUED),
    Index("fetcher_visits_open", "opened_at", postgresql_where=_OPEN, sqlite_where=_OPEN),
    Index("fetcher_visits_unfated", "observed_at", postgresql_where=_OPEN, sqlite_where=_OPEN),
)

# One row for each record of `urls*` that was ever read: opened, joined, or undecodable (then without a visit).
submissions = Table(
    "fetcher_submissions",
    metadata,
    _id("submission_key", primary_key=True),
    Column("result", String(11), nullable=False),
    _id("visit_id"),
    _time("at", nullable=False),
    Column("url", Text, nullable=False),
    Column("ref", Text),
    Column("ref_key", String(64)),  # SHA-256 of ref: a foreign text has no length limit, an index row has
    Column("feed", Text),
    Column("labels", Text, nullable=False, server_default="{}"),
    Column("coordinates", Text, nullable=False),
    Column("code", String(100)),
    Index("fetcher_submissions_visit", "visit_id"),
    Index("fetcher_submissions_ref", "ref_key"),
    Index("fetcher_submissions_at", "at"),
)

# Everything that was said of a visit's end, also what did not count: the history behind `claimstream fate`.
fates = Table(
    "fetcher_fates",
    metadata,
    _id("visit_id", primary_key=True),
    Column("attempt", Integer, primary_key=True, autoincrement=False),
    Column("service", String(40), primary_key=True),
    Column("fate", String(16), primary_key=True),
    Column("code", String(100)),
    Column("hint", Text),
    Column("said_at", Text, nullable=False),
    _time("at", nullable=False),
    Column("counted", Boolean, nullable=False),
)

# The outbox of `outcomes`, written in the transaction of the fate. ``body`` is the record's value: a repeat has
# the same bytes.
outcomes = Table(
    "fetcher_outcomes",
    metadata,
    _id("visit_id", primary_key=True),
    Column("revision", Integer, primary_key=True, autoincrement=False),
    _id("url_id", nullable=False),
    Column("body", Text, nullable=False),
    _time("at", nullable=False),
    _time("sent_at"),
    Index(
        "fetcher_outcomes_unsent",
        "at",
        postgresql_where=text("sent_at IS NULL"),
        sqlite_where=text("sent_at IS NULL"),
    ),
)

feeds = Table(
    "fetcher_feeds",
    metadata,
    Column("url", String(2048), primary_key=True),
    Column("host", String(300), nullable=False),
    Column("origin", String(8), nullable=False),  # file (deploy/feeds.toml), operator (`feeds add`)
    _time("every", nullable=False),  # microseconds between polls
    Column("labels", Text, nullable=False, server_default="{}"),
    _time("next_at", nullable=False, server_default="0"),
    _time("lease_until", nullable=False, server_default="0"),
    _time("lease_token", nullable=False, server_default="0"),
    Column("etag", Text),
    Column("last_modified", Text),
    Column("state", String(8), nullable=False, server_default="new"),  # new, ok, failing, silent
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("code", String(100)),
    Column("hint", Text),
    Column("entries", Integer, nullable=False, server_default="0"),  # submitted so far
    _time("polled_at"),
    _time("news_at"),  # when an entry was last new
    Index("fetcher_feeds_due", "next_at"),
    Index("fetcher_feeds_host", "host", "next_at"),
)

# The runs of the canary (``shared.contracts.canary``): no visits, and never in the account. ``ref`` and ``asked`` (the
# URL as submitted) for one that somebody asked for. ``fate`` null: on its way.
canaries = Table(
    "fetcher_canaries",
    metadata,
    _id("visit_id", primary_key=True),
    Column("slot", Integer, nullable=False),
    _time("at", nullable=False),
    Column("requested", Boolean, nullable=False),
    Column("ref", Text),
    Column("asked", Text),
    Column("traceparent", Text),
    _time("sent_at"),
    _time("closed_at"),
    Column("fate", String(16)),
    Column("code", String(100)),
    Column("hint", Text),
    Column("attempt", Integer, nullable=False, server_default="1"),
    Column("claims", Integer),
    Index("fetcher_canaries_at", "at"),
    Index("fetcher_canaries_open", "at", postgresql_where=_OPEN, sqlite_where=_OPEN),
    Index("fetcher_canaries_closed", "fate", "closed_at"),
)

# What retention has removed, so that the account's sums stay whole: by ``kind`` (submission, fate) and what it was.
# ``through``: everything of it that is older is gone.
pruned = Table(
    "fetcher_pruned",
    metadata,
    Column("kind", String(10), primary_key=True),
    Column("name", String(16), primary_key=True),
    Column("count", BigInteger, nullable=False),
    _time("through", nullable=False),
)
