"""What was published, in its order; and what of a claim can be asked for."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TSVECTOR

revision = "store_0002"
down_revision = "store_0001"


def upgrade() -> None:
    op.create_table(
        "store_publication",
        sa.Column("position", sa.BigInteger, autoincrement=False),
        sa.Column("claim_id", sa.Text, nullable=False),
        sa.Column("epoch", sa.Integer, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("published_us", sa.BigInteger, nullable=False),
        sa.Column("partition", sa.Integer),
        sa.Column("offset", sa.BigInteger),
        sa.PrimaryKeyConstraint("position", name="pk_store_publication"),
    )
    _index("store_publication", "claim_id", "epoch", "revision", unique=True)
    _index("store_publication", "published_us", "position")
    _index("store_publication", "partition", "position")
    op.create_table(
        "store_facets",
        sa.Column("claim_id", sa.Text),
        sa.Column("article_id", sa.Text, nullable=False),
        sa.Column("epoch", sa.Integer, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("live", sa.Boolean, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("stance", sa.Text, nullable=False),
        sa.Column("site", sa.Text, nullable=False),
        sa.Column("language", sa.Text),
        sa.Column("speaker", sa.Text),
        sa.Column("surface", sa.Text),
        sa.Column("entity", sa.Text),
        sa.Column("first_seen", sa.Text, nullable=False),
        sa.Column("words", sa.Text().with_variant(TSVECTOR(), "postgresql"), nullable=False),
        sa.PrimaryKeyConstraint("claim_id", name="pk_store_facets"),
    )
    _index("store_facets", "first_seen", "claim_id")
    for column in ("speaker", "surface", "site", "article_id"):
        _index("store_facets", column, "first_seen", "claim_id")
    if op.get_bind().dialect.name == "postgresql":
        op.create_index("ix_store_facets_words", "store_facets", ["words"], postgresql_using="gin")


def _index(table: str, *columns: str, unique: bool = False) -> None:
    op.create_index(f"ix_{table}_{'_'.join(columns)}", table, list(columns), unique=unique)
