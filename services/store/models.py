"""The store's tables. Records are kept as the JSON that was sent or received; what is asked for stands in columns.

Times of the record are RFC 3339 text (they sort); times of the database are microseconds since 1970. All names
begin with ``store_``, so that the fetcher's tables may lie in the same database.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    false,
    text,
)

from services.store.words_column import Words

VERSION_TABLE = "store_version"

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    }
)
# SQLite numbers rows by itself only where the key is exactly INTEGER.
_ROW_ID = BigInteger().with_variant(Integer, "sqlite")

# One row an article: its lock, and where its ledger stands. The current_* are null until it stands anywhere.
article = Table(
    "store_article",
    metadata,
    Column("article_id", Text, primary_key=True),
    Column("current_own", Boolean),
    Column("current_observed_at", Text),
    Column("current_version", Text),
    Column("extraction_sequence", Integer),
    Column("extraction_version", Text),
    Column("extraction_name", Text),
    Column("extraction_model", Text),
    Column("gone", Boolean, nullable=False, server_default=false()),
)

# A text, once; pages that carried it are sightings.
article_version = Table(
    "store_article_version",
    metadata,
    Column("article_id", Text, primary_key=True),
    Column("version", Text, primary_key=True),
    Column("text", Text, nullable=False),
    ForeignKeyConstraint(["article_id"], ["store_article.article_id"]),
)

# One page of one visit. ``record`` is ArticleCleaned without its text; a gone one has the empty version.
# ``told`` is the fate that was told, in attempt ``told_attempt``; the visit waits while that is below ``attempt``.
sighting = Table(
    "store_sighting",
    metadata,
    Column("article_id", Text, primary_key=True),
    Column("version", Text, primary_key=True),
    Column("visit_id", Text, primary_key=True),
    Column("state", Text, nullable=False),
    Column("own", Boolean, nullable=False),
    Column("observed_at", Text, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("traceparent", Text),
    Column("record", Text, nullable=False),
    Column("told", Text),
    Column("told_attempt", Integer, nullable=False, server_default=text("0")),
    ForeignKeyConstraint(["article_id"], ["store_article.article_id"]),
    Index(None, "article_id", "own", "observed_at", "version"),
    Index(None, "visit_id"),
)

# All claims of one version by one extractor. ``proof`` is null until its text is there: then `ok`, or the
# code of what is wrong with it.
extraction = Table(
    "store_extraction",
    metadata,
    Column("article_id", Text, primary_key=True),
    Column("version", Text, primary_key=True),
    Column("sequence", Integer, primary_key=True),
    Column("extractor_version", Text, primary_key=True),
    Column("extractor_name", Text, primary_key=True),
    Column("model", Text, primary_key=True),
    Column("visit_id", Text, nullable=False),
    Column("claims", Integer, nullable=False),
    Column("record", Text, nullable=False),
    Column("proof", Text),
    ForeignKeyConstraint(["article_id"], ["store_article.article_id"]),
)

# A claim as its last revision says. ``routes`` is the JSON list of the routes that hold it.
claim = Table(
    "store_claim",
    metadata,
    Column("claim_id", Text, primary_key=True),
    Column("article_id", Text, nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("live", Boolean, nullable=False),
    Column("gone", Boolean, nullable=False),
    Column("routes", Text, nullable=False),
    ForeignKeyConstraint(["article_id"], ["store_article.article_id"]),
    Index(None, "article_id"),
)

# Every revision, byte for byte as sent. Gap-free for each claim.
claim_revision = Table(
    "store_claim_revision",
    metadata,
    Column("claim_id", Text, primary_key=True),
    Column("epoch", Integer, primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("changed_at", Text, nullable=False),
    Column("value", LargeBinary, nullable=False),
    ForeignKeyConstraint(["claim_id"], ["store_claim.claim_id"]),
    Index(None, "changed_at"),
)

# What is still to be sent. ``headers`` is a JSON list of name and text. ``refused``: the code of an error that no
# repetition cures; such a row stays, is counted, and holds up nobody.
outbox = Table(
    "store_outbox",
    metadata,
    Column("id", _ROW_ID, primary_key=True, autoincrement=True),
    Column("topic", Text, nullable=False),
    Column("key", LargeBinary),
    Column("value", LargeBinary),
    Column("headers", Text, nullable=False),
    Column("place_by", LargeBinary),
    Column("written_us", BigInteger, nullable=False),
    Column("refused", Text),
)

# Every revision that was published, numbered by the relay in its order. ``partition`` and ``offset`` are those on
# `claims`; null where the transport keeps none, or where a release sent it that did not write them down.
publication = Table(
    "store_publication",
    metadata,
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("claim_id", Text, nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("published_us", BigInteger, nullable=False),
    Column("partition", Integer),
    Column("offset", BigInteger),
    Index(None, "claim_id", "epoch", "revision", unique=True),
    Index(None, "published_us", "position"),
    Index(None, "partition", "position"),
)

# What of a claim can be asked for, as its last published revision says. Texts of sources are folded as ids fold them;
# ``words`` are the stems of its content.
facets = Table(
    "store_facets",
    metadata,
    Column("claim_id", Text, primary_key=True),
    Column("article_id", Text, nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("live", Boolean, nullable=False),
    Column("kind", Text, nullable=False),
    Column("stance", Text, nullable=False),
    Column("site", Text, nullable=False),
    Column("language", Text),
    Column("speaker", Text),
    Column("surface", Text),
    Column("entity", Text),
    Column("first_seen", Text, nullable=False),
    Column("words", Words, nullable=False),
    Index(None, "first_seen", "claim_id"),
    Index(None, "speaker", "first_seen", "claim_id"),
    Index(None, "surface", "first_seen", "claim_id"),
    Index(None, "site", "first_seen", "claim_id"),
    Index(None, "article_id", "first_seen", "claim_id"),
)
# SQLite scans them: a file of its size is read faster than an index of its kind would be kept.
words_index = Index("ix_store_facets_words", facets.c.words, postgresql_using="gin").ddl_if(
    dialect="postgresql"
)
