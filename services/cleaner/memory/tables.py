"""The cleaner's tables: the articles that are remembered of each site, the last so many of them.

Times are microseconds since 1970 by the database's clock. Names begin with ``cleaner_``, since one process keeps the
services in one SQLite file. The migrations are written by hand beside this; a test compares the two.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, MetaData, String, Table, Text

VERSION_TABLE = "cleaner_version"

metadata = MetaData()

# One row a site: its lock, and the number that its last article was given.
sites = Table(
    "cleaner_sites",
    metadata,
    Column("site", Text, primary_key=True),
    Column("articles", Integer, nullable=False, server_default="0"),
    Column("seen_at", BigInteger, nullable=False),
    Index("cleaner_sites_seen_at", "seen_at"),
)

# One row an article, however often its page is seen. ``number`` counts a site's articles in the order in which they
# were first seen. ``blocks`` are those of ``services.cleaner.memory.seen``; ``decision`` is the JSON that was recorded
# with the article when the page ``page_sha256`` was cleaned.
articles = Table(
    "cleaner_articles",
    metadata,
    Column("site", Text, primary_key=True),
    Column("article_id", String(36), primary_key=True),
    Column("number", Integer, nullable=False),
    Column("work", String(36), nullable=False),
    Column("title", Text, nullable=False),
    Column("page_sha256", String(64), nullable=False),
    Column("blocks", LargeBinary, nullable=False),
    Column("decision", Text, nullable=False),
    Column("seen_at", BigInteger, nullable=False),
    Index("cleaner_articles_number", "site", "number"),
    Index("cleaner_articles_seen_at", "seen_at"),
)
